// A field for FEEL: coloured, completed, checked while it is written, tried with samples. The text is an ordinary
// textarea; everything else is around it, so that typing, undo and screen readers are the browser's own.
import { h, uniqueId } from '../panel/dom.js';
import { Completion } from './completion.js';
import { Ink } from './ink.js';
import { optionsFor, plainOptions } from './options.js';
import { stretchOf } from './places.js';
import { Refused } from './asking.js';
import { isExpression, wordBefore } from './tokens.js';
import { Trying } from './trying.js';

const REST = 300; // milliseconds without a key before the server is asked
const SILENT = 'Máy chủ không trả lời nên chưa kiểm tra được. Biểu thức vẫn ở đây; gõ tiếp hoặc thử lại sau.';

// `field`: {key, label, hint, mode, lines, quiet, element, moment, asking, samples, get, set, suggest?}; `mode` is the kind of /check.
export function feel(field) {
  const one = new FeelField(field);
  return { node: one.node, refresh: () => one.refresh(), control: one.control, put: (text) => one.put(text) };
}

class FeelField {
  constructor(field) {
    Object.assign(this, { field, problems: [], functions: [], variables: [], shown: null });
    const id = uniqueId();
    this.control = h('textarea', { id, className: 'form-control mo-feel-text', rows: 1, spellcheck: false, autocomplete: 'off', autocapitalize: 'off' });
    this.control.dataset.field = field.key;
    this.ink = new Ink();
    this.completion = new Completion(this.control, (option) => this.insert(option));
    this.trying = new Trying(field, () => this.ask(0));
    this.faults = h('div', { className: 'mo-feel-faults', id: `${id}-e`, 'aria-live': 'polite' });
    this.node = this.build(id);
    this.listen();
  }

  build(id) {
    const { field } = this;
    const hint = field.hint ? h('div', { className: 'mo-hint', id: `${id}-h`, textContent: field.hint }) : null;
    this.control.setAttribute('aria-describedby', `${id}-e${hint ? ` ${id}-h` : ''}`);
    const text = h('div', { className: 'mo-feel' }, this.ink.node, this.control);
    const help = h('a', { href: field.asking.page, target: '_blank', rel: 'noopener', className: 'mo-feel-help' }, 'Danh mục hàm');
    this.foot = h('div', { className: 'mo-feel-foot' }, this.trying.button, help);
    const parts = [h('label', { htmlFor: id }, field.label), text, this.faults, hint, this.foot, this.trying.node];
    return h('div', { className: `mo-field mo-feel-field${field.quiet ? ' is-quiet' : ''}` }, parts, this.completion.box, this.completion.said);
  }

  listen() {
    const { control } = this;
    control.addEventListener('focus', () => this.learn());
    control.addEventListener('input', () => this.typed());
    control.addEventListener('keydown', (event) => this.press(event));
    control.addEventListener('change', () => this.commit());
    control.addEventListener('blur', () => this.leave());
    this.faults.addEventListener('pointerdown', (event) => event.target.closest('button') && event.preventDefault()); // no blur
    control.addEventListener('scroll', () => (this.ink.node.scrollTop = control.scrollTop));
  }

  refresh() {
    const value = this.field.get() ?? '';
    if (document.activeElement !== this.control || this.shown !== value) {
      if (this.control.value.trim() !== value) {
        this.control.value = value;
        this.problems = [];
        this.tell();
      }
      this.shown = value;
      this.draw();
    }
  }

  put(text) {
    this.control.value = text;
    this.commit();
    this.typed();
  }

  commit() {
    const value = this.control.value.trim();
    if (value !== (this.field.get() ?? '')) {
      this.field.set(value);
    }
  }

  leave() {
    this.writing = false;
    this.completion.close();
    this.commit();
  }

  // ------------------------------------------------------------------------------------------------------- writing
  async learn() {
    const { asking, element, moment } = this.field;
    const [functions, variables] = await Promise.all([asking.functions(), asking.variables(element(), moment)]);
    Object.assign(this, { functions, variables });
    this.draw();
    this.trying.know(variables);
    if (this.control.value) {
      this.ask(0);
    }
    if (this.writing && document.activeElement === this.control) {
      this.complete(false); // somebody was faster than the answer
    }
  }

  typed() {
    this.writing = true;
    this.problems = [];
    this.draw();
    this.complete(false);
    this.ask(REST);
  }

