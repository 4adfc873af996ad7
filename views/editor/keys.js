// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Keys and buttons: which action a press means, by the table that the page carries (the one that `?`
// lists). What an action does is in `actions.js`.

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {(event: Event) => void} Action
 */

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * The key of an event as the table writes it: `Mod+Shift+Z`.
 * @param {KeyboardEvent} event
 */
export function keyOf(event) {
  const { key, shiftKey, altKey } = event;
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  // Of characters other than letters, Shift is how they are typed and says nothing more.
  const isShifted = shiftKey && (key.length > 1 || key.toLowerCase() !== key.toUpperCase());
  const name = key.length === 1 ? key.toUpperCase() : key;
  return `${isMod ? "Mod+" : ""}${altKey ? "Alt+" : ""}${isShifted ? "Shift+" : ""}${name}`;
}

/**
 * On a Mac writes the keys as they are printed there.
 * @param {Element} root
 */
export function nameKeys(root) {
  if (!isMac) return;
  for (const key of root.querySelectorAll("kbd")) {
    key.textContent = asOnMac(key.textContent ?? "");
  }
  for (const tool of root.querySelectorAll("[title*='(Ctrl+']")) {
    tool.setAttribute("title", asOnMac(tool.getAttribute("title") ?? ""));
  }
}

/** @param {string} keys */
function asOnMac(keys) {
  return keys.replace(/\bCtrl\b[ +]?/, "⌘").replace(/\bAlt\b[ +]?/, "⌥")
    .replace(/\bShift\b[ +]?/, "⇧");
}

/**
 * Lets keys on the canvas, and buttons with `data-action` anywhere, do what they say.
 * @param {Editor} editor
 * @param {Readonly<Record<string, Action>>} actions
 */
export function obey(editor, actions) {
  /** @type {Record<string, readonly string[]>} */
  const table = JSON.parse(editor.root.dataset.keys ?? "{}");
  const byKey = new Map(
    Object.entries(table).flatMap(([action, keys]) =>
      keys.map((key) => /** @type {const} */ ([key, action]))
    ),
  );
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    const name = byKey.get(keyOf(event));
    const action = name === undefined ? undefined : actions[name];
    if (action === undefined || !isOurs(editor, event.target)) return;
    event.preventDefault();
    action(event);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    const action = actions[button?.getAttribute("data-action") ?? ""];
    if (button instanceof HTMLElement) action?.(new Event("click"));
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"));
}

/**
 * Keys belong to the canvas while it, or nothing, has the focus: Enter on a button is that button's.
 * @param {Editor} editor
 * @param {EventTarget | null} target
 */
function isOurs(editor, target) {
  return target === document.body || (target instanceof Node && editor.canvas.contains(target)) ||
    (target instanceof HTMLElement && editor.root.contains(target) &&
      !target.closest("dialog") && target.matches(".palette *, .editor-bar *") === false &&
      !target.closest("a, button, summary, #inspector, #findings"));
}
