// The panel beside the drawing: what is selected, and everything an analyst may say about it.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { h } from './dom.js';
import { drawField } from './fields.js';
import { groupsFor } from './groups.js';
import { Model } from './model.js';
import { typeName } from './types.js';

class Panel {
  constructor(config, eventBus, modeling, moddle, canvas, elementRegistry, selection) {
    Object.assign(this, { ...config, canvas, selection });
    this.model = new Model(modeling, moddle, canvas, elementRegistry);
    this.opened = new Map(); // group key -> opened by the person
    const later = () => this.schedule();
    eventBus.on('commandStack.changed', () => this.asking.forget());
    eventBus.on(['import.done', 'selection.changed', 'elements.changed', 'root.set', 'commandStack.changed'], later);
  }

  schedule() {
    if (!this.waiting) {
      // After the browser has moved the focus: a rebuilt panel must not swallow the Tab key.
      this.waiting = requestAnimationFrame(() => {
        this.waiting = null;
        this.update();
      });
    }
  }

  update() {
    const element = this.current();
    const groups = element ? groupsFor(element, this.model, this.catalogue, this) : [];
    const shape = [...identity(element), signature(groups)];
    if (!this.shape || shape.some((part, index) => part !== this.shape[index])) {
      this.shape = shape;
      this.draw(element, groups);
    }
    this.refreshers.forEach((refresh) => refresh());
  }

  current() {
    const selected = this.selection.get();
    if (selected.length > 1) {
      return null;
    }
    const [only] = selected;
    return only?.labelTarget ?? only ?? this.whole();
  }

  // Nothing is selected: the process, also when it is drawn in a pool of its own.
  whole() {
    const root = this.canvas.getRootElement();
    const pools = (root?.children ?? []).filter((child) => child.businessObject?.processRef);
    return pools.length === 1 ? pools[0] : root;
  }

  draw(element, groups) {
    const focused = this.parent.contains(document.activeElement) ? document.activeElement.dataset.field : null;
    this.refreshers = [];
    this.parent.replaceChildren(this.heading(element), ...groups.map((group) => this.drawGroup(group)));
    if (focused) {
      this.parent.querySelector(`[data-field="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  heading(element) {
    const title = h('h2', {}, element ? typeName(element) : 'Nhiều phần tử');
    const name = h('p', { className: 'mo-3 mo-sm' });
    this.refreshers.push(() => {
      name.textContent = element ? (getBusinessObject(element).name ?? '') : 'Chọn một phần tử để xem và sửa.';
    });
    return h('header', { className: 'mo-pp-head' }, title, name);
  }

  drawGroup(group) {
    const fields = group.fields.map((field) => drawField(field));
    this.refreshers.push(...fields.map((field) => field.refresh));
    const open = this.opened.get(group.key) ?? group.open;
    const details = h('details', { className: 'mo-pp-group', open }, h('summary', {}, group.label), h('div', { className: 'mo-pp-fields' }, fields.map((field) => field.node)));
    details.querySelector('summary').addEventListener('click', () => this.opened.set(group.key, !details.open));
    return details;
  }
}

Panel.$inject = ['config.panel', 'eventBus', 'modeling', 'moddle', 'canvas', 'elementRegistry', 'selection'];

// The objects that the fields of a drawn panel hold on to: when one is exchanged, the panel is drawn anew.
function identity(element) {
  const owner = element && getBusinessObject(element);
  return [element, owner, owner?.loopCharacteristics, owner?.eventDefinitions?.[0]];
}

function signature(groups) {
  return JSON.stringify(groups.map(({ key, fields }) => [key, fields.map((field) => [field.key, field.label, field.hint])]));
}

export default { __init__: ['mocPanel'], mocPanel: ['type', Panel] };
