// What was done, for 8 seconds; it stays while it has the pointer or the focus.
const SHOWN = 8000;

export function start(toast) {
  let timer = setTimeout(() => toast.remove(), SHOWN);
  const stop = () => clearTimeout(timer);
  const again = () => {
    stop();
    timer = setTimeout(() => toast.remove(), SHOWN);
  };
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", again);
  toast.addEventListener("focusout", again);
  toast.querySelector("[data-toast-close]").addEventListener("click", () => toast.remove());
}
