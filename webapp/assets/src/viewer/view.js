// Zoom, position and height of a diagram on the page.
const SMALLEST = 0.7; // below this labels cannot be read
const LARGEST = 1;
const PADDING = 24;

export function zoomBy(viewer, factor, at) {
  const canvas = viewer.get('canvas');
  canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)), at ?? 'auto');
}

// The whole diagram when its labels stay readable, else a readable part around `focus` (or the start).
export function fit(viewer, container, focus) {
  const canvas = viewer.get('canvas');
  const { inner } = canvas.viewbox();
  if (!inner.width || !container.clientWidth) {
    return;
  }
  const scale = Math.min(LARGEST, Math.max(SMALLEST, (container.clientWidth - 2 * PADDING) / inner.width));
  setHeight(container, inner.height * scale + 2 * PADDING + 24);
  canvas.resized();
  const outer = { width: container.clientWidth / scale, height: container.clientHeight / scale };
  canvas.viewbox({ ...corner(viewer, inner, outer, focus), ...outer });
}

function setHeight(container, wanted) {
  const fixed = container.closest('[data-diagram]')?.dataset.diagramHeight;
  if (fixed !== 'fixed') {
    container.style.height = `${Math.round(Math.min(680, Math.max(220, wanted)))}px`;
  }
}

function corner(viewer, inner, outer, focus) {
  const element = focus && viewer.get('elementRegistry').get(focus);
  const middle = element
    ? { x: element.x + element.width / 2, y: element.y + element.height / 2 }
    : { x: inner.x, y: inner.y };
  return {
    x: place(inner.x, inner.width, outer.width, middle.x),
    y: place(inner.y, inner.height, outer.height, middle.y),
  };
}

// In the middle when it all fits; else around `middle` without leaving the diagram.
function place(start, size, room, middle) {
  if (size <= room) {
    return start - (room - size) / 2;
  }
  const margin = PADDING;
  return Math.min(start + size - room + margin, Math.max(start - margin, middle - room / 2));
}

// One finger moves the diagram sideways; up and down scrolls the page (touch-action: pan-y in the style sheet).
export function followTouch(container, viewer) {
  let last = null;
  container.addEventListener('pointerdown', (event) => {
    last = event.pointerType === 'touch' ? { x: event.clientX, y: event.clientY } : null;
  });
  container.addEventListener('pointermove', (event) => {
    if (last && event.pointerType === 'touch') {
      viewer.get('canvas').scroll({ dx: event.clientX - last.x, dy: event.clientY - last.y });
      last = { x: event.clientX, y: event.clientY };
    }
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) {
    container.addEventListener(end, () => {
      last = null;
    });
  }
}
