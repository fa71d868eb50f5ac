// Files dropped on the frame go into its file input; the chosen files are named with their sizes before they are sent.
const LIMIT = 25 * 1024 * 1024;

export function start(element) {
  const input = element.querySelector("input[type=file]");
  const list = document.getElementById(element.dataset.dropList);
  if (!input) return;
  for (const kind of ["dragenter", "dragover"]) {
    element.addEventListener(kind, (event) => {
      event.preventDefault();
      element.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) element.addEventListener(kind, () => element.classList.remove("is-over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => tell(input, list));
  element.closest("form")?.addEventListener("submit", (event) => busy(event.target));
}

function tell(input, list) {
  if (!list) return;
  list.replaceChildren(...[...input.files].map(row));
  list.hidden = input.files.length === 0;
  const submit = input.form?.querySelector("[type=submit]");
  if (submit && input.files.length) submit.focus();
}

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const size = document.createElement("span");
  size.className = file.size > LIMIT ? "mo-err" : "mo-3";
  size.textContent = file.size > LIMIT ? `${amount(file.size)}, quá 25 MB: sẽ bị từ chối` : amount(file.size);
  item.append(name, size);
  return item;
}

function amount(bytes) {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
}

function busy(form) {
  const button = form.querySelector("[type=submit]");
  if (!button) return;
  setTimeout(() => {
    button.disabled = true;
    button.textContent = button.dataset.busy || button.textContent;
  });
}
