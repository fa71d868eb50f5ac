// A new element gets a generated id; with its first name it gets one in words, which conditions, deadlines and people
// can read: "Tổng hợp ý kiến" becomes Task_tong_hop_y_kien. What somebody has set by hand is left alone.
import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const GENERATED = /^(Activity|Event|Gateway|Flow|Lane|Participant)_[0-9a-z]{7}$/;
const LONGEST = 40; // characters

const PREFIXES = [
  ['bpmn:ServiceTask', 'Service'],
  ['bpmn:CallActivity', 'Call'],
  ['bpmn:SubProcess', 'Part'],
  ['bpmn:Activity', 'Task'],
  ['bpmn:Gateway', 'Gateway'],
  ['bpmn:StartEvent', 'Start'],
  ['bpmn:EndEvent', 'End'],
  ['bpmn:Event', 'Event'],
  ['bpmn:SequenceFlow', 'Flow'],
  ['bpmn:Lane', 'Lane'],
];

class WordIds extends CommandInterceptor {
  constructor(eventBus, modeling, elementRegistry) {
    super(eventBus);
    this.postExecuted(['element.updateLabel', 'element.updateProperties'], ({ context }) => {
      const element = context.element.labelTarget ?? context.element;
      const id = wordsFor(element, elementRegistry);
      if (id) {
        modeling.updateProperties(element, { id });
      }
    });
  }
}

WordIds.$inject = ['eventBus', 'modeling', 'elementRegistry'];

function wordsFor(element, registry) {
  const owner = getBusinessObject(element);
  const prefix = PREFIXES.find(([type]) => is(owner, type))?.[1];
  const words = slug(owner.name ?? '');
  if (!prefix || !words || !GENERATED.test(owner.id)) {
    return null;
  }
  const wanted = `${prefix}_${words}`;
  let free = wanted;
  for (let number = 2; registry.get(free); number += 1) {
    free = `${wanted}_${number}`;
  }
  return free;
}

function slug(name) {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/gi, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, LONGEST)
    .replace(/^_+|_+$/g, '');
}

export default { __init__: ['wordIds'], wordIds: ['type', WordIds] };
