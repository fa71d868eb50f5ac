// A part of the page that follows work going on elsewhere: drawn anew when something has changed, and every few seconds
// while data-renew-running stands on it. Not under the hands of somebody who is at work in it.
const PAUSE = 800;
const BEAT = 4000;

export function start(part) {
  let waiting = 0;

  async function renew() {
    waiting = 0;
    if (part.contains(document.activeElement) || document.querySelector(":popover-open")) return later(BEAT);
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (!fresh) return;
      part.replaceChildren(...fresh.childNodes);
      part.toggleAttribute("data-renew-running", fresh.hasAttribute("data-renew-running"));
    }
    if (part.hasAttribute("data-renew-running")) later(BEAT);
  }

  function later(pause) {
    if (!waiting) waiting = setTimeout(renew, pause);
  }

  document.addEventListener("moc:changed", () => {
    if (!part.hasAttribute("data-renew-running")) return;
    clearTimeout(waiting);
    waiting = 0;
    later(PAUSE);
  });
  if (part.hasAttribute("data-renew-running")) later(BEAT);
}
