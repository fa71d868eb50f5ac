// The document viewer: zoom without loading the page again, and which page is being read. Without it the zoom links work.
export function start(element) {
  const bed = element.querySelector("[data-viewer-bed]");
  if (!bed) return;
  zooms(element, bed);
  place(element, bed);
}

function zooms(element, bed) {
  const links = [...element.querySelectorAll("[data-viewer-zoom]")];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const share = bed.scrollTop / Math.max(1, bed.scrollHeight);
      bed.className = bed.className.replace(/mo-zoom-\S+/, `mo-zoom-${link.dataset.viewerZoom}`);
      for (const other of links) other.toggleAttribute("aria-current", other === link);
      link.setAttribute("aria-current", "true");
      bed.scrollTop = share * bed.scrollHeight;
    });
  }
}

function place(element, bed) {
  const told = element.querySelector("[data-viewer-place]");
  const pages = [...bed.querySelectorAll("[data-viewer-page]")];
  if (!told || pages.length < 2) return;
  const seen = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen.set(entry.target, entry.intersectionRatio);
      const best = pages.reduce((a, b) => ((seen.get(b) || 0) > (seen.get(a) || 0) ? b : a));
      told.textContent = `Trang ${best.dataset.viewerPage}/${pages.length}`;
    },
    { root: bed, threshold: [0, 0.25, 0.5, 0.75, 1] },
  );
  for (const page of pages) watch.observe(page);
}
