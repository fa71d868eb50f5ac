// The editor of diagrams. Markup: templates/studio/edit.html, [data-studio].
import Modeler from 'bpmn-js/lib/Modeler';
import minimapModule from 'diagram-js-minimap';
import moc from '../moc.json';
import camunda from '../shared/camunda.js';
import labelsModule from '../shared/labels.js';
import { fetchText, fontsAreReady, look } from '../shared/look.js';
import translateModule from '../shared/translate.js';
import { Asking } from './feel/asking.js';
import { Samples } from './feel/trying.js';
import { loadCatalogue } from './panel/catalogue.js';
import panelModule from './panel/index.js';
import { Problems } from './problems.js';
import { Saving } from './saving.js';
import wordsModule from './words.js';
import './modeler.css';

const WIDE_ENOUGH = '(min-width: 861px)';

class Studio {
  constructor(root) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-studio-${name}]`);
    this.form = this.find('form');
    this.field = this.form.elements.namedItem('xml');
  }

  async start() {
    const catalogue = await loadCatalogue(this.root.dataset.catalogueUrl);
    await fontsAreReady();
    this.modeler = new Modeler({
      container: this.find('canvas'),
      additionalModules: [translateModule, labelsModule, minimapModule, wordsModule, panelModule],
      moddleExtensions: { camunda, moc },
      panel: { parent: this.find('panel'), catalogue, asking: this.asking(), samples: new Samples(this.root.dataset.key) },
      ...look,
    });
    // For the tests, and for whoever helps an analyst over the telephone.
    this.root.modeler = this.modeler;
    this.problems = new Problems(this.modeler, this.find('problems'), this.root.dataset.checkUrl, this.form);
    this.saving = new Saving(this.root, this.form, this.find('status'), () => this.xml());
    await this.open();
    this.bind();
    this.root.dataset.studioState = 'ready';
  }

  // Addresses of what knows about expressions; they stand in the page.
  asking() {
    const { functionsUrl: functions, variablesUrl: variables, expressionUrl: check, functionsPage: page } = this.root.dataset;
    return new Asking({ functions, variables, check, page }, this.form.elements.namedItem('csrf_token').value, () => this.xml());
  }

  async open() {
    const sent = this.field.value; // what was refused comes back in the page
    try {
      const { warnings } = await this.modeler.importXML(sent || (await fetchText(this.root.dataset.xmlUrl)));
      this.problems.start(warnings);
    } catch (error) {
      this.saving.say(`Không mở được sơ đồ: ${error.message}`, 'err');
      throw error;
    }
    if (sent) {
      this.saving.changed();
    }
    this.modeler.get('canvas').zoom('fit-viewport', 'auto');
    if (this.modeler.get('canvas').zoom() < 0.6) {
      this.showStart();
    }
  }

  // A large diagram opens where it begins, at a size that can be read.
  showStart() {
    const canvas = this.modeler.get('canvas');
    const { inner } = canvas.viewbox();
    canvas.viewbox({ x: inner.x - 90, y: inner.y - 40, width: canvas.getSize().width / 0.8, height: canvas.getSize().height / 0.8 });
  }

  bind() {
    this.modeler.on('commandStack.changed', () => {
      this.saving.changed();
      this.updateTools();
    });
    this.saving.whenSaved = () => this.check();
    this.root.addEventListener('click', (event) => {
      const button = event.target.closest('[data-studio-do]');
      if (button) {
        this.act(button.dataset.studioDo);
      }
    });
    document.addEventListener('keydown', (event) => this.press(event));
    this.form.addEventListener('submit', (event) => this.publish(event));
    new ResizeObserver(() => this.modeler.get('canvas').resized()).observe(this.find('canvas'));
    this.updateTools();
  }

  act(what) {
    const actions = {
      save: () => this.saving.save(),
      check: () => this.check(),
      undo: () => this.modeler.get('commandStack').undo(),
      redo: () => this.modeler.get('commandStack').redo(),
      fit: () => this.modeler.get('canvas').zoom('fit-viewport', 'auto'),
      in: () => this.modeler.get('zoomScroll').stepZoom(1),
      out: () => this.modeler.get('zoomScroll').stepZoom(-1),
      map: () => this.modeler.get('minimap').toggle(),
      ask: () => this.find('dialog').showModal(),
      stay: () => this.find('dialog').close(),
    };
    actions[what]?.();
  }

  press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      this.commitTyping();
      this.saving.save();
    }
  }

  // A text still being typed in the panel belongs to what is saved.
  commitTyping() {
    const { activeElement } = document;
    if (this.find('panel').contains(activeElement)) {
      activeElement.dispatchEvent(new Event('change'));
    }
  }

  async check() {
    this.problems.check(await this.xml());
  }

  async xml() {
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  async publish(event) {
    event.preventDefault();
    this.commitTyping();
    this.field.value = await this.xml();
    this.saving.leave();
    this.form.submit(); // asks no listener again, and may be called while the first submission still is announced
  }

  updateTools() {
    const stack = this.modeler.get('commandStack');
    this.root.querySelector('[data-studio-do="undo"]').disabled = !stack.canUndo();
    this.root.querySelector('[data-studio-do="redo"]').disabled = !stack.canRedo();
  }
}

// On a small screen the page says so and offers the picture instead.
const root = document.querySelector('[data-studio]');
if (root && window.matchMedia(WIDE_ENOUGH).matches) {
  new Studio(root).start();
}
