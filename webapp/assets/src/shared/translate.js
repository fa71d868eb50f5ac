// The texts of bpmn-js in Vietnamese. What is not listed stays as the library says it.
import vi from './vi.js';

function translate(template, replacements = {}) {
  const text = vi[template] ?? template;
  return text.replace(/{([^}]+)}/g, (whole, name) => replacements[name] ?? whole);
}

export default { translate: ['value', translate] };
