// Opens the browser's print dialog.
export function start(button) {
  button.addEventListener("click", () => print());
}
