// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What one is writing outlives a reload: fields with `data-draft` are kept for this tab under that name, and
// forgotten once their form was sent. Without this file they are as the server made them.

const PREFIX = "draft ";

/** @typedef {HTMLTextAreaElement | HTMLInputElement} Field */

/** A browser may refuse to keep anything; then nothing is kept. */
function attempt(/** @type {() => void} */ action) {
  try {
    action();
  } catch {
    return;
  }
}

function keyOf(/** @type {Field} */ field) {
  return PREFIX + field.dataset.draft;
}

/** The field an event is about, if it is kept. */
function draftField(/** @type {EventTarget | null} */ target) {
  const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isField && target.dataset.draft ? target : undefined;
}

/** What the server sent goes before what was kept: it is what was typed when something was wrong. */
function restore(/** @type {ParentNode} */ root) {
  for (const field of root.querySelectorAll("[data-draft]")) {
    const known = draftField(field);
    if (!known || known.value !== "") continue;
    attempt(() => {
      known.value = sessionStorage.getItem(keyOf(known)) ?? "";
    });
  }
}

document.addEventListener("input", (event) => {
  const field = draftField(event.target);
  if (!field) return;
  attempt(() => {
    if (field.value === "") sessionStorage.removeItem(keyOf(field));
    else sessionStorage.setItem(keyOf(field), field.value);
  });
});

/** Forgets the drafts of a form whose words have arrived. */
function forget(/** @type {Element | null} */ form) {
  for (const field of form?.querySelectorAll("[data-draft]") ?? []) {
    const known = draftField(field);
    if (known) attempt(() => sessionStorage.removeItem(keyOf(known)));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target instanceof Element ? event.target : null;
  // With htmx one stays on the page, which says itself when it is done.
  if (!form?.hasAttribute("hx-post")) forget(form);
});
document.addEventListener("draft:sent", (event) => {
  if (event.target instanceof Element) forget(event.target);
});

restore(document);
