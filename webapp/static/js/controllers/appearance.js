// Theme and density: kept in a cookie that the server reads, so that the next page is drawn right from the start.
const root = document.documentElement;
const YEAR = 365 * 24 * 3600;

function keep(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `moc_${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

export function start(button) {
  button.addEventListener("click", () => {
    if (button.dataset.appearance === "theme") {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      keep("theme", root.dataset.bsTheme);
    } else {
      root.dataset.density = root.dataset.density === "gon" ? "thoang" : "gon";
      keep("density", root.dataset.density);
    }
  });
}
