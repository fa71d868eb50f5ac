// Reading and changing the model. Every change is one command: it can be undone.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

export class Model {
  constructor(modeling, moddle, canvas, elementRegistry) {
    Object.assign(this, { modeling, moddle, canvas, elementRegistry });
  }

  // --- attributes of the element itself
  get(element, name) {
    return getBusinessObject(element).get(name);
  }

  set(element, name, value) {
    this.modeling.updateProperties(element, { [name]: value === '' ? undefined : value });
  }

  setOf(element, part, values) {
    this.modeling.updateModdleProperties(element, part, values);
  }

  // --- extension elements; what others wrote there is kept
  extensions(owner, type) {
    const values = owner.get('extensionElements')?.get('values') ?? [];
    return values.filter((value) => is(value, type));
  }

  extension(owner, type) {
    return this.extensions(owner, type)[0];
  }

  addExtension(element, owner, type, values) {
    const { holder, made } = this.holder(owner);
    const added = this.make(type, values, holder);
    if (made) {
      holder.get('values').push(added);
      this.setOf(element, owner, { extensionElements: holder });
    } else {
      this.setOf(element, holder, { values: [...holder.get('values'), added] });
    }
    return added;
  }

  removeExtension(element, owner, extension) {
    const holder = owner.get('extensionElements');
    const values = holder.get('values').filter((value) => value !== extension);
    if (values.length) {
      this.setOf(element, holder, { values });
    } else {
      this.setOf(element, owner, { extensionElements: undefined });
    }
  }

  // Sets one attribute of the only extension of a type: made when needed, removed with its last attribute.
  setExtension(element, owner, type, name, value) {
    const found = this.extension(owner, type);
    if (!found) {
      if (value) {
        this.addExtension(element, owner, type, { [name]: value });
      }
      return;
    }
    const told = found.$descriptor.properties.filter((p) => p.name !== name && found.get(p.name));
    if (!value && !told.length) {
      this.removeExtension(element, owner, found);
    } else {
      this.setOf(element, found, { [name]: value || undefined });
    }
  }

  holder(owner) {
    const found = owner.get('extensionElements');
    return found ? { holder: found, made: false } : { holder: this.make('bpmn:ExtensionElements', { values: [] }, owner), made: true };
  }

  make(type, values, parent) {
    const made = this.moddle.create(type, values);
    made.$parent = parent;
    return made;
  }

  // --- things beside the diagram: messages, signals, errors
  roots(type) {
    return this.definitions().get('rootElements').filter((root) => is(root, type));
  }

  addRoot(element, type, values) {
    const definitions = this.definitions();
    const added = this.make(type, { id: this.freeId(type), ...values }, definitions);
    this.setOf(element, definitions, { rootElements: [...definitions.get('rootElements'), added] });
    return added;
  }

  freeId(type) {
    const word = type.replace('bpmn:', '');
    const taken = new Set(this.definitions().get('rootElements').map((root) => root.id));
    let number = 1;
    while (taken.has(`${word}_${number}`)) {
      number += 1;
    }
    return `${word}_${number}`;
  }

  definitions() {
    let owner = getBusinessObject(this.canvas.getRootElement());
    while (owner.$parent) {
      owner = owner.$parent;
    }
    return owner;
  }

  // --- other elements of the diagram
  userTasks() {
    return this.elementRegistry
      .filter((element) => is(element, 'bpmn:UserTask') && !element.labelTarget)
      .map((element) => ({ value: element.id, label: element.businessObject.name || element.id }));
  }

  isIdFree(id, owner) {
    const found = this.elementRegistry.get(id);
    return !found || getBusinessObject(found) === owner;
  }
}
