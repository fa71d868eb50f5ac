// What is typed is kept on this machine until it is sent: a closed laptop or a lost connection loses nothing.
const PREFIX = "moc-nhap:";
const FOR = 14 * 24 * 3600 * 1000;

export function start(form) {
  const key = PREFIX + form.dataset.draftKey;
  const said = document.querySelector("[data-draft-said]");
  if (!form.querySelector(".mo-summary")) restore(form, key, said);
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(form, key, said), 600);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(form, key, null);
    sessionStorage.setItem("moc-gui", key);
  });
}

function keep(form, key, said) {
  const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrf_token|pin)$/.test(name));
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
  } catch {
    return;
  }
  if (said) said.textContent = `Đã giữ trên máy ${new Date().toTimeString().slice(0, 5)}`;
}

function restore(form, key, said) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(key));
  } catch {
    return;
  }
  if (!kept || Date.now() - kept.at > FOR) return;
  const left = new Map();
  for (const [name, value] of kept.values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    const values = left.get(field.name);
    if (field.type === "radio" || field.type === "checkbox") {
      if (left.size && field.name) field.checked = Boolean(values?.includes(field.value));
    } else if (values?.length && field.type !== "hidden") field.value = values[0];
  }
  if (said) said.textContent = "Đã lấy lại nội dung gõ dở";
  form.dispatchEvent(new Event("change", { bubbles: true }));
}
