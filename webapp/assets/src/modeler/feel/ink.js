// The coloured copy of the text under the transparent one, and where on the screen a place of it is.
import { h } from '../panel/dom.js';
import { isExpression, partsOf } from './tokens.js';

const COLOURED = new Set(['comment', 'temporal', 'string', 'number', 'keyword', 'function']);

export class Ink {
  constructor() {
    this.node = h('pre', { className: 'mo-feel-ink', 'aria-hidden': 'true' });
  }

  // `wrongs`: [{from, to, level}], drawn underlined.
  draw(text, { kind, functions, wrongs }) {
    const parts = isExpression(text, kind) ? partsOf(text, functions) : [{ kind: 'text', from: 0, to: text.length }];
    const edges = [...new Set([...parts.flatMap(({ from, to }) => [from, to]), ...wrongs.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
    const pieces = edges.slice(1).map((to, index) => this.piece(text, edges[index], to, parts, wrongs));
    this.node.replaceChildren(...pieces, '\u200b'); // the last line has a height also when it is empty
  }

  piece(text, from, to, parts, wrongs) {
    const { kind } = parts.find((part) => part.from <= from && from < part.to) ?? {};
    const wrong = wrongs.find((one) => one.from <= from && from < one.to);
    const classes = [COLOURED.has(kind) ? `is-${kind}` : '', wrong ? `is-wrong is-${wrong.level}` : ''].filter(Boolean);
    const words = text.slice(from, to);
    return classes.length ? h('span', { className: classes.join(' ') }, words) : document.createTextNode(words);
  }

  // The box of the place before a character, in pixels of the window.
  placeOf(offset) {
    const range = document.createRange();
    let rest = offset;
    const walker = document.createTreeWalker(this.node, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (rest <= node.length) {
        range.setStart(node, rest);
        range.setEnd(node, rest);
        const box = range.getBoundingClientRect();
        return box.height ? box : this.node.getBoundingClientRect();
      }
      rest -= node.length;
    }
    return this.node.getBoundingClientRect();
  }
}
