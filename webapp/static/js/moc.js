// The product works without this. A behaviour is one small module in controllers/, started for each element that
// names it: data-controller="live list". Modules export start(element).
document.documentElement.dataset.script = "on";

const root = new URL(".", import.meta.url);
const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) loaded.set(name, import(new URL(`controllers/${name}.js`, root).href));
  return loaded.get(name);
}

export function startAll(within) {
  for (const element of within.querySelectorAll("[data-controller]")) {
    for (const name of element.dataset.controller.split(/\s+/)) {
      load(name).then((module) => module.start(element));
    }
  }
}

startAll(document);
import("./keys.js");

// What was typed and kept on this machine goes when it has been taken in, and when the person signs out.
const sent = sessionStorage.getItem("moc-gui");
if (sent && document.querySelector(".mo-toast")) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("moc-gui");
}
for (const form of document.querySelectorAll("form[action$='/sign-out']")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("moc-nhap:")) localStorage.removeItem(key);
  });
}
