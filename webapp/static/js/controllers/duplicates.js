// Asks at once whether the document being registered is already in the book. Without it the answer comes on sending.
export function start(element) {
  const form = element.closest("form");
  const names = (element.dataset.duplicatesFields || "").split(" ");
  if (!form) return;
  let asked = "";
  const ask = async () => {
    const values = new URLSearchParams();
    for (const name of names) values.set(name, form.elements[name]?.value || "");
    if (values.toString() === asked) return;
    asked = values.toString();
    const answer = await fetch(`${element.dataset.duplicatesUrl}?${asked}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || values.toString() !== asked) return;
    element.innerHTML = await answer.text();
    const reason = document.getElementById(element.dataset.duplicatesReason);
    if (reason) reason.hidden = !element.querySelector(".mo-note");
  };
  form.addEventListener("change", (event) => {
    if (names.includes(event.target.name)) ask().catch(() => {});
  });
}
