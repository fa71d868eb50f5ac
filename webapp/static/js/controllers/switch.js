// On a phone the task page shows one part at a time: document, form or opinions.
export function start(switcher) {
  const links = [...switcher.querySelectorAll("a")];
  const begin = links.find((link) => link.hasAttribute("aria-current")) ?? links[0];
  const narrow = matchMedia("(max-width: 860px)");

  function part(link) {
    return document.querySelector(link.getAttribute("href"));
  }

  function show(chosen) {
    for (const link of links) {
      if (link === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      const place = part(link);
      if (place) place.hidden = narrow.matches && link !== chosen;
    }
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (!narrow.matches) return;
      event.preventDefault();
      show(link);
    });
  }
  const refused = document.querySelector("#xu-ly :is(.mo-summary, .mo-err)");
  const first = () => show(links.find((link) => link.getAttribute("href") === (refused ? "#xu-ly" : location.hash)) ?? begin);
  narrow.addEventListener("change", first);
  addEventListener("hashchange", first);
  first();
}
