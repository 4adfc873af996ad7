// The tree of a project by arrow keys, where the focus is after a folder was opened, and a word before a
// changed text is left. Everything works without it.

/** @returns {HTMLElement | null} */
function treeOf(/** @type {EventTarget | null} */ target) {
  return target instanceof HTMLElement ? target.closest(".tree") : null;
}

/** The toggle of the entry that a link stands in. */
function toggleOf(/** @type {HTMLElement} */ link) {
  return /** @type {HTMLElement | null} */ (
    link.closest(".tree-row")?.querySelector(".tree-toggle") ?? null
  );
}

function focusBeside(/** @type {HTMLElement[]} */ links, /** @type {number} */ at) {
  links[Math.min(Math.max(at, 0), links.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  const tree = treeOf(event.target);
  if (!tree || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = /** @type {HTMLElement} */ (event.target);
  const links = /** @type {HTMLElement[]} */ ([
    ...tree.querySelectorAll("a.tree-name, .tree-more a"),
  ]);
  const at = links.indexOf(link.matches(".tree-toggle") ? nameBeside(link) : link);
  const isOpen = toggleOf(link)?.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowDown") focusBeside(links, at + 1);
  else if (event.key === "ArrowUp") focusBeside(links, at - 1);
  else if (event.key === "Home") focusBeside(links, 0);
  else if (event.key === "End") focusBeside(links, links.length - 1);
  else if (event.key === "ArrowRight" && isOpen) focusBeside(links, at + 1);
  else if (event.key === "ArrowRight") toggleOf(link)?.click();
  else if (event.key === "ArrowLeft" && isOpen) toggleOf(link)?.click();
  else if (event.key === "ArrowLeft") folderAbove(link)?.focus();
  else return;
  event.preventDefault();
});

function nameBeside(/** @type {HTMLElement} */ link) {
  return /** @type {HTMLElement} */ (
    link.closest(".tree-row")?.querySelector("a.tree-name") ?? link
  );
}

function folderAbove(/** @type {HTMLElement} */ link) {
  const item = link.closest(".tree-level")?.closest(".tree-item");
  return /** @type {HTMLElement | null} */ (item?.querySelector("a.tree-name") ?? null);
}

/** Which folder was toggled last; its entry is replaced as a whole, and the focus with it. */
let toggled = { path: "", isName: false };

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest(".tree-toggle") : null;
  if (!(target instanceof HTMLElement)) return;
  const isName = document.activeElement?.matches("a.tree-name") ?? false;
  toggled = { path: target.dataset.path ?? "", isName };
}, true);

document.addEventListener("htmx:after:swap", () => {
  if (toggled.path === "") return;
  const toggle = /** @type {HTMLElement | null} */ (
    document.querySelector(`.tree-toggle[data-path="${CSS.escape(toggled.path)}"]`)
  );
  if (toggle) (toggled.isName ? nameBeside(toggle) : toggle).focus();
  toggled = { path: "", isName: false };
});

/** A text that was changed and not saved. */
const guarded = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-guard]"));
let isSaving = false;
guarded?.addEventListener("submit", () => {
  isSaving = true;
});
addEventListener("beforeunload", (event) => {
  const text = guarded?.querySelector("textarea");
  const isUnsaved = guarded?.dataset.guard === "unsaved" || text?.value !== text?.defaultValue;
  if (!text || isSaving || !isUnsaved) return;
  event.preventDefault();
});
