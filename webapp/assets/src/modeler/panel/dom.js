// Small builders of HTML elements.
let numbers = 0;

export function uniqueId() {
  numbers += 1;
  return `pp-${numbers}`;
}

export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      node.addEventListener(key.slice(2), value);
    } else if (key in node && key !== 'list') {
      node[key] = value;
    } else if (value !== undefined && value !== null) {
      node.setAttribute(key, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return node;
}
