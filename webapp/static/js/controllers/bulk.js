// Rows that are ticked: how many, all at once, and marked.
export function start(form) {
  const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const all = form.querySelector("[data-bulk-all]");
  const said = form.querySelector("[data-bulk-said]");
  const before = said.textContent;

  function show() {
    const ticked = boxes.filter((box) => box.checked);
    said.textContent = ticked.length ? `Đã đánh dấu ${ticked.length}` : before;
    all.checked = ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && !all.checked;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", box.checked);
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
}
