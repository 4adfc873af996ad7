// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What forms do besides htmx: save while one pauses, keep what is not stored yet across reloads, hand
// the marks of an answer to the canvas. Every form works without it.

/**
 * @typedef {{ request: { body: URLSearchParams | FormData }, response?: { status: number }, text?: string }} Context
 * @typedef {{ readonly value: string, readonly was: string }} Unsaved
 */

/** Prose is saved when typing pauses this long. */
const PAUSE_MS = 1500;

/** The form that saves itself, if the page has one. */
function sheetForm() {
  const form = document.querySelector("form[data-autosave]");
  return form instanceof HTMLFormElement ? form : null;
}

/** @param {Element | EventTarget | null} element @returns {element is HTMLInputElement | HTMLTextAreaElement} */
function isText(element) {
  return element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && element.type === "text");
}

// ---- what is not stored yet

/** @param {string} action */
function memoryKey(action) {
  return `crewagent:unsaved:${new URL(action, location.href).pathname}${
    new URL(action, location.href).search
  }`;
}

/** @param {string} action @returns {Record<string, Unsaved>} */
function remembered(action) {
  try {
    const found = JSON.parse(sessionStorage.getItem(memoryKey(action)) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** @param {string} action @param {Record<string, Unsaved>} values */
function remember(action, values) {
  try {
    if (Object.keys(values).length === 0) sessionStorage.removeItem(memoryKey(action));
    else sessionStorage.setItem(memoryKey(action), JSON.stringify(values));
  } catch {
    // A browser that keeps nothing: then only this page has it.
  }
}

/** The hidden field that says what the person saw of the field of a control. @param {HTMLFormElement} form @param {string} name */
function wasOf(form, name) {
  const parts = name.split(".");
  for (let length = parts.length; length > 0; length--) {
    const found = form.elements.namedItem(`was.${parts.slice(0, length).join(".")}`);
    if (found instanceof HTMLInputElement) return found;
  }
  return null;
}

/** @param {HTMLFormElement} form @param {HTMLInputElement | HTMLTextAreaElement} control */
function keep(form, control) {
  const was = wasOf(form, control.name);
  if (!was) return;
  const values = remembered(form.action);
  remember(form.action, { ...values, [control.name]: { value: control.value, was: was.value } });
}

/** Puts back what a form that is shown again had not stored. @param {HTMLFormElement} form */
function restore(form) {
  const values = remembered(form.action);
  for (const [name, { value, was }] of Object.entries(values)) {
    const control = form.elements.namedItem(name);
    const seen = wasOf(form, name);
    const isListed = /\.\d+\./.test(name);
    // Items of a list that is another one now are other items.
    if (!(control instanceof Element) || !isText(control) || !seen) continue;
    if (control.value === value || (isListed && seen.value !== was)) {
      delete values[name];
      continue;
    }
    control.value = value;
    seen.value = was;
    const note = noteOf(control);
    if (note && !note.firstElementChild) {
      const text = document.createElement("p");
      text.className = "fault kept";
      text.textContent = sheet()?.dataset.kept ?? "";
      note.append(text);
    }
  }
  remember(form.action, values);
}

function sheet() {
  return document.getElementById("sheet");
}

/** @param {Element} control */
function noteOf(control) {
  return document.getElementById(`note-${control.id.replace(/^control-/, "")}`);
}

// ---- saving

/** @type {WeakMap<Element, number>} */
const pauses = new WeakMap();

document.addEventListener("input", ({ target }) => {
  if (!(target instanceof Element) || !isText(target)) return;
  const form = target.closest("form");
  if (!form?.matches("[data-autosave]")) return;
  keep(form, target);
  clearTimeout(pauses.get(target));
  if (target.dataset.prose === undefined) return;
  const send = () => target.dispatchEvent(new Event("change", { bubbles: true }));
  pauses.set(target, setTimeout(send, PAUSE_MS));
});

document.addEventListener("change", ({ target }) => {
  if (target instanceof Element) clearTimeout(pauses.get(target));
});

// A form that the canvas replaces while it is under way still hears of its answer.
document.addEventListener("focusin", ({ target }) => {
  const form = target instanceof Element
    ? target.closest("form[data-autosave], form[data-raw]")
    : null;
  if (form instanceof HTMLFormElement && !watched.has(form)) watch(form);
});

/** @type {WeakSet<HTMLFormElement>} */
const watched = new WeakSet();

/** @param {HTMLFormElement} form */
function watch(form) {
  watched.add(form);
  /** @param {string} name @param {(context: Context) => void} react */
  const on = (name, react) =>
    form.addEventListener(name, (event) => {
      if (event instanceof CustomEvent && event.target === form) react(event.detail.ctx);
    });
  on("htmx:before:request", ({ request }) => refresh(form, request.body));
  on("htmx:after:request", (context) => hear(form, context));
  on("htmx:error", () => sayOffline());
  form.addEventListener("crewagent:reload", () => void reload());
}

/** A request that waited in the queue says what the page knows now. @param {HTMLFormElement} form @param {URLSearchParams | FormData} body */
function refresh(form, body) {
  for (const was of form.querySelectorAll("input[data-was]")) {
    if (was instanceof HTMLInputElement) body.set(was.name, was.value);
  }
  const canvas = document.getElementById("editor");
  if (canvas?.dataset.revision) body.set("canvasRevision", canvas.dataset.revision);
}

/** @param {HTMLFormElement} form @param {Context} context */
function hear(form, { request, response, text = "" }) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (page.getElementById("answer")) {
    document.dispatchEvent(new CustomEvent("crewagent:answer", { detail: text }));
  }
  if (!form.matches("[data-autosave]")) return;
  const status = response?.status ?? 0;
  if (![200, 409, 422].includes(status)) return;
  forgetStored(form, request.body, page);
  if (!form.isConnected && status !== 200) toast(sheet()?.dataset.refused ?? "");
}

/** What was sent and not refused need not be kept. @param {HTMLFormElement} form @param {URLSearchParams | FormData} sent @param {Document} page */
function forgetStored(form, sent, page) {
  const values = remembered(form.action);
  const isAllRefused = page.querySelector("#form-status .notice.error") !== null;
  for (const [name, { value }] of Object.entries(values)) {
    const id = name.replaceAll(".", "-");
    const field = (wasOf(form, name)?.name ?? "").slice(4).replaceAll(".", "-");
    const isRefused = isAllRefused || page.querySelector(
      `#note-${CSS.escape(id)} .fault, #note-${CSS.escape(field)} .fault`,
    );
    if (!isRefused && sent.get(name) === value.replaceAll("\r\n", "\n")) delete values[name];
  }
  remember(form.action, values);
}

function sayOffline() {
  const status = document.getElementById("form-status");
  const text = document.createElement("p");
  text.className = "notice warning";
  text.textContent = sheet()?.dataset.offline ?? "";
  status?.replaceChildren(text);
}

addEventListener("online", () => sheetForm()?.dispatchEvent(new Event("change")));

/** @param {string} message */
function toast(message) {
  const element = document.createElement("div");
  element.className = "toast error";
  const text = document.createElement("p");
  text.textContent = message;
  element.append(text);
  document.getElementById("toasts")?.append(element);
}

// ---- what an answer puts into the page

document.addEventListener("htmx:before:swap", (event) => {
  if (!(event instanceof CustomEvent)) return;
  /** @type {{ fragment: DocumentFragment, target: Element }[]} */
  const tasks = event.detail.tasks ?? [];
  // The text beside the form may have been written in: then it stays, and saving it tells of the conflict.
  const kept = tasks.filter(({ target }) => target instanceof Element && hasOwnText(target));
  for (const task of kept) tasks.splice(tasks.indexOf(task), 1);
  for (const { fragment, target } of tasks) {
    if (target instanceof Element) keepOpen(target, fragment);
  }
});

/** @param {Element} target */
function hasOwnText(target) {
  const raw = target.querySelector("form[data-raw] textarea");
  return raw instanceof HTMLTextAreaElement && raw.value !== raw.defaultValue;
}

/** Folded parts stay as they are. @param {Element} old @param {DocumentFragment | Element} fresh */
function keepOpen(old, fresh) {
  const key = (/** @type {Element} */ details) => details.id || details.getAttribute("data-keep");
  const all = [old, ...old.querySelectorAll("details")].filter((one) => one.matches("details"));
  const open = new Map(all.map((one) => [key(one), one.hasAttribute("open")]));
  for (const details of fresh.querySelectorAll("details")) {
    const was = open.get(key(details));
    if (key(details) && was !== undefined) details.toggleAttribute("open", was);
  }
}

document.addEventListener("htmx:after:swap", () => {
  for (const note of document.querySelectorAll(".field-note")) markControl(note);
  const place = document.querySelector("#raw-note .fault[data-line]");
  const raw = document.getElementById("raw-text");
  if (place instanceof HTMLElement && raw instanceof HTMLTextAreaElement) {
    showPlace(raw, place.dataset);
  }
});

/** @param {Element} note */
function markControl(note) {
  const control = document.getElementById(note.id.replace(/^note-/, "control-"));
  if (!control) return;
  if (note.querySelector(".fault:not(.kept)")) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** Puts the cursor where the text is wrong. @param {HTMLTextAreaElement} raw @param {DOMStringMap} place */
function showPlace(raw, { line = "1", column = "1" }) {
  const lines = raw.value.split("\n");
  const start = lines.slice(0, Number(line) - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const at = Math.min(start + Number(column) - 1, raw.value.length);
  raw.focus();
  raw.setSelectionRange(at, at);
}

/** Shows the form as the server has it now. */
async function reload() {
  const old = sheet();
  const isBesideCanvas = document.getElementById("editor") !== null;
  const source = isBesideCanvas ? old?.dataset.source : undefined;
  const response = await fetch(source ?? location.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(old ? "#sheet" : ".file-page");
  const target = old ?? document.querySelector(".file-page");
  if (!fresh || !target) {
    if (!isBesideCanvas) {
      location.assign(document.querySelector(".crumbs a")?.getAttribute("href") ?? "/");
    }
    return;
  }
  keepOpen(target, fresh);
  const focused = document.activeElement?.id;
  target.replaceWith(document.adoptNode(fresh));
  const { htmx } = /** @type {{ htmx?: { process(element: Element): void } }} */ (
    /** @type {unknown} */ (window)
  );
  htmx?.process(fresh);
  if (focused) document.getElementById(focused)?.focus();
}

// ---- forms that come and go

/** @type {WeakSet<Element>} */
const known = new WeakSet();

function meet() {
  const form = sheetForm();
  if (!form || known.has(form)) return;
  known.add(form);
  watch(form);
  restore(form);
}
new MutationObserver(meet).observe(document.body, { childList: true, subtree: true });
meet();
