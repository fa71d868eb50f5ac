// "Thử": what the expression says with sample values. The samples stay in this browser, one set a diagram.
import { h, uniqueId } from '../panel/dom.js';
import { isExpression, namesRead } from './tokens.js';

const TRUTH = [['', '—'], ['true', 'đúng'], ['false', 'sai']];
const INPUTS = { number: { inputMode: 'decimal' }, date: { type: 'date' } };

// Samples of one diagram: name -> what was typed.
export class Samples {
  constructor(diagram) {
    this.key = `moc-feel-${diagram}`;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {}; // no storage, or spoilt: nothing has been tried yet
    }
  }

  write(name, text) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.read(), [name]: text }));
    } catch {
      // A browser that keeps nothing: it is asked for again next time.
    }
  }
}

export class Trying {
  constructor(field, changed) {
    Object.assign(this, { field, changed, variables: new Map(), drawn: '', open: false });
    const id = uniqueId();
    this.button = h('button', { type: 'button', className: 'btn btn-line btn-sm', 'aria-expanded': 'false', 'aria-controls': id, onclick: () => this.toggle() }, 'Thử');
    this.inputs = h('div', { className: 'mo-feel-samples' });
    this.result = h('div', { className: 'mo-feel-result', role: 'status' });
    this.steps = h('div', {});
    this.node = h('section', { id, className: 'mo-feel-try', 'aria-label': `Thử: ${field.label}`, hidden: true }, this.inputs, this.result, this.steps);
  }

  toggle() {
    this.open = !this.open;
    this.node.hidden = !this.open;
    this.button.setAttribute('aria-expanded', String(this.open));
    this.changed();
  }

  know(variables) {
    this.variables = new Map(variables.map((one) => [one.name, one]));
  }

  // Name -> value as JSON, of what the expression reads and somebody has filled in.
  sample(text) {
    const typed = this.field.samples.read();
    const filled = namesRead(text, this.variables).filter((name) => (typed[name] ?? '') !== '');
    return Object.fromEntries(filled.map((name) => [name, valueOf(typed[name], this.variables.get(name))]));
  }

  show(told, text, problems) {
    if (!this.open) {
      return;
    }
    this.ask(text);
    const broken = problems.find(({ level }) => level === 'error');
    this.result.replaceChildren(...this.results(told, text, broken));
    this.steps.replaceChildren(...(told.steps.length > 1 ? [stepsOf(told.steps)] : []));
  }

  quiet(sentence) {
    this.result.textContent = sentence;
    this.steps.replaceChildren();
  }

  results({ value, assignments }, text, broken) {
    if (!text.trim() || !isExpression(text, this.field.mode)) {
      return ['Chưa có biểu thức để thử. Biểu thức của ô này bắt đầu bằng dấu =.'].slice(this.field.mode === 'attribute' ? 0 : 1);
    }
    if (!value && !assignments?.length) {
      return [broken ? 'Sửa chỗ gạch chân rồi kết quả hiện ở đây.' : 'Không có kết quả.'];
    }
    const lines = assignments?.length ? assignments.map((one) => [`${one.name} =`, one.value]) : [['Kết quả:', value]];
    return lines.map(([label, one]) => h('p', {}, `${label} `, h('code', {}, one.text), one.type ? h('span', { className: 'mo-3' }, ` (${one.type})`) : null));
  }

  // Inputs are drawn anew only when other names are read: who types into one stays there.
  ask(text) {
    const names = namesRead(text, this.variables);
    if (names.join() !== this.drawn) {
      this.drawn = names.join();
      this.inputs.replaceChildren(...names.map((name) => this.input(name)));
    }
  }

  input(name) {
    const id = uniqueId();
    const told = this.variables.get(name);
    const control = controlFor(told, id);
    control.value = this.field.samples.read()[name] ?? '';
    control.dataset.sample = name;
    control.addEventListener('input', () => {
      this.field.samples.write(name, control.value);
      this.changed();
    });
    return h('div', { className: 'mo-feel-sample' }, h('label', { htmlFor: id, title: told?.source ?? '' }, name), control);
  }
}

function controlFor(told, id) {
  const options = told?.type === 'boolean' ? TRUTH : told?.choices ? [['', '—'], ...told.choices.map(({ value, label }) => [`=${value}`, label])] : null;
  if (options) {
    return h('select', { id, className: 'form-select' }, options.map(([value, label]) => h('option', { value, textContent: label })));
  }
  const more = INPUTS[told?.type] ?? { placeholder: 'chữ, số, hoặc =FEEL' };
  return h('input', { type: 'text', ...more, id, className: 'form-control', autocomplete: 'off', spellcheck: false });
}

// What was typed as JSON: text stays text where the variable is one.
function valueOf(typed, told) {
  const text = typed.trim();
  if (text.startsWith('=') || told?.type === 'string') {
    return text;
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function stepsOf(steps) {
  const rows = steps.map(({ text, value, reason }) =>
    h('li', {}, h('code', {}, text), ' → ', h('code', {}, value), reason ? h('p', { className: 'mo-hint' }, reason) : null),
  );
  return h('details', { className: 'mo-feel-steps' }, h('summary', {}, 'Từng phần'), h('ul', {}, rows));
}
