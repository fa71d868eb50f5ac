// Signing is sent once: the button is not pressed twice while the signature is made.
export function start(form) {
  form.addEventListener("submit", () => {
    setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    });
  });
}
