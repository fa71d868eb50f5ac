// Called processes, several people on one task, data into and out of an activity.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { feelPart } from './feel.js';

export function callGroups(context) {
  const { element, owner, model, catalogue } = context;
  if (!is(owner, 'bpmn:CallActivity')) {
    return [];
  }
  const key = () => model.extensions(owner, 'camunda:In').find((one) => one.get('businessKey') !== undefined);
  return [
    {
      key: 'call',
      label: 'Quy trình được gọi',
      open: true,
      fields: [
        {
          kind: 'text',
          key: 'calledElement',
          label: 'Mã quy trình',
          suggest: () => catalogue.processes,
          get: () => owner.get('calledElement'),
          set: (value) => model.set(element, 'calledElement', value),
        },
        {
          ...feelPart(context, 'attribute', { quiet: true }),
          key: 'businessKey',
          label: 'Mã hồ sơ của quy trình được gọi',
          hint: 'Biểu thức, ví dụ =reply_id.',
          get: () => key()?.get('businessKey'),
          set: (value) => setBusinessKey(context, key(), value),
        },
        mapping(context, 'camunda:In', 'Đưa vào', 'Thêm biến đưa vào'),
        mapping(context, 'camunda:Out', 'Lấy ra', 'Thêm biến lấy ra'),
      ],
    },
  ];
}

function setBusinessKey({ element, owner, model }, found, value) {
  if (found && value) {
    model.setOf(element, found, { businessKey: value });
  } else if (found) {
    model.removeExtension(element, owner, found);
  } else if (value) {
    model.addExtension(element, owner, 'camunda:In', { businessKey: value });
  }
}

function mapping(context, type, label, addLabel) {
  const { element, owner, model } = context;
  return {
    kind: 'rows',
    key: type,
    label,
    addLabel,
    columns: [
      { kind: 'text', name: 'source', label: 'Biến nguồn' },
      { ...feelPart(context, 'expression', { quiet: true }), name: 'sourceExpression', label: 'hoặc biểu thức' },
      { kind: 'text', name: 'target', label: 'Biến đích' },
    ],
    items: () => model.extensions(owner, type).filter((one) => one.get('businessKey') === undefined && !one.get('variables')),
    add: () => model.addExtension(element, owner, type, {}),
    change: (one, values) => model.setOf(element, one, values),
    remove: (one) => model.removeExtension(element, owner, one),
  };
}

export function multiInstanceGroups(context) {
  const { element, owner, model } = context;
  const loop = owner.get?.('loopCharacteristics');
  if (!loop || !is(loop, 'bpmn:MultiInstanceLoopCharacteristics')) {
    return [];
  }
  const own = (name) => ({ get: () => loop.get(name), set: (value) => model.setOf(element, loop, { [name]: value || undefined }) });
  const formal = (name) => ({
    get: () => loop.get(name)?.body,
    set: (body) => model.setOf(element, loop, { [name]: body ? model.make('bpmn:FormalExpression', { body }, loop) : undefined }),
  });
  return [
    {
      key: 'multiInstance',
      label: 'Nhiều người cùng làm',
      open: true,
      fields: [
        { ...feelPart(context, 'expression', { quiet: true, moment: 'before' }), key: 'collection', label: 'Danh sách', hint: 'Biến chứa danh sách, ví dụ support_units.', ...own('camunda:collection') },
        { kind: 'text', key: 'elementVariable', label: 'Biến của từng phần', hint: 'Ví dụ support_unit.', ...own('camunda:elementVariable') },
        { ...feelPart(context, 'expression', { quiet: true, moment: 'before' }), key: 'loopCardinality', label: 'hoặc số lần', ...formal('loopCardinality') },
        { ...feelPart(context, 'condition', { lines: 2, moment: 'after' }), key: 'completionCondition', label: 'Xong sớm khi (FEEL)', hint: 'Ví dụ: nrOfCompletedInstances >= 2.', ...formal('completionCondition') },
        { kind: 'tick', key: 'isSequential', label: 'Lần lượt từng người', ...own('isSequential') },
      ],
    },
  ];
}

export function dataGroups(context) {
  const { element, owner, model } = context;
  if (!is(owner, 'bpmn:Activity') && !is(owner, 'bpmn:Event')) {
    return [];
  }
  const holder = () => model.extension(owner, 'camunda:InputOutput');
  const rows = (name, type, label, addLabel, moment) => ({
    kind: 'rows',
    key: name,
    label,
    addLabel,
    columns: [
      { kind: 'text', name: 'name', label: 'Biến' },
      { ...feelPart(context, 'attribute', { quiet: true, moment }), name: 'value', label: 'Giá trị', hint: 'Bắt đầu bằng = là biểu thức.' },
    ],
    items: () => (holder()?.get(name) ?? []).filter((one) => !one.get('definition')),
    add: () => {
      if (!holder()) {
        model.addExtension(element, owner, 'camunda:InputOutput', {});
      }
      model.setOf(element, holder(), { [name]: [...holder().get(name), model.make(type, {}, holder())] });
    },
    change: (one, values) => model.setOf(element, one, values),
    remove: (one) => model.setOf(element, holder(), { [name]: holder().get(name).filter((other) => other !== one) }),
  });
  return [
    {
      key: 'data',
      label: 'Dữ liệu vào, ra',
      open: false,
      fields: [
        rows('inputParameters', 'camunda:InputParameter', 'Vào', 'Thêm dữ liệu vào', 'inside'),
        rows('outputParameters', 'camunda:OutputParameter', 'Ra', 'Thêm dữ liệu ra', 'after'),
      ],
    },
  ];
}
