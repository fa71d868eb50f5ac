// The summary of a refused form takes the focus, so that it is read out and the next Tab is its first link.
export function start(element) {
  element.focus();
}
