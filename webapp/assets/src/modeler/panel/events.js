// Events: when, on which message, signal, error, escalation, condition; links.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { feelPart } from './feel.js';

const TIMERS = [
  ['timeDate', 'Vào lúc', '2026-01-15T08:00:00+07:00 hoặc biểu thức =due_date.'],
  ['timeDuration', 'Sau khoảng', 'P2D là 2 ngày, PT4H là 4 giờ, hoặc =working_days(5).'],
  ['timeCycle', 'Lặp lại', 'R3/PT1H là 3 lần cách nhau 1 giờ.'],
];

const NAMED = [
  ['bpmn:MessageEventDefinition', 'bpmn:Message', 'messageRef', 'name', 'Tên thông điệp'],
  ['bpmn:SignalEventDefinition', 'bpmn:Signal', 'signalRef', 'name', 'Tên tín hiệu'],
  ['bpmn:ErrorEventDefinition', 'bpmn:Error', 'errorRef', 'errorCode', 'Mã lỗi'],
  ['bpmn:EscalationEventDefinition', 'bpmn:Escalation', 'escalationRef', 'escalationCode', 'Mã vượt cấp'],
];

export function eventGroups(context) {
  const { owner } = context;
  if (is(owner, 'bpmn:ReceiveTask') || is(owner, 'bpmn:SendTask')) {
    return [group('Thông điệp', [named(context, owner, NAMED[0])])];
  }
  const definition = owner.get?.('eventDefinitions')?.[0];
  if (!definition) {
    return [];
  }
  return [group('Sự kiện', [...definitionFields(context, definition), ...boundaryFields(context)])];
}

function group(label, fields) {
  return { key: 'event', label, open: true, fields };
}

function definitionFields(context, definition) {
  const spec = NAMED.find(([type]) => is(definition, type));
  if (spec) {
    return [named(context, definition, spec)];
  }
  if (is(definition, 'bpmn:TimerEventDefinition')) {
    return timer(context, definition);
  }
  if (is(definition, 'bpmn:ConditionalEventDefinition')) {
    return [expression(context, definition, 'condition', 'Điều kiện (FEEL)')];
  }
  if (is(definition, 'bpmn:LinkEventDefinition')) {
    return [plain(context, definition, 'name', 'Tên mối nối')];
  }
  return [];
}

function boundaryFields({ element, owner, model }) {
  if (!is(owner, 'bpmn:BoundaryEvent') || is(owner.eventDefinitions?.[0], 'bpmn:ErrorEventDefinition')) {
    return [];
  }
  return [
    {
      kind: 'tick',
      key: 'cancelActivity',
      label: 'Ngắt công việc đang làm',
      get: () => owner.get('cancelActivity'),
      set: (value) => model.modeling.updateProperties(element, { cancelActivity: value }),
    },
  ];
}

// The text names a thing beside the diagram: the one with that name, or a new one.
function named({ element, model }, holder, [, type, reference, attribute, label]) {
  return {
    kind: 'text',
    key: reference,
    label,
    suggest: () => model.roots(type).map((root) => ({ value: root.get(attribute) ?? '', label: root.id })),
    get: () => holder.get(reference)?.get(attribute),
    set: (value) => {
      const known = model.roots(type).find((root) => root.get(attribute) === value);
      const root = value && (known ?? model.addRoot(element, type, { name: value, [attribute]: value }));
      model.setOf(element, holder, { [reference]: root || undefined });
    },
  };
}

function timer(context, definition) {
  const { element, model } = context;
  const kind = () => TIMERS.find(([name]) => definition.get(name))?.[0] ?? 'timeDuration';
  const told = () => definition.get(kind())?.body;
  const write = (name, body) =>
    model.setOf(element, definition, {
      ...Object.fromEntries(TIMERS.map(([other]) => [other, undefined])),
      [name]: model.make('bpmn:FormalExpression', { body: body || '' }, definition),
    });
  return [
    {
      kind: 'choice',
      key: 'timerKind',
      label: 'Cách tính giờ',
      options: () => TIMERS.map(([value, label]) => ({ value, label })),
      get: kind,
      set: (name) => write(name, told()),
    },
    {
      ...feelPart(context, 'attribute'),
      key: 'timerValue',
      label: 'Giờ',
      hint: TIMERS.find(([name]) => name === kind())[2],
      get: told,
      set: (value) => write(kind(), value),
    },
  ];
}

function expression(context, definition, name, label) {
  const { element, model } = context;
  return {
    ...feelPart(context, 'condition', { lines: 2 }),
    key: name,
    label,
    get: () => definition.get(name)?.body,
    set: (body) => model.setOf(element, definition, { [name]: body ? model.make('bpmn:FormalExpression', { body }, definition) : undefined }),
  };
}

function plain({ element, model }, definition, name, label) {
  return { kind: 'text', key: name, label, get: () => definition.get(name), set: (value) => model.setOf(element, definition, { [name]: value || undefined }) };
}
