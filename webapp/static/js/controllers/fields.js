// A choice may show or hide other fields: the server, which knows the rules, draws them again with what was typed.
export function start(form) {
  const place = form.querySelector("[data-fields]");

  let waiting = 0;
  let asked = 0;

  form.addEventListener("change", (event) => {
    if (/^(SELECT|INPUT)$/.test(event.target.tagName) && /^(select-one|radio|checkbox)$/.test(event.target.type)) draw();
    else if ("live" in event.target.dataset) draw();
  });

  // Something depends on it: computed fields follow while people type, at their pauses.
  form.addEventListener("input", (event) => {
    if (!("live" in event.target.dataset) || /^(select-one|radio|checkbox)$/.test(event.target.type)) return;
    clearTimeout(waiting);
    waiting = setTimeout(draw, 300);
  });

  // Somebody was quicker than this script, or the browser has put back what was typed before.
  if ([...form.querySelectorAll("[data-live]")].some((one) => "defaultValue" in one && one.value !== one.defaultValue)) draw();

  async function draw() {
    clearTimeout(waiting);
    const turn = ++asked;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.fieldsUrl, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok || turn !== asked) return;
    const drawn = document.createElement("div");
    drawn.innerHTML = await answer.text();
    show(place, drawn);
  }
}

const TEXTS = "label[for^='o-'], legend, .mo-form-head, .mo-pre, .mo-hint, .mo-tick > span, .mo-pick > span";
const PICKS = "input[type=radio], input[type=checkbox]";

// What is to be seen: which fields, which of them may be changed, what may be ticked; not what stands in them.
function shape(within) {
  const fields = [...within.querySelectorAll("[id^='o-']:not(.mo-err)")].map((one) => [one.id, one.tagName, !!one.readOnly]);
  const picks = [...within.querySelectorAll(PICKS)].map((one) => [one.name, one.value, one.disabled]);
  return JSON.stringify([fields, picks, within.querySelectorAll(TEXTS).length]);
}

// Labels and notes may name what was typed.
function showTexts(place, drawn) {
  const fresh = drawn.querySelectorAll(TEXTS);
  place.querySelectorAll(TEXTS).forEach((old, at) => {
    const [was, is] = [old.firstChild, fresh[at].firstChild];
    if (was?.nodeType === Node.TEXT_NODE && is?.nodeType === Node.TEXT_NODE && was.data !== is.data) was.data = is.data;
  });
}

// What may be chosen now; what was chosen stays, where it still may.
function showChoices(place, drawn) {
  const offered = (select) => [...select.options].map((option) => option.value).join();
  for (const old of place.querySelectorAll("select")) {
    const fresh = drawn.querySelector(`#${CSS.escape(old.id)}`);
    if (fresh && offered(fresh) !== offered(old)) old.replaceChildren(...fresh.childNodes);
  }
}

function showValues(place, drawn) {
  showTexts(place, drawn);
  showChoices(place, drawn);
  for (const old of place.querySelectorAll("[data-computed]")) {
    const fresh = drawn.querySelector(`#${CSS.escape(old.id)}`);
    if (fresh && fresh.textContent !== old.textContent) old.textContent = fresh.textContent;
  }
}

// Only when other fields are to be seen; focus and what is typed meanwhile stay where they are.
function show(place, drawn) {
  if (shape(place) === shape(drawn)) return showValues(place, drawn);
  const focused = document.activeElement;
  const [name, value, caret] = [focused?.name, focused?.value, /^(TEXTAREA|INPUT)$/.test(focused?.tagName) ? focused.selectionStart : null];
  for (const field of place.querySelectorAll("textarea, input:not([type=radio]):not([type=checkbox])")) {
    const same = drawn.querySelector(`#${CSS.escape(field.id)}`);
    if (same && field.id && !same.readOnly) same.value = field.value;
  }
  place.replaceChildren(...drawn.childNodes);
  if (!name) return;
  const again = [...place.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((f) => f.value === value || f.type !== "radio");
  again?.focus();
  if (again && caret !== null) again.setSelectionRange(caret, caret);
}
