// What the server finds wrong with the diagram, as a list and as marks on the drawing.
import { h } from './panel/dom.js';

const LAYER = 'moc-problem';
const MARKERS = { error: 'is-refused', warning: 'is-doubtful' };

// What the reader of the file says, in our words; what it says seldom stays as it is.
const READER = {
  'unknown attribute': (name) => `Không rõ thuộc tính “${name}”: viết sai tên, hoặc đặt sai chỗ.`,
  'unresolved reference': (name) => `Có chỗ nhắc tới “${name}” nhưng không phần tử nào mang mã này.`,
};

function told(message) {
  const [, what, name] = message.match(/^([a-z ]+) <([^>]+)>$/) ?? [];
  return READER[what]?.(name) ?? `Trình đọc sơ đồ báo: ${message}`;
}

export class Problems {
  constructor(modeler, root, url, form) {
    Object.assign(this, { modeler, root, url, form });
    this.list = root.querySelector('ol');
    this.title = root.querySelector('h2');
    this.list.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-element]');
      if (button) {
        this.goTo(button.dataset.element);
      }
    });
  }

  // The problems that came with the page, and what the reader of the file stumbled over.
  start(warnings) {
    const given = [...this.list.querySelectorAll('[data-element]')].map((one) => ({ element_id: one.dataset.element, level: one.dataset.level }));
    this.mark(given);
    if (warnings.length) {
      this.list.append(...warnings.map((one) => this.item({ level: 'warning', sentence: told(one.message), element_id: '' })));
      this.root.hidden = false;
    }
  }

  async check(xml) {
    const data = new FormData();
    data.set('csrf_token', this.form.elements.namedItem('csrf_token').value);
    data.set('xml', xml);
    const response = await fetch(this.url, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
    if (response.ok) {
      this.show((await response.json()).problems);
    }
  }

  show(problems) {
    this.list.replaceChildren(...problems.map((problem) => this.item(problem)));
    this.title.textContent = headline(problems);
    this.root.hidden = false;
    this.root.dataset.clean = problems.length === 0;
    this.mark(problems);
  }

  item({ level, sentence, element_id: element, element_name: name, line }) {
    const place = element ? `${name || element}${line ? `, dòng ${line}` : ''}` : '';
    const label = h('b', {}, level === 'error' ? 'Phải sửa: ' : 'Nên xem: ');
    const known = element && this.modeler.get('elementRegistry').get(element);
    const tail = place ? h('span', { className: 'mo-3' }, ` (${place})`) : null;
    const inner = known ? h('button', { type: 'button' }, label, sentence, tail) : h('span', {}, label, sentence, tail);
    if (element) {
      inner.dataset.element = element;
      inner.dataset.level = level;
    }
    return h('li', {}, inner);
  }

  goTo(id) {
    const element = this.modeler.get('elementRegistry').get(id);
    if (element) {
      this.modeler.get('selection').select(element);
      this.modeler.get('canvas').scrollToElement(element, 120);
    }
  }

  mark(problems) {
    const registry = this.modeler.get('elementRegistry');
    const canvas = this.modeler.get('canvas');
    const overlays = this.modeler.get('overlays');
    overlays.remove({ type: LAYER });
    registry.forEach((element) => Object.values(MARKERS).forEach((marker) => canvas.removeMarker(element, marker)));
    for (const { element_id: id, level } of problems) {
      const element = id && registry.get(id);
      if (element && element !== canvas.getRootElement()) {
        canvas.addMarker(element, MARKERS[level]);
        overlays.add(element, LAYER, { position: { bottom: 10, left: -10 }, html: sign(level) });
      }
    }
  }
}

function sign(level) {
  return h('span', { className: `mo-problem-sign mo-problem-${level}`, title: level === 'error' ? 'Phải sửa' : 'Nên xem' }, level === 'error' ? '!' : '?');
}

function headline(problems) {
  const errors = problems.filter((problem) => problem.level === 'error').length;
  const doubts = problems.length - errors;
  if (!problems.length) {
    return 'Đã kiểm tra: công bố được';
  }
  return [errors ? `${errors} chỗ phải sửa` : 'Công bố được', doubts ? `${doubts} chỗ nên xem` : ''].filter(Boolean).join(', ');
}
