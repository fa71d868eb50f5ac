// A calendar beside a date field: the browser's own, over a field that keeps Vietnamese dates (dd/mm/yyyy).
export function start(place) {
  const field = place.querySelector("input");
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.className = "mo-date-picker";
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-icon mo-date-open";
  button.setAttribute("aria-label", "Mở lịch");
  button.append(place.querySelector("template").content.cloneNode(true));
  button.addEventListener("click", () => {
    const [day, month, year] = field.value.split("/");
    picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    field.value = picker.value.split("-").reverse().join("/");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  place.append(picker, button);
}
