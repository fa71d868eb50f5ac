// Parts that do not fit on a phone scroll sideways; the one in view is brought into sight.
export function start(list) {
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft + current.offsetWidth - list.offsetLeft - list.clientWidth + 8;
}
