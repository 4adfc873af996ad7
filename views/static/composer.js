// @ts-check
/// <reference lib="dom" />
// The composer of a run: Enter sends, the field empties once the words have arrived, and what failed stays.
// Without this file it is a form with a button.

for (const hint of document.querySelectorAll("[data-when-script]")) {
  if (hint instanceof HTMLElement) hint.hidden = false;
}

/** The composer's form that something happened in. */
function composerOf(/** @type {EventTarget | null} */ target) {
  return target instanceof Element
    ? /** @type {HTMLFormElement | null} */ (target.closest("form[data-composer]"))
    : null;
}

document.addEventListener("keydown", (event) => {
  // Enter also ends a word that is being put together, as in Chinese.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const form = composerOf(event.target);
  if (!form || !(event.target instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  // `run.js` would send it once more for Ctrl and Enter.
  event.stopImmediatePropagation();
  if (event.target.value.trim() !== "" && !form.hasAttribute("aria-busy")) form.requestSubmit();
}, { capture: true });

document.addEventListener("htmx:before:request", (event) => {
  composerOf(event.target)?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:after:request", (event) => {
  const form = composerOf(event.target);
  const { ctx } = /** @type {CustomEvent<{ ctx: { response?: { status?: number } } }>} */ (event)
    .detail;
  if (!form || !((ctx.response?.status ?? 500) < 400)) return;
  form.dispatchEvent(new CustomEvent("draft:sent", { bubbles: true }));
  const field = form.querySelector("textarea");
  if (field) field.value = "";
});

document.addEventListener("htmx:finally:request", (event) => {
  composerOf(event.target)?.removeAttribute("aria-busy");
});
