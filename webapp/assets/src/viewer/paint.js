// Marks on a drawn diagram, and the same in words.
import { is } from 'bpmn-js/lib/util/ModelUtil';

const MARKERS = ['is-passed', 'is-active', 'is-incident', 'is-told'];
const LAYER = 'moc-state';

// `told`: gateways that the page explains; a click on one follows its link.
export function paint(viewer, { active, passed, incidents }, told = []) {
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  viewer.get('overlays').remove({ type: LAYER });
  registry.forEach((element) => MARKERS.forEach((marker) => canvas.removeMarker(element, marker)));
  const mark = (ids, marker) => ids.filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, marker));
  mark(passed, 'is-passed');
  mark(Object.keys(active), 'is-active');
  mark(incidents, 'is-incident');
  mark(told, 'is-told');
  Object.entries(active).forEach(([id, count]) => badge(viewer, id, String(count), 'mo-bpm-count', { top: -12, right: 12 }));
  incidents.forEach((id) => badge(viewer, id, '!', 'mo-bpm-incident', { top: -12, left: -12 }));
}

function badge(viewer, id, text, name, position) {
  if (!viewer.get('elementRegistry').get(id)) {
    return;
  }
  const html = document.createElement('span');
  html.className = name;
  html.textContent = text;
  html.setAttribute('aria-hidden', 'true');
  viewer.get('overlays').add(id, LAYER, { position, html });
}

// "Đang ở: Phân công xử lý (2), Phối hợp." and one sentence more when something is stuck.
export function whereabouts(viewer, { active, incidents }) {
  const registry = viewer.get('elementRegistry');
  const name = (id) => nameOf(registry.get(id)) ?? id;
  const parts = [];
  const entries = inOrder(viewer, active);
  if (entries.length) {
    parts.push(sentence('Đang ở: ', entries.map(([id, n]) => (n > 1 ? `${name(id)} (${n})` : name(id))).join(', ')));
  }
  if (incidents.length) {
    parts.push(sentence('Đang vướng: ', incidents.map(name).join(', ')));
  }
  return parts;
}

export function nameOf(element) {
  const waits = element && is(element, 'bpmn:Gateway') ? 'chờ các nhánh khác' : null;
  return element?.businessObject.name || waits;
}

// As the process runs: from left to right.
export function inOrder(viewer, active) {
  const place = (id) => viewer.get('elementRegistry').get(id)?.x ?? 0;
  return Object.entries(active).sort(([one], [other]) => place(one) - place(other));
}

function sentence(label, text) {
  const line = document.createElement('span');
  const strong = document.createElement('b');
  strong.textContent = label;
  line.append(strong, `${text}. `);
  return line;
}
