// The list under the caret: walked with the arrows while the focus stays in the text, taken with Enter or Tab.
import { h, uniqueId } from '../panel/dom.js';

const TYPES = { number: 'số', string: 'chữ', boolean: 'đúng, sai', date: 'ngày', time: 'giờ', 'date and time': 'ngày giờ', list: 'danh sách', context: 'nhóm' };
const ENOUGH = 320; // pixels that the list and what it tells of a row take at most
const LETTERS = { variable: 'x', function: 'ƒ', choice: '=', plain: '·' };

export class Completion {
  // `take(option)` puts one in.
  constructor(control, take) {
    Object.assign(this, { control, take, options: [], chosen: 0 });
    this.id = uniqueId();
    this.list = h('ul', { id: this.id, className: 'mo-feel-list', role: 'listbox', tabIndex: 0, 'aria-label': 'Gợi ý' });
    this.more = h('div', { className: 'mo-feel-more' });
    this.box = h('div', { className: 'mo-feel-box', popover: 'manual' }, this.list, this.more);
    this.said = h('span', { className: 'visually-hidden', role: 'status' });
    this.list.addEventListener('pointerdown', (event) => event.preventDefault()); // the focus stays in the text
    this.list.addEventListener('click', (event) => this.click(event));
    control.setAttribute('aria-autocomplete', 'list');
    control.setAttribute('aria-haspopup', 'listbox');
  }

  get isOpen() {
    return this.box.matches(':popover-open');
  }

  show(options, place) {
    this.options = options;
    if (!options.length) {
      this.close();
      return;
    }
    this.list.replaceChildren(...options.map((option, index) => this.row(option, index)));
    if (!this.isOpen) {
      this.box.showPopover();
    }
    this.control.setAttribute('aria-controls', this.id);
    this.put(place);
    this.choose(0);
    this.said.textContent = `${options.length} gợi ý`;
  }

  close() {
    if (this.box.isConnected && this.isOpen) {
      this.box.hidePopover();
    }
    this.control.removeAttribute('aria-activedescendant');
    this.control.removeAttribute('aria-controls');
    this.said.textContent = '';
  }

  // Whether the key was for the list.
  press(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (!this.isOpen) {
      return false;
    }
    if (event.key in moves) {
      this.move(moves[event.key]);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) {
      this.take(this.options[this.chosen]);
    } else if (event.key === 'Escape') {
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  move(steps) {
    const last = this.options.length - 1;
    const wanted = this.chosen + steps;
    const around = Math.abs(steps) === 1 ? (wanted + last + 1) % (last + 1) : wanted;
    this.choose(Math.min(Math.max(around, 0), last));
  }

  choose(index) {
    this.list.children[this.chosen]?.setAttribute('aria-selected', 'false');
    this.chosen = index;
    const row = this.list.children[index];
    row.setAttribute('aria-selected', 'true');
    row.scrollIntoView({ block: 'nearest' });
    this.control.setAttribute('aria-activedescendant', row.id);
    this.more.replaceChildren(...about(this.options[index]));
    this.more.hidden = !this.more.childNodes.length;
  }

  click(event) {
    const row = event.target.closest('[role=option]');
    if (row) {
      this.take(this.options[[...this.list.children].indexOf(row)]);
    }
  }

  row(option, index) {
    const words = [h('span', { className: 'mo-feel-name' }, option.label), h('span', { className: 'mo-feel-told' }, option.told ?? '')];
    const sign = h('span', { className: 'mo-feel-kind', 'aria-hidden': 'true' }, LETTERS[option.kind]);
    const type = option.type ? h('span', { className: 'mo-feel-type' }, TYPES[option.type] ?? option.type) : null;
    return h('li', { id: `${this.id}-${index}`, role: 'option', 'aria-selected': 'false' }, sign, ...words, type);
  }

  // Below the line of the caret where there is room, else above it. Held at the end that touches the line, so that it
  // stays beside it however many rows come and go; never outside the window.
  put({ left, top, bottom }) {
    const { width } = this.box.getBoundingClientRect();
    const room = window.innerHeight - bottom;
    const below = room >= ENOUGH || room >= top;
    this.box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
    this.box.style.top = below ? `${bottom + 4}px` : 'auto';
    this.box.style.bottom = below ? 'auto' : `${window.innerHeight - top + 4}px`;
  }
}

// What a person wants to know before taking it.
function about(option) {
  if (option.kind === 'function') {
    return [
      h('p', { className: 'mo-feel-form' }, (option.forms ?? []).join('\n')),
      h('p', {}, option.told),
      option.example ? h('p', { className: 'mo-feel-form' }, `${option.example} → ${option.result}`) : null,
    ].filter(Boolean);
  }
  return option.source ? [h('p', {}, option.source)] : [];
}
