// Fields of the panel. A field is {kind, key, label, hint?, get(), set(value), …}; it is drawn once and then only
// refreshed, so that the keyboard keeps its place while the model changes under it.
import { feel } from '../feel/field.js';
import { h, uniqueId } from './dom.js';

const KINDS = { text, area, choice, tick, tokens, rows, feel, feelTokens };

export function drawField(field) {
  return KINDS[field.kind](field);
}

function wrap(field, control, id, extra = []) {
  const error = h('div', { className: 'mo-err', id: `${id}-e`, hidden: true });
  const hint = field.hint ? h('div', { className: 'mo-hint', id: `${id}-h`, textContent: field.hint }) : null;
  control.setAttribute('aria-describedby', `${id}-e${hint ? ` ${id}-h` : ''}`);
  control.dataset.field = field.key;
  const node = h('div', { className: 'mo-field' }, h('label', { htmlFor: id }, field.label), control, ...extra, hint, error);
  const say = (sentence) => {
    error.textContent = sentence ?? '';
    error.hidden = !sentence;
    control.setAttribute('aria-invalid', sentence ? 'true' : 'false');
  };
  return { node, say };
}

function commit(field, value, say) {
  const refused = field.check?.(value);
  say(refused);
  if (!refused) {
    field.set(value);
  }
}

function text(field) {
  const id = uniqueId();
  const control = h('input', { type: 'text', id, className: 'form-control', autocomplete: 'off', spellcheck: false });
  control.readOnly = Boolean(field.fixed);
  const list = field.suggest ? suggestions(control, field.suggest) : null;
  const { node, say } = wrap(field, control, id, [list]);
  control.addEventListener('change', () => commit(field, control.value.trim(), say));
  return { node, refresh: () => refreshValue(control, field.get() ?? '', say) };
}

function area(field) {
  const id = uniqueId();
  const control = h('textarea', { id, className: 'form-control', rows: field.lines ?? 2, spellcheck: false });
  const { node, say } = wrap(field, control, id);
  control.addEventListener('change', () => commit(field, control.value.trim(), say));
  return { node, refresh: () => refreshValue(control, field.get() ?? '', say) };
}

function choice(field) {
  const id = uniqueId();
  const control = h('select', { id, className: 'form-select' });
  const { node, say } = wrap(field, control, id);
  control.addEventListener('change', () => commit(field, control.value, say));
  return {
    node,
    refresh: () => {
      const value = field.get() ?? '';
      fillOptions(control, field.options(), value);
      control.value = value;
    },
  };
}

function tick(field) {
  const id = uniqueId();
  const control = h('input', { type: 'checkbox', id, className: 'form-check-input' });
  control.dataset.field = field.key;
  control.addEventListener('change', () => field.set(control.checked));
  const hint = field.hint ? h('div', { className: 'mo-hint', textContent: field.hint }) : null;
  const label = h('label', { htmlFor: id, className: 'form-check-label' }, field.label);
  const node = h('div', { className: 'form-check' }, control, label, hint);
  return {
    node,
    refresh: () => {
      control.checked = Boolean(field.get());
    },
  };
}

// A text with commas, and a list to add to it from.
function tokens(field) {
  const id = uniqueId();
  const control = h('input', { type: 'text', id, className: 'form-control', autocomplete: 'off', spellcheck: false });
  const more = h('select', { className: 'form-select mo-pp-more', 'aria-label': `Thêm vào: ${field.label}` });
  const { node, say } = wrap(field, control, id, [more]);
  control.addEventListener('change', () => commit(field, control.value.trim(), say));
  more.addEventListener('change', () => {
    const present = splitTokens(control.value);
    if (more.value && !present.includes(more.value)) {
      commit(field, [...present, more.value].join(field.glue ?? ', '), say);
    }
    more.value = '';
  });
  return {
    node,
    refresh: () => {
      refreshValue(control, field.get() ?? '', say);
      more.replaceChildren(h('option', { value: '', textContent: field.more ?? 'Thêm từ danh sách…' }), ...grouped(field.options()));
    },
  };
}

// Tokens that may be an expression: the list stays beside the text.
function feelTokens(field) {
  const text = feel({ ...field, suggest: field.options });
  const more = h('select', { className: 'form-select mo-pp-more', 'aria-label': `Thêm vào: ${field.label}` });
  more.addEventListener('change', () => {
    const present = splitTokens(text.control.value);
    if (more.value && !present.includes(more.value)) {
      text.put([...present, more.value].join(', '));
    }
    more.value = '';
  });
  text.node.querySelector('.mo-feel').after(more);
  return {
    node: text.node,
    refresh: () => {
      text.refresh();
      more.replaceChildren(h('option', { value: '', textContent: field.more ?? 'Thêm từ danh sách…' }), ...grouped(field.options()));
    },
  };
}

function splitTokens(value) {
  return value.split(/[,\s]+/).filter(Boolean);
}

// Objects under one another, each with the same few columns.
function rows(field) {
  const list = h('div', { className: 'mo-pp-rows' });
  const add = h('button', { type: 'button', className: 'btn btn-line btn-sm', textContent: field.addLabel, onclick: () => field.add() });
  add.dataset.field = field.key;
  const node = h('div', { className: 'mo-field', role: 'group', 'aria-label': field.label }, h('div', { className: 'mo-pp-label' }, field.label), list, add);
  let drawn = [];
  return {
    node,
    refresh: () => {
      const items = field.items();
      if (items.length !== drawn.length) {
        drawn = items.map((_, index) => drawRow(field, index));
        list.replaceChildren(...drawn.map((row) => row.node));
      }
      drawn.forEach((row) => row.refresh());
    },
  };
}

function drawRow(field, index) {
  const cells = field.columns.map((column) =>
    drawField({
      ...column,
      key: `${field.key}.${index}.${column.name}`,
      get: () => field.items()[index]?.get(column.name),
      set: (value) => field.change(field.items()[index], { [column.name]: value || undefined }),
    }),
  );
  const remove = h('button', {
    type: 'button',
    className: 'btn btn-quiet btn-sm',
    textContent: 'Bỏ dòng này',
    onclick: () => field.remove(field.items()[index]),
  });
  const node = h('fieldset', { className: 'mo-pp-row' }, h('legend', { className: 'visually-hidden' }, `${field.label}, dòng ${index + 1}`), cells.map((cell) => cell.node), remove);
  return { node, refresh: () => cells.forEach((cell) => cell.refresh()) };
}

function refreshValue(control, value, say) {
  const stale = document.activeElement !== control || control.dataset.shown !== value;
  if (stale && control.getAttribute('aria-invalid') !== 'true') {
    control.value = value;
    control.dataset.shown = value;
    say();
  }
}

function suggestions(control, suggest) {
  const id = uniqueId();
  const list = h('datalist', { id });
  control.setAttribute('list', id);
  control.addEventListener('focus', () => list.replaceChildren(...suggest().map(({ value, label }) => h('option', { value, label }))));
  return list;
}

function fillOptions(control, options, value) {
  const known = options.some((option) => option.value === value);
  const all = known || value === '' ? options : [...options, { value, label: `${value} (chưa có trong hệ thống)` }];
  control.replaceChildren(...grouped(all));
}

function grouped(options) {
  const plain = options.filter((option) => !option.group).map(option);
  const names = [...new Set(options.map((one) => one.group).filter(Boolean))];
  return [...plain, ...names.map((name) => h('optgroup', { label: name }, options.filter((one) => one.group === name).map(option)))];
}

function option({ value, label }) {
  return h('option', { value, textContent: label });
}
