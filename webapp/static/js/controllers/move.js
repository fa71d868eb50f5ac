// Moving tokens on the diagram: a click (or Enter) on an element where tokens stand takes them out, on any other element
// starts one there. The form stays the truth: everything can be done in it alone. What would happen is asked at once.
const AFTER = 400; // milliseconds

export function start(form) {
  const diagram = document.querySelector("[data-diagram-choose]");
  const preview = document.querySelector("[data-move-preview]");
  let shown = "";
  let waiting = 0;
  let asked = 0;

  const boxes = () => [...form.querySelectorAll("[name=cancel]")];
  const picks = () => [...form.querySelectorAll("[name=start]")];
  const here = (node) => node?.dataset.definition === shown;

  function mark() {
    if (!diagram?.diagram?.choosing) return;
    diagram.diagram.choosing.mark({
      "is-cancel": boxes().filter((box) => box.checked && here(box)).map((box) => box.dataset.element),
      "is-start": picks().filter((pick) => pick.value && here(pick.selectedOptions[0])).map((pick) => pick.value),
    });
  }

  function toggle({ id, definition }) {
    const there = boxes().filter((box) => box.dataset.element === id && box.dataset.definition === definition);
    if (there.length) {
      // of a round the whole of it, not each of its elements beside it
      const outer = there.filter((box) => box.dataset.state === "inside");
      const meant = outer.length ? outer : there;
      const all = meant.every((box) => box.checked);
      for (const box of there) box.checked = !all && meant.includes(box);
    } else toggleStart(id);
    changed();
  }

  function toggleStart(id) {
    const chosen = picks().find((pick) => pick.value === id);
    if (chosen) chosen.value = "";
    else (picks().find((pick) => !pick.value) ?? another()).value = id;
  }

  function another() {
    const last = picks().at(-1);
    const copy = last.cloneNode(true);
    copy.id = `${last.id}-${picks().length}`;
    copy.setAttribute("aria-label", last.labels[0]?.textContent ?? last.getAttribute("aria-label"));
    last.after(copy);
    return copy;
  }

  function changed() {
    mark();
    clearTimeout(waiting);
    waiting = setTimeout(ask, AFTER);
  }

  async function ask() {
    const mine = ++asked;
    const wanted = new URLSearchParams([...new FormData(form)].filter(([name, value]) => /^(cancel|start)$/.test(name) && value));
    const address = `${location.pathname}?${wanted}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const reason = document.getElementById("o-reason")?.value ?? "";
    preview.replaceChildren(...page.querySelector("[data-move-preview]").childNodes);
    const field = document.getElementById("o-reason");
    if (field) field.value = reason;
    history.replaceState(null, "", address);
  }

  document.addEventListener("moc:element", (event) => toggle(event.detail));
  document.addEventListener("moc:diagram", (event) => {
    shown = event.detail.definition;
    mark();
  });
  form.addEventListener("change", changed);
}
