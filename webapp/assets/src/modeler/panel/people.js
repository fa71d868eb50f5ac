// Who does a human task, with which form, until when, with which actions; four eyes.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { feelPart } from './feel.js';

const ACTIONS = [
  ['return', 'Trả lại'],
  ['withdraw', 'Thu hồi'],
  ['consult', 'Xin ý kiến'],
  ['addSigner', 'Thêm người ký'],
  ['removeSigner', 'Bớt người ký'],
  ['delegate', 'Uỷ thác'],
  ['reject', 'Từ chối'],
];
// a clock can stand still only while something lasts
const LASTING = ['consult', 'delegate', 'return'];

export function personGroups(context) {
  if (!is(context.owner, 'bpmn:UserTask')) {
    return [];
  }
  return [performers(context), form(context), deadline(context), fourEyes(context), actions(context)];
}

function field({ element, model }, kind, name, label, more) {
  return { kind, key: name, label, get: () => model.get(element, name), set: (value) => model.set(element, name, value), ...more };
}

function performers(context) {
  const { catalogue } = context;
  const feel = feelPart(context, 'attribute', { quiet: true });
  return {
    key: 'performers',
    label: 'Người thực hiện',
    open: true,
    fields: [
      field(context, 'feel', 'camunda:assignee', 'Giao đích danh', {
        ...feel,
        suggest: () => catalogue.people,
        hint: 'Tên đăng nhập, hoặc biểu thức như =lead_person.',
      }),
      field(context, 'feelTokens', 'camunda:candidateGroups', 'Nhóm được nhận', {
        ...feel,
        kind: 'feelTokens',
        options: () => catalogue.groups,
        more: 'Thêm vai trò, đơn vị…',
        hint: 'Bỏ trống cả ba ô thì theo làn. Biểu thức: ="truong-don-vi@" + lead_unit.',
      }),
      field(context, 'feelTokens', 'camunda:candidateUsers', 'Người được nhận', {
        ...feel,
        kind: 'feelTokens',
        options: () => catalogue.people,
        more: 'Thêm người…',
      }),
    ],
  };
}

function form(context) {
  return {
    key: 'form',
    label: 'Biểu mẫu',
    open: true,
    fields: [
      field(context, 'choice', 'camunda:formKey', 'Biểu mẫu', {
        options: () => [{ value: '', label: 'Không dùng biểu mẫu' }, ...context.catalogue.forms],
      }),
    ],
  };
}

function deadline(context) {
  const { element, owner, model, catalogue } = context;
  const of = (kind, name, label, more = {}) => ({
    kind,
    key: `deadline.${name}`,
    label,
    get: () => model.extension(owner, 'moc:Deadline')?.get(name),
    set: (value) => model.setExtension(element, owner, 'moc:Deadline', name, value),
    ...more,
  });
  return {
    key: 'deadline',
    label: 'Hạn xử lý',
    open: Boolean(model.extension(owner, 'moc:Deadline')),
    fields: [
      of('feel', 'within', 'Xong trong', {
        ...feelPart(context, 'attribute'),
        suggest: () => [1, 2, 3, 5, 7, 10, 15].map((n) => ({ value: `=working_days(${n})`, label: `${n} ngày làm việc` })),
        hint: '=working_days(3) là 3 ngày làm việc; P1D cũng tính theo giờ làm việc của cơ quan.',
      }),
      of('text', 'decisionRef', 'Theo bảng quyết định', {
        hint: 'Mã của bảng trả lời số ngày làm việc. Không dòng nào khớp thì theo ô “Xong trong”.',
      }),
      of('text', 'remind', 'Nhắc trước', { hint: 'Ví dụ P1D,PT4H: trước 1 ngày và trước 4 giờ làm việc.' }),
      of('text', 'escalateTo', 'Quá hạn thì báo', { suggest: () => catalogue.groups, hint: 'Vai trò, đơn vị hoặc chức vụ.' }),
      of('text', 'escalateAfter', 'Báo sau', { hint: 'Sau khi quá hạn bao lâu, ví dụ P1D.' }),
      of('tokens', 'pauseOn', 'Ngừng tính khi', {
        glue: ' ',
        options: () => [
          ...ACTIONS.filter(([value]) => LASTING.includes(value)).map(([value, label]) => ({ value, label, group: 'Hành động' })),
          ...model.userTasks().map((task) => ({ ...task, group: 'Đang ở bước' })),
        ],
      }),
      field(context, 'feel', 'camunda:priority', 'Ưu tiên', { ...feelPart(context, 'attribute', { quiet: true }), hint: '0 đến 100, hoặc biểu thức.' }),
    ],
  };
}

function fourEyes(context) {
  const { element, owner, model } = context;
  const rules = () => model.extensions(owner, 'moc:DifferentFrom');
  return {
    key: 'fourEyes',
    label: 'Bốn mắt',
    open: rules().length > 0,
    fields: [
      {
        kind: 'rows',
        key: 'differentFrom',
        label: 'Người làm bước này phải khác người đã làm',
        addLabel: 'Thêm bước',
        columns: [
          {
            kind: 'choice',
            name: 'task',
            label: 'Bước',
            options: () => [{ value: '', label: 'Chọn bước…' }, ...model.userTasks().filter(({ value }) => value !== owner.id)],
          },
        ],
        items: rules,
        add: () => model.addExtension(element, owner, 'moc:DifferentFrom', {}),
        change: (rule, values) => model.setOf(element, rule, values),
        remove: (rule) => model.removeExtension(element, owner, rule),
      },
    ],
  };
}

function actions(context) {
  const { element, owner, model } = context;
  const list = () => model.extension(owner, 'moc:Actions');
  const find = (name) => list()?.get('values').find((action) => action.name === name);
  const put = (values) => {
    if (!list()) {
      const added = model.make('moc:Actions', { values: [] }, owner);
      values.forEach((action) => (action.$parent = added));
      model.addExtension(element, owner, 'moc:Actions', { values });
    } else if (values.length) {
      model.setOf(element, list(), { values });
    } else {
      model.removeExtension(element, owner, list());
    }
  };
  const toggle = (name, wanted) => {
    const rest = (list()?.get('values') ?? []).filter((action) => action.name !== name);
    put(wanted ? [...rest, model.make('moc:Action', { name }, list())] : rest);
  };
  const target = (name) => ({
    kind: 'tokens',
    key: `action.${name}.to`,
    label: 'Trả về bước',
    glue: ' ',
    options: () => [{ value: 'previous', label: 'Bước liền trước' }, ...model.userTasks().filter(({ value }) => value !== owner.id)],
    get: () => find(name)?.to,
    set: (to) => model.setOf(element, find(name), { to: to || undefined }),
  });
  const rejectedTo = {
    kind: 'text',
    key: 'action.reject.to',
    label: 'Từ chối thì sang',
    suggest: () => model.userTasks(),
    hint: 'Mã của bước hoặc của kết thúc. Bỏ trống thì bước phải có sự kiện lỗi mã REJECTED.',
    get: () => find('reject')?.to,
    set: (to) => model.setOf(element, find('reject'), { to: to || undefined }),
  };
  const ticks = ACTIONS.flatMap(([name, label]) => [
    { kind: 'tick', key: `action.${name}`, label, get: () => Boolean(find(name)), set: (wanted) => toggle(name, wanted) },
    ...(name === 'return' && find(name) ? [target(name)] : []),
    ...(name === 'reject' && find(name) ? [rejectedTo] : []),
  ]);
  return { key: 'actions', label: 'Hành động được phép', open: Boolean(list()), fields: ticks };
}
