// Parts of a page that follow what happens: [data-refresh="name"] is taken anew from the page's own address, when
// something in the office has changed and every half minute, unless nobody looks or somebody is at work in the part.
const EVERY = 30_000; // milliseconds
const SOON = 1500;

export function start(place) {
  let waiting = 0;
  let timer = 0;

  const busy = (part) => part.contains(document.activeElement) || part.querySelector("details[open], :popover-open");

  async function refresh() {
    waiting = 0;
    if (document.hidden) return again();
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    return again();
  }

  function show(page) {
    for (const part of place.querySelectorAll("[data-refresh]")) {
      const fresh = page.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
      if (fresh && !busy(part) && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    }
  }

  function again() {
    clearTimeout(timer);
    timer = setTimeout(refresh, EVERY);
  }

  document.addEventListener("moc:changed", () => {
    waiting ||= setTimeout(refresh, SOON + Math.random() * SOON);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) waiting ||= setTimeout(refresh, SOON);
  });
  again();
}
