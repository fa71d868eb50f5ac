// A diagram to look at: where an instance stands, which way it came, what holds it up.
// With data-diagram-choose its elements can be chosen (choosing.js).
//
// Markup (templates/studio/_diagram.html): [data-diagram] with data-xml-url, or with data-states-url, whose JSON is
// {diagrams: [{name, definition_id, xml_url, active: {element id: count}, passed: [ids], incidents: [ids]}]}.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import labelsModule from '../shared/labels.js';
import { fetchText, fontsAreReady, look } from '../shared/look.js';
import translateModule from '../shared/translate.js';
import { Choosing } from './choosing.js';
import { fit, followTouch, zoomBy } from './view.js';
import { inOrder, paint, whereabouts } from './paint.js';
import './viewer.css';

const SELECTOR = '[data-diagram]';
const SOON = 2000; // milliseconds
const SPREAD = 8000;

class Diagram {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector('[data-diagram-canvas]');
    this.tabs = root.querySelector('[data-diagram-tabs]');
    this.where = root.querySelector('[data-diagram-where]');
    this.shown = 0;
    this.diagrams = [];
    this.viewer = new NavigatedViewer({
      container: this.canvas,
      additionalModules: [translateModule, labelsModule],
      zoomScroll: { enabled: false },
      keyboard: { bind: false },
      ...look,
    });
    if ('diagramChoose' in root.dataset) {
      this.choosing = new Choosing(root, this.viewer, (sentence) => this.tell(sentence));
    }
    this.bind();
  }

  bind() {
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-diagram-do]');
      if (button) {
        this.act(button.dataset.diagramDo);
      }
    });
    this.canvas.addEventListener('keydown', (event) => this.press(event));
    this.canvas.addEventListener('wheel', (event) => this.roll(event), { passive: false });
    document.addEventListener('moc:changed', () => this.refreshSoon());
    followTouch(this.canvas, this.viewer);
    this.viewer.on('element.click', ({ element }) => asked(element.id)?.click());
    new ResizeObserver(() => this.resized()).observe(this.canvas);
  }

  async start() {
    await fontsAreReady();
    await this.refresh();
  }

  async refresh() {
    try {
      this.diagrams = await this.ask();
      this.drawTabs();
      await this.show(Math.min(this.shown, this.diagrams.length - 1));
    } catch {
      this.root.dataset.diagramState = 'failed';
      this.tell('Chưa tải được sơ đồ. Tải lại trang để thử lại.');
    }
  }

  // Something in the office changed: look again, not all open pages at the same moment, and not what nobody sees.
  refreshSoon() {
    if (this.root.dataset.statesUrl && !document.hidden && !this.waiting) {
      this.waiting = setTimeout(() => {
        this.waiting = null;
        this.refresh();
      }, SOON + Math.random() * SPREAD);
    }
  }

  async ask() {
    const { xmlUrl, statesUrl } = this.root.dataset;
    if (!statesUrl) {
      return [{ name: '', xml_url: xmlUrl, active: {}, passed: [], incidents: [] }];
    }
    return JSON.parse(await fetchText(statesUrl)).diagrams;
  }

  async show(index) {
    const diagram = this.diagrams[index];
    this.shown = index;
    if (!diagram) {
      this.root.dataset.diagramState = 'empty';
      this.tell('Chưa có sơ đồ để hiện.');
      return;
    }
    await this.draw(diagram.xml_url);
    paint(this.viewer, diagram, [...document.querySelectorAll('[data-why]')].map((link) => link.dataset.why));
    if (this.where) {
      this.where.replaceChildren(...whereabouts(this.viewer, diagram));
    }
    this.markTab();
    if (this.choosing && this.begun !== diagram.xml_url) {
      this.begun = diagram.xml_url;
      this.choosing.begin(diagram.definition_id);
    }
    this.root.dataset.diagramState = 'ready';
    this.root.dispatchEvent(new CustomEvent('moc:diagram', { bubbles: true, detail: { definition: diagram.definition_id } }));
  }

  async draw(url) {
    if (this.drawn === url) {
      return;
    }
    await this.viewer.importXML(await fetchText(url));
    this.drawn = url;
    this.hideDrawing();
    fit(this.viewer, this.canvas, this.focus());
  }

  // The frame takes the keyboard and the sentence below tells what the drawing shows.
  hideDrawing() {
    const drawing = this.canvas.querySelector('svg');
    drawing.setAttribute('aria-hidden', 'true');
    drawing.setAttribute('tabindex', '-1');
  }

  focus() {
    return inOrder(this.viewer, this.diagrams[this.shown]?.active ?? {})[0]?.[0];
  }

  tell(sentence) {
    if (this.where) {
      this.where.textContent = sentence;
    }
  }

  drawTabs() {
    if (!this.tabs) {
      return;
    }
    this.tabs.hidden = this.diagrams.length < 2;
    this.tabs.replaceChildren(
      ...this.diagrams.map((diagram, index) => {
        const tab = document.createElement('button');
        tab.type = 'button';
        tab.textContent = diagram.name;
        tab.addEventListener('click', () => this.show(index));
        return tab;
      }),
    );
  }

  markTab() {
    [...(this.tabs?.children ?? [])].forEach((tab, index) => tab.setAttribute('aria-pressed', index === this.shown));
  }

  act(what) {
    const steps = { in: 1.25, out: 0.8 };
    if (what === 'fit') {
      this.viewer.get('canvas').zoom('fit-viewport', 'auto');
    } else {
      zoomBy(this.viewer, steps[what]);
    }
  }

  press(event) {
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const acts = { '+': 'in', '=': 'in', '-': 'out', 0: 'fit' };
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (this.choosing?.press(event)) {
      event.preventDefault();
      return;
    }
    if (moves[event.key]) {
      const [dx, dy] = moves[event.key];
      this.viewer.get('canvas').scroll({ dx, dy });
    } else if (acts[event.key]) {
      this.act(acts[event.key]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // The page scrolls under the wheel; with Ctrl the diagram grows, as maps do.
  roll(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoomBy(this.viewer, event.deltaY < 0 ? 1.12 : 0.89, { x: event.offsetX, y: event.offsetY });
    }
  }

  resized() {
    if (this.drawn && this.canvas.clientWidth && this.canvas.clientWidth !== this.width) {
      this.width = this.canvas.clientWidth;
      fit(this.viewer, this.canvas, this.focus());
    }
  }
}

// The link of the page that explains a gateway, when the page has one.
function asked(id) {
  return document.querySelector(`[data-why="${CSS.escape(id)}"]`);
}

function start(within) {
  const found = [...within.querySelectorAll(SELECTOR)];
  if (within.matches?.(SELECTOR)) {
    found.push(within);
  }
  for (const root of found) {
    if (!root.diagram) {
      root.diagram = new Diagram(root);
      root.diagram.start();
    }
  }
}

start(document);
// Pages exchange parts of themselves (htmx): diagrams that come later start too.
new MutationObserver((changes) => {
  for (const change of changes) {
    if (!change.target.closest('[data-diagram-canvas]')) {
      change.addedNodes.forEach((node) => node.nodeType === Node.ELEMENT_NODE && start(node));
    }
  }
}).observe(document.body, { childList: true, subtree: true });
