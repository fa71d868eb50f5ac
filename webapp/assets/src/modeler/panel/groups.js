// What the panel asks about an element, group by group, in words of the office: analysts see no Java and no code.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { eventGroups } from './events.js';
import { callGroups, dataGroups, multiInstanceGroups } from './data.js';
import { feelPart } from './feel.js';
import { personGroups } from './people.js';

const ID = /^[A-Za-z_][\w.-]*$/;

// `asking` and `samples`: what fields for FEEL stand on.
export function groupsFor(element, model, catalogue, { asking, samples }) {
  const context = { element, owner: getBusinessObject(element), model, catalogue, asking, samples };
  return [
    general(context),
    ...processGroups(context),
    ...laneGroups(context),
    ...personGroups(context),
    ...serviceGroups(context),
    ...scriptGroups(context),
    ...decisionGroups(context),
    ...callGroups(context),
    ...flowGroups(context),
    ...eventGroups(context),
    ...multiInstanceGroups(context),
    ...dataGroups(context),
    documentation(context),
  ].filter((group) => group && group.fields.length);
}

export function attribute({ element, model }, kind, name, label, more = {}) {
  return {
    kind,
    key: name,
    label,
    get: () => model.get(element, name),
    set: (value) => model.set(element, name, value),
    ...more,
  };
}

function general(context) {
  const { element, owner, model } = context;
  const named = is(owner, 'bpmn:TextAnnotation') ? 'text' : 'name';
  const fields = [];
  if (owner.$descriptor.propertiesByName[named] && !is(owner, 'bpmn:Process') && !is(owner, 'bpmn:Participant')) {
    fields.push(attribute(context, 'area', named, 'Tên', { lines: 2 }));
  }
  if (is(owner, 'bpmn:Process')) {
    fields.push(attribute(context, 'area', 'name', 'Tên quy trình', { lines: 2 }));
  }
  fields.push(
    attribute(context, 'text', 'id', is(owner, 'bpmn:Process') ? 'Mã quy trình' : 'Mã', {
      fixed: is(owner, 'bpmn:Process'),
      hint: is(owner, 'bpmn:Process') ? 'Mã giữ nguyên qua các bản.' : 'Chữ không dấu, ví dụ Task_review. Điều kiện và hạn gọi tới phần tử bằng mã này.',
      check: (value) => checkId(value, owner, model),
      set: (value) => model.modeling.updateProperties(element, { id: value }),
    }),
  );
  return { key: 'general', label: 'Chung', open: true, fields };
}

function checkId(value, owner, model) {
  if (!ID.test(value)) {
    return 'Mã bắt đầu bằng chữ cái không dấu, sau đó là chữ, số, gạch dưới, gạch nối hoặc dấu chấm.';
  }
  return model.isIdFree(value, owner) ? null : 'Mã này đã có ở phần tử khác.';
}

function documentation({ element, owner: selected, model }) {
  const owner = selected.processRef ?? selected; // a pool speaks for its process
  if (!owner.$descriptor.propertiesByName.documentation) {
    return null;
  }
  const first = () => owner.get('documentation')[0];
  return {
    key: 'documentation',
    label: 'Căn cứ, ghi chú',
    open: Boolean(first()),
    fields: [
      {
        kind: 'area',
        key: 'documentation',
        label: 'Ghi chú',
        lines: 4,
        hint: 'Nêu căn cứ: điều, khoản, văn bản. Người xử lý thấy ghi chú này khi làm việc.',
        get: () => first()?.text,
        set: (text) => {
          const rest = owner.get('documentation').slice(1);
          const made = text ? [model.make('bpmn:Documentation', { text }, owner)] : [];
          model.setOf(element, owner, { documentation: [...made, ...rest] });
        },
      },
    ],
  };
}

function processGroups(context) {
  const { element, owner, model } = context;
  const process = is(owner, 'bpmn:Participant') ? owner.processRef : is(owner, 'bpmn:Process') ? owner : null;
  if (!process) {
    return [];
  }
  const own = (name) => ({ get: () => process.get(name), set: (value) => model.setOf(element, process, { [name]: value || undefined }) });
  const fields = [
    { kind: 'tick', key: 'isExecutable', label: 'Chạy được', hint: 'Bỏ chọn khi quy trình chỉ để mô tả.', ...own('isExecutable') },
    { kind: 'text', key: 'versionTag', label: 'Nhãn bản', hint: 'Tùy chọn, ví dụ 2026-01.', ...own('camunda:versionTag') },
  ];
  if (is(owner, 'bpmn:Participant')) {
    fields.unshift(
      {
        kind: 'area',
        key: 'processName',
        label: 'Tên quy trình',
        lines: 2,
        get: () => process.get('name'),
        set: (name) => {
          model.setOf(element, process, { name });
          model.modeling.updateLabel(element, name);
        },
      },
      { kind: 'text', key: 'processId', label: 'Mã quy trình', fixed: true, get: () => process.id, set: () => {} },
    );
  }
  return [{ key: 'process', label: 'Quy trình', open: is(owner, 'bpmn:Participant'), fields }];
}

function laneGroups(context) {
  if (!is(context.owner, 'bpmn:Lane')) {
    return [];
  }
  return [
    {
      key: 'lane',
      label: 'Ai làm việc trong làn này',
      open: true,
      fields: [
        attribute(context, 'tokens', 'camunda:candidateGroups', 'Nhóm', {
          options: () => context.catalogue.groups,
          more: 'Thêm vai trò, đơn vị…',
          hint: 'Dùng cho việc trong làn chưa nêu người thực hiện.',
        }),
      ],
    },
  ];
}