  press(event) {
    if (event.isComposing || this.completion.press(event)) {
      return;
    }
    if (event.key === ' ' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.complete(true);
    } else if (event.key === 'Enter' && !event.shiftKey && !(this.field.lines > 1)) {
      event.preventDefault();
      this.commit();
    }
  }

  // `wanted`: asked for by the keys, also where nothing is being written yet.
  complete(wanted) {
    const { value, selectionStart: caret } = this.control;
    const found = this.offered(value, caret, wanted);
    this.word = found.word;
    this.completion.show(found.options, this.ink.placeOf(caret));
  }

  offered(value, caret, wanted) {
    if (!isExpression(value, this.field.mode)) {
      const options = wanted || value ? plainOptions(value, this.field.suggest?.() ?? []) : [];
      return { word: { text: value, from: 0 }, options };
    }
    const word = wordBefore(value, caret);
    if (!word || (!word.text && !wanted)) {
      return { word, options: [] };
    }
    return { word, options: optionsFor({ word: word.text, before: value.slice(0, caret), variables: this.variables, functions: this.functions }) };
  }

  insert(option) {
    const { selectionStart: caret } = this.control;
    this.completion.close();
    const called = option.kind === 'function' && this.control.value.slice(caret).startsWith('(');
    this.write(called ? option.label : option.insert, this.word.from, caret);
    if (option.kind === 'function' && !called) {
      const inside = this.control.selectionStart - 1;
      this.control.setSelectionRange(inside, inside);
    }
    this.completion.close();
  }

  // As if it were typed, so that Ctrl Z of the browser takes it back.
  write(text, from, to) {
    this.control.focus();
    this.control.setSelectionRange(from, to);
    if (!document.execCommand('insertText', false, text)) {
      this.control.setRangeText(text, from, to, 'end');
      this.control.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  // ------------------------------------------------------------------------------------------------------ checking
  ask(rest) {
    clearTimeout(this.timer);
    this.question?.abort();
    this.timer = setTimeout(() => this.check(), rest);
  }

  async check() {
    const { field } = this;
    const text = this.control.value;
    if (!text.trim() || !isExpression(text, field.mode)) {
      this.answer(text, { problem: null, findings: [], value: null, steps: [], assignments: [] });
      return;
    }
    const question = new AbortController();
    this.question = question;
    try {
      const sample = this.trying.sample(text);
      this.answer(text, await field.asking.check({ text, kind: field.mode, element: field.element(), moment: field.moment, sample }, question.signal));
    } catch (error) {
      if (!question.signal.aborted) {
        this.fail(error instanceof Refused && error.message ? error.message : SILENT);
      }
    }
  }

  answer(text, told) {
    if (text !== this.control.value) {
      return; // somebody has written on
    }
    this.problems = [...(told.problem ? [{ ...told.problem, level: 'error', suggestions: [] }] : []), ...told.findings];
    this.draw();
    this.tell(text);
    this.trying.show(told, text, this.problems);
  }

  fail(sentence) {
    this.faults.replaceChildren(h('p', { className: 'mo-feel-silent' }, sentence));
    this.trying.quiet(sentence);
  }

  draw() {
    const text = this.control.value;
    const wrongs = this.problems.map((one) => ({ ...stretchOf(text, one), level: one.level }));
    this.ink.draw(text, { kind: this.field.mode, functions: this.functions.map(({ name }) => name), wrongs });
  }

  tell(text = '') {
    this.faults.replaceChildren(...this.problems.map((problem) => this.fault(problem, text)));
    const wrong = this.problems.some(({ level }) => level === 'error');
    this.control.setAttribute('aria-invalid', String(wrong));
  }

  fault(problem, text) {
    const words = (problem.suggestions ?? []).map((name) => this.suggestion(name, stretchOf(text, problem)));
    const where = `${problem.level === 'error' ? '' : 'Nên xem: '}${text.includes('\n') ? `Dòng ${problem.line}: ` : ''}`;
    return h('div', { className: problem.level === 'error' ? 'mo-err mo-feel-fault' : 'mo-feel-fault is-doubt' }, h('span', {}, `${where}${problem.sentence}`), words);
  }

  suggestion(name, { from, to }) {
    const put = () => {
      this.write(name, from, to);
      this.completion.close();
      this.commit();
    };
    return h('button', { type: 'button', className: 'btn btn-line btn-sm', onclick: put }, `Có phải “${name}”?`);
  }
}
