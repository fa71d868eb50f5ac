// Places in a text: the server counts lines and columns from 1 in characters, the browser counts halves of characters.
export function offsetOf(text, line, column) {
  const lines = text.split('\n');
  const index = Math.min(line, lines.length) - 1;
  const before = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  return before + unitsOf(lines[index] ?? '', column - 1);
}

// From and to of what a problem names; a problem at the very end stands on the last character.
export function stretchOf(text, { line, column, length }) {
  const from = Math.min(offsetOf(text, line, column), text.length);
  const to = Math.min(from + unitsOf(text.slice(from), Math.max(length, 1)), text.length);
  return from < to ? { from, to } : { from: Math.max(0, text.length - 1), to: text.length };
}

function unitsOf(text, characters) {
  return [...text].slice(0, characters).join('').length;
}
