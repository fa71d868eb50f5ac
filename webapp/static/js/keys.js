// Keys for the whole product: / search, g then a letter to go, Ctrl+Enter the primary action, Escape closes a quick look.
const GO = { v: "/tasks", d: "/incoming", s: "/registers", t: "/notices" };
const off = document.documentElement.dataset.keys === "off";
let waiting = 0;

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") || document.querySelector("form[data-primary]");
    const button = form && form.querySelector("[type=submit].btn-primary");
    if (button) {
      event.preventDefault();
      form.requestSubmit(button);
    }
    return;
  }
  if (off || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const search = document.getElementById("tim");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "g") {
    waiting = Date.now();
  } else if (Date.now() - waiting < 1500 && GO[event.key]) {
    const link = document.querySelector(`.mo-nav a[href^="${GO[event.key]}"]`);
    if (link) link.click();
    waiting = 0;
  }
});
