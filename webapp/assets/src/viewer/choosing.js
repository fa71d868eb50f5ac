// Choosing elements of a diagram, by pointer and by keyboard: the page that asked hears 'moc:element' with the id of the
// element and of the definition, and says with mark() what it made of it.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { nameOf } from './paint.js';

const HERE = 'is-here';
const LAYER = 'moc-choice';
const SIGNS = {
  'is-cancel': { text: '×', at: { bottom: 12, left: -12 } },
  'is-start': { text: '+', at: { bottom: 12, right: 12 } },
};
const BACK = new Set(['ArrowLeft', 'ArrowUp']);
const ON = new Set(['ArrowRight', 'ArrowDown']);

export class Choosing {
  constructor(root, viewer, tell) {
    this.root = root;
    this.viewer = viewer;
    this.tell = tell;
    this.marks = {};
    viewer.on('element.click', 2000, ({ element }) => {
      if (isPlace(element.labelTarget ?? element)) {
        this.choose(element.labelTarget ?? element);
        return false;
      }
      return undefined;
    });
  }

  // A new drawing: its elements in the order in which the process runs.
  begin(definition) {
    this.definition = definition;
    this.here = null;
    const found = this.viewer.get('elementRegistry').filter(isPlace);
    this.places = found.sort((one, other) => one.x - other.x || one.y - other.y);
    this.paint();
  }

  // marker -> ids of elements, of the definition that is shown
  mark(marks) {
    this.marks = marks;
    this.paint();
  }

  paint() {
    const canvas = this.viewer.get('canvas');
    const overlays = this.viewer.get('overlays');
    overlays.remove({ type: LAYER });
    for (const place of this.places ?? []) {
      for (const [marker, ids] of Object.entries(this.marks)) {
        const wanted = ids.includes(place.id);
        if (wanted !== canvas.hasMarker(place, marker)) {
          canvas.toggleMarker(place, marker);
        }
        if (wanted && SIGNS[marker]) {
          overlays.add(place.id, LAYER, { position: SIGNS[marker].at, html: sign(SIGNS[marker].text, marker) });
        }
      }
    }
  }

  // True when the key was for choosing: Shift and an arrow go from element to element, Enter chooses.
  press(event) {
    if (event.key === 'Enter' && this.here) {
      this.choose(this.here);
      return true;
    }
    const step = event.shiftKey ? ON.has(event.key) - BACK.has(event.key) : 0;
    if (step) {
      this.go(step);
    }
    return Boolean(step);
  }

  go(step) {
    const { length } = this.places;
    const at = this.places.indexOf(this.here);
    const next = at < 0 ? (step > 0 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, at + step));
    this.show(this.places[next]);
    this.viewer.get('canvas').scrollToElement(this.here);
  }

  show(place) {
    const canvas = this.viewer.get('canvas');
    if (this.here) {
      canvas.removeMarker(this.here, HERE);
    }
    this.here = place;
    canvas.addMarker(place, HERE);
    this.tell(`${nameOf(place) ?? place.id}. Enter để chọn.`);
  }

  choose(place) {
    this.show(place);
    const detail = { id: place.id, definition: this.definition, name: nameOf(place) ?? place.id };
    this.root.dispatchEvent(new CustomEvent('moc:element', { bubbles: true, detail }));
  }
}

function sign(text, marker) {
  const html = document.createElement('span');
  html.className = `mo-bpm-count mo-bpm-${marker}`;
  html.textContent = text;
  html.setAttribute('aria-hidden', 'true');
  return html;
}

// Where a token may stand or begin.
function isPlace(element) {
  const steps = is(element, 'bpmn:FlowNode') && !is(element, 'bpmn:StartEvent') && !is(element, 'bpmn:BoundaryEvent');
  return steps && element.type !== 'label' && !element.hidden;
}