function serviceGroups(context) {
  const { element, owner, model, catalogue } = context;
  const holder = serviceHolder(owner);
  if (!holder) {
    return [];
  }
  const isExternal = () => holder.get('camunda:type') === 'external';
  const change = (values) => model.setOf(element, holder, values);
  const fields = [
    {
      kind: 'choice',
      key: 'serviceKind',
      label: 'Cách làm',
      options: () => [
        { value: '', label: 'Dịch vụ của hệ thống' },
        { value: 'external', label: 'Việc chờ hệ thống khác nhận' },
      ],
      get: () => holder.get('camunda:type') ?? '',
      set: (value) =>
        change({
          'camunda:type': value || undefined,
          'camunda:delegateExpression': value ? undefined : holder.get('camunda:delegateExpression'),
          'camunda:topic': value ? holder.get('camunda:topic') : undefined,
        }),
    },
  ];
  if (isExternal()) {
    fields.push({
      kind: 'text',
      key: 'topic',
      label: 'Chủ đề',
      suggest: () => catalogue.topics,
      hint: 'Bên nhận lấy việc theo chủ đề, ví dụ documents.seal.',
      get: () => holder.get('camunda:topic'),
      set: (value) => change({ 'camunda:topic': value || undefined }),
    });
  } else {
    fields.push({
      kind: 'choice',
      key: 'delegateExpression',
      label: 'Dịch vụ',
      options: () => [{ value: '', label: 'Chọn dịch vụ…' }, ...catalogue.services],
      get: () => holder.get('camunda:delegateExpression'),
      set: (value) => change({ 'camunda:delegateExpression': value || undefined }),
    });
  }
  if (holder === owner && is(owner, 'bpmn:ServiceTask') && !isExternal()) {
    fields.push(attribute(context, 'text', 'camunda:resultVariable', 'Ghi kết quả vào biến'));
  }
  fields.push(waitField(context));
  return [{ key: 'service', label: 'Dịch vụ', open: true, fields }];
}

function serviceHolder(owner) {
  if (is(owner, 'bpmn:ServiceTask') || is(owner, 'bpmn:SendTask')) {
    return owner;
  }
  const message = owner.get?.('eventDefinitions')?.find((one) => is(one, 'bpmn:MessageEventDefinition'));
  return message && is(owner, 'bpmn:ThrowEvent') ? message : null;
}

function waitField(context) {
  return attribute(context, 'tick', 'camunda:asyncBefore', 'Làm riêng, sau khi người dùng đã gửi xong', {
    set: (value) => context.model.set(context.element, 'camunda:asyncBefore', value || undefined),
  });
}

function scriptGroups(context) {
  if (!is(context.owner, 'bpmn:ScriptTask')) {
    return [];
  }
  const { element, owner, model } = context;
  return [
    {
      key: 'script',
      label: 'Tính giá trị',
      open: true,
      fields: [
        {
          ...feelPart(context, 'script', { lines: 3 }),
          key: 'script',
          label: 'Biểu thức FEEL',
          get: () => owner.get('script'),
          set: (script) => model.modeling.updateProperties(element, { script: script || undefined, scriptFormat: 'feel' }),
        },
        attribute(context, 'text', 'camunda:resultVariable', 'Ghi kết quả vào biến'),
      ],
    },
  ];
}

function decisionGroups(context) {
  if (!is(context.owner, 'bpmn:BusinessRuleTask')) {
    return [];
  }
  return [
    {
      key: 'decision',
      label: 'Bảng quyết định',
      open: true,
      fields: [
        attribute(context, 'text', 'camunda:decisionRef', 'Mã bảng quyết định'),
        attribute(context, 'text', 'camunda:resultVariable', 'Ghi kết quả vào biến'),
        attribute(context, 'choice', 'camunda:mapDecisionResult', 'Lấy kết quả', {
          options: () => [
            { value: '', label: 'Mặc định' },
            { value: 'singleEntry', label: 'Một giá trị' },
            { value: 'singleResult', label: 'Một dòng' },
            { value: 'collectEntries', label: 'Danh sách giá trị' },
            { value: 'resultList', label: 'Danh sách dòng' },
          ],
        }),
      ],
    },
  ];
}

function flowGroups(context) {
  const { element, owner, model } = context;
  if (!is(owner, 'bpmn:SequenceFlow') || !branches(owner.sourceRef)) {
    return [];
  }
  const source = owner.sourceRef;
  const isDefault = () => source.get('default') === owner;
  const fields = [
    {
      kind: 'tick',
      key: 'default',
      label: 'Luồng mặc định',
      hint: 'Đi đường này khi không điều kiện nào khác đúng.',
      get: isDefault,
      set: (value) => model.modeling.updateProperties(element.source, { default: value ? owner : undefined }),
    },
  ];
  if (!isDefault()) {
    fields.unshift({
      ...feelPart(context, 'condition', { lines: 2 }),
      key: 'condition',
      label: 'Điều kiện (FEEL)',
      hint: 'Ví dụ: outcome = "approve". Ctrl Cách: biến và hàm dùng được ở đây.',
      get: () => owner.get('conditionExpression')?.body,
      set: (body) =>
        model.set(element, 'conditionExpression', body ? model.make('bpmn:FormalExpression', { body }, owner) : undefined),
    });
  }
  return [{ key: 'condition', label: 'Điều kiện', open: true, fields }];
}

function branches(source) {
  const decides = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:ComplexGateway', 'bpmn:Activity'];
  return decides.some((type) => is(source, type));
}
