// A choice may show or hide other fields: the server, which knows the rules, draws them again with what was typed.
export function start(form) {
  const place = form.querySelector("[data-fields]");

  form.addEventListener("change", async (event) => {
    if (!/^(SELECT|INPUT)$/.test(event.target.tagName) || !/^(select-one|radio|checkbox)$/.test(event.target.type)) return;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.fieldsUrl, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const drawn = document.createElement("div");
    drawn.innerHTML = await answer.text();
    show(place, drawn);
  });
}

function names(within) {
  return [...within.querySelectorAll("[id^='o-']")].map((field) => field.id).join();
}

// Only when other fields are to be seen; focus and what is typed meanwhile stay where they are.
function show(place, drawn) {
  if (names(place) === names(drawn)) return;
  const focused = document.activeElement;
  const [name, value] = [focused?.name, focused?.value];
  for (const field of place.querySelectorAll("textarea, input:not([type=radio]):not([type=checkbox])")) {
    const same = drawn.querySelector(`#${CSS.escape(field.id)}`);
    if (same && field.id) same.value = field.value;
  }
  place.replaceChildren(...drawn.childNodes);
  if (name) [...place.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((f) => f.value === value || f.type !== "radio")?.focus();
}
