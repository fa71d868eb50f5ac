// A list by keyboard: j and k move, Enter opens; the quick look beside it follows the selection.
const off = document.documentElement.dataset.keys === "off";

export function start(list) {
  const rows = [...list.querySelectorAll(".mo-row, .mo-tr-row")];
  const place = document.querySelector("[data-peek-place]");
  let waiting = 0;

  function current() {
    return rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  }

  function select(index) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    rows[current()]?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.querySelector("a, button")?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    clearTimeout(waiting);
    if (place && row.dataset.peek && place.offsetParent) waiting = setTimeout(() => peek(row), 150);
  }

  async function peek(row) {
    const answer = await fetch(row.dataset.peek, { headers: { Accept: "text/html" } });
    if (answer.ok && rows[current()] === row) place.innerHTML = await answer.text();
  }

  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "j") select(current() + 1);
    else if (event.key === "k") select(current() - 1);
    else if (event.key === "Enter" && event.target === document.body) rows[current()]?.querySelector("a, button")?.click();
  });
}
