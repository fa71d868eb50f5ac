// Choosing in a filter bar filters at once; typing waits for Enter.
export function start(form) {
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
}
