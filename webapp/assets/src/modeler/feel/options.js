// What may be put in at the caret, the likeliest first.
const MOST = 60; // more than anybody walks through by keyboard

// Without signs and case: "don vi" finds "Đơn vị".
export function folded(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

// `word`: what is being written; `text` up to the caret. An option: {label, insert, kind, type, told, example, result}.
export function optionsFor({ word, before, variables, functions }) {
  const chosen = choicesAt(before.slice(0, before.length - word.length), variables);
  const all = [...chosen, ...variables.map(variableOption), ...functions.map(functionOption)];
  const wanted = folded(word);
  const ranked = all.map((option, order) => ({ option, order, rank: rankOf(option, wanted) })).filter(({ rank }) => rank < 9);
  ranked.sort((one, other) => one.rank - other.rank || one.order - other.order);
  return ranked.slice(0, MOST).map(({ option }) => option);
}

function rankOf({ label, told, kind }, wanted) {
  if (!wanted) {
    return kind === 'choice' ? 0 : 1;
  }
  const name = folded(label);
  const ranks = [
    [name.startsWith(wanted), 1],
    [name.split(/[.\s_]/).some((part) => part.startsWith(wanted)), 2],
    [name.includes(wanted), 3],
    [wanted.length > 2 && folded(told).includes(wanted), 4],
  ];
  return ranks.find(([fits]) => fits)?.[1] ?? 9;
}

// After `urgency = ` stand the values that its form offers.
function choicesAt(before, variables) {
  const [, path] = before.match(/([\p{L}_][\p{L}\p{N}\p{M}_.]*)\s*(?:=|!=|in\s*\(?)\s*$/u) ?? [];
  const variable = variables.find(({ name }) => name === path);
  return (variable?.choices ?? []).map(({ value, label }) => ({ kind: 'choice', label: value, insert: value, type: '', told: label }));
}

function variableOption({ name, type, label, source }) {
  return { kind: 'variable', label: name, insert: name, type, told: label || source, source: label ? source : '' };
}

function functionOption({ name, description, forms, example, result, own, group }) {
  return { kind: 'function', label: name, insert: `${name}()`, type: own ? 'của hệ thống' : group, told: description, forms, example, result };
}

// Plain values of an attribute that is no expression: people, roles, durations.
export function plainOptions(text, suggested) {
  const wanted = folded(text);
  return suggested
    .filter(({ value, label }) => !wanted || folded(`${value} ${label}`).includes(wanted))
    .slice(0, MOST)
    .map(({ value, label }) => ({ kind: 'plain', label: value, insert: value, type: '', told: label === value ? '' : label }));
}
