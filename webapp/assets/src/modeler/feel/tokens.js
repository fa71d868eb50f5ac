// The parts of a FEEL text, for colouring it and for knowing what stands at the caret. It judges nothing: what is right
// and what is wrong the server says, which has the language.
const KEYWORDS = new Set(
  'if then else for in return some every satisfies and or not between instance of function external true false null'.split(' '),
);
const BINDERS = new Set(['for', 'some', 'every']);
const PART = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`,
    String.raw`(?<temporal>@"(?:[^"\\]|\\.)*"?)`,
    String.raw`(?<string>"(?:[^"\\]|\\.)*"?)`,
    String.raw`(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)`,
    String.raw`(?<word>[\p{L}_?][\p{L}\p{N}\p{M}_]*)`,
    String.raw`(?<space>\s+)`,
    String.raw`(?<sign>\*\*|\.\.|<=|>=|!=|->|[\s\S])`,
  ].join('|'),
  'gu',
);

// Parts in their order, without gaps: {kind, text, from, to}. `names`: functions that may hold blanks ("string length").
export function partsOf(text, functions = []) {
  const parts = [...text.matchAll(PART)].map((match) => {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    return { kind, text: match[0], from: match.index, to: match.index + match[0].length };
  });
  return withWords(parts, text, new Set(functions));
}

function withWords(parts, text, functions) {
  const called = [...functions].filter((name) => name.includes(' '));
  return parts.map((part) => {
    if (part.kind !== 'word') {
      return part;
    }
    const long = called.some((name) => partOfName(name, text, part));
    const isCall = /^\s*\(/.test(text.slice(part.to)) && !KEYWORDS.has(part.text);
    return { ...part, kind: long || isCall ? 'function' : KEYWORDS.has(part.text) ? 'keyword' : 'name' };
  });
}

// "string length(" is one name in two words.
function partOfName(name, text, part) {
  for (let at = name.indexOf(part.text); at >= 0; at = name.indexOf(part.text, at + 1)) {
    const from = part.from - at;
    if (from >= 0 && text.startsWith(name, from) && /^\s*\(/.test(text.slice(from + name.length))) {
      return true;
    }
  }
  return false;
}

// What is being written before the caret: a name with its path; null within a text or a comment.
export function wordBefore(text, caret) {
  const inside = partsOf(text).find((part) => part.from < caret && caret <= part.to);
  const closed = inside?.kind === 'string' || inside?.kind === 'temporal' ? caret === inside.to && /"$/.test(inside.text) && inside.text.length > 1 : true;
  if (inside?.kind === 'comment' || !closed) {
    return null;
  }
  const [word] = text.slice(0, caret).match(/[\p{L}_][\p{L}\p{N}\p{M}_]*(?:\.[\p{L}\p{N}\p{M}_]*)*$/u) ?? [''];
  return { text: word, from: caret - word.length };
}

// Paths that are read, first of all those that somebody knows; names bound inside the expression are none.
export function namesRead(text, known) {
  const parts = partsOf(text).filter((part) => part.kind !== 'space' && part.kind !== 'comment');
  const bound = new Set(['item', 'partial']);
  const found = [];
  parts.forEach((part, index) => {
    const before = parts[index - 1]?.text;
    const after = parts[index + 1]?.text;
    if (BINDERS.has(before) || (before === ',' && after === 'in') || (after === ':' && part.kind === 'name')) {
      bound.add(part.text);
    } else if (part.kind === 'name' && before !== '.') {
      found.push(pathFrom(parts, index));
    }
  });
  const free = found.filter((path) => !bound.has(path.split('.')[0]));
  return [...new Set(free.map((path) => longestKnown(path, known)))];
}

function pathFrom(parts, index) {
  let path = parts[index].text;
  for (let at = index + 1; parts[at]?.text === '.' && parts[at + 1]?.kind === 'name'; at += 2) {
    path += `.${parts[at + 1].text}`;
  }
  return path;
}

// `document.kind.x` is asked as `document.kind` when only that is known.
function longestKnown(path, known) {
  const steps = path.split('.');
  const lengths = steps.map((_, index) => steps.length - index);
  const found = lengths.find((length) => known.has(steps.slice(0, length).join('.')));
  return found ? steps.slice(0, found).join('.') : path;
}

// Whether an attribute holds an expression at all: else it is plain text.
export function isExpression(text, kind) {
  return kind !== 'attribute' || /^\s*=/.test(text) || text.includes('${');
}
