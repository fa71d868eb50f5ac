// A chosen file is sent at once, by the button that saves everything else with it.
export function start(input) {
  const button = document.getElementById(input.dataset.attachButton);
  input.addEventListener("change", () => {
    if (button && input.files.length) input.form.requestSubmit(button);
  });
}
