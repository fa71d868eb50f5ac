// Live updates (server-sent events): the bell, and pages that say what they show with data-live-topic.
export function start(shell) {
  const source = new EventSource(shell.dataset.liveUrl);
  source.addEventListener("notices", (event) => showBell(JSON.parse(event.data).unread));
  source.addEventListener("changed", () => {
    for (const hint of document.querySelectorAll("[data-live-hint]")) hint.hidden = false;
    document.dispatchEvent(new Event("moc:changed"));
  });
  addEventListener("pagehide", () => source.close());
}

function showBell(unread) {
  const bell = document.querySelector("[data-live-bell]");
  if (!bell) return;
  const dot = bell.querySelector(".mo-dot");
  if (!unread && dot) dot.remove();
  if (unread && !dot) bell.insertAdjacentHTML("beforeend", '<span class="mo-dot"></span>');
  bell.setAttribute("aria-label", unread ? `Thông báo, ${unread} mục mới` : "Thông báo");
}
