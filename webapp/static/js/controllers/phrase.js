// A ready-made sentence goes into the field named by data-for.
export function start(button) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.for);
    field.value = (field.value ? `${field.value.trim()} ` : "") + button.textContent.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}
