// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What waits for a person, while one looks elsewhere: the count in the navigation, the lists that show
// what moves, and notifications if the person asked for them. Without it pages are as they were loaded.

/** While the page is seen. */
const SEEN_MS = 5_000;
/** Unseen pages ask only where a notification may come of it. */
const UNSEEN_MS = 30_000;
const SEEN_KEYS = "crewagent_inbox_seen";

/** @typedef {{ runId: string, updatedAt: string, title: string }} Waiting */

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

async function look() {
  clearTimeout(timer);
  if (document.hidden && !mayNotify()) return;
  try {
    const answer = await fetch("/inbox/waiting", { headers: { accept: "application/json" } });
    // Who was signed out is told so by the next click.
    if (!answer.ok) return;
    const { data } = await answer.json();
    show(data.waiting, data.label);
    notify(data.waiting);
    refresh(data.waiting);
  } catch {
    // The server is restarting; the next look finds it.
  }
  timer = setTimeout(look, document.hidden ? UNSEEN_MS : SEEN_MS);
}

function show(/** @type {Waiting[]} */ waiting, /** @type {string} */ label) {
  const badge = document.getElementById("inbox-count");
  if (!badge) return;
  const text = waiting.length === 0 ? "" : waiting.length > 99 ? "99+" : String(waiting.length);
  if (badge.textContent !== text) badge.textContent = text;
  badge.hidden = text === "";
  badge.title = label;
}

const keyOf = (/** @type {Waiting} */ { runId, updatedAt }) => `${runId} ${updatedAt}`;

/** Lists that say where they come from are asked for anew, unless somebody is writing in them. */
function refresh(/** @type {Waiting[]} */ waiting) {
  if (document.hidden) return;
  const runs = document.querySelector("#run-list[data-refresh]");
  if (runs instanceof HTMLElement) replace(runs.dataset.refresh ?? "/runs", "#run-list");
  const inbox = document.getElementById("inbox-list");
  if (!inbox || inbox.dataset.waiting === waiting.map(keyOf).join(",")) return;
  const isWriting = [...inbox.querySelectorAll("textarea")].some(({ value }) => value !== "");
  const note = document.querySelector("[data-inbox-changed]");
  if (!isWriting) replace("/inbox", "#inbox-list");
  if (note instanceof HTMLElement) note.hidden = !isWriting;
}

function replace(/** @type {string} */ path, /** @type {string} */ target) {
  const { htmx } =
    /** @type {{ htmx?: { ajax: Function } }} */ (/** @type {unknown} */ (globalThis));
  const list = document.querySelector(target);
  // Whoever walks through the list by keyboard keeps the place.
  if (!htmx || list?.contains(document.activeElement)) return;
  htmx.ajax("GET", path, { target, select: target, swap: "outerHTML" });
}

function mayNotify() {
  return "Notification" in globalThis && Notification.permission === "granted";
}

/** Each matter once in this tab; the tag lets several tabs show one notification. */
function notify(/** @type {Waiting[]} */ waiting) {
  const stored = sessionStorage.getItem(SEEN_KEYS);
  const seen = new Set(JSON.parse(stored ?? "[]"));
  sessionStorage.setItem(SEEN_KEYS, JSON.stringify(waiting.map(keyOf)));
  // What waited before this tab was opened is no news.
  if (stored === null || !mayNotify()) return;
  for (const matter of waiting.filter((matter) => !seen.has(keyOf(matter)))) {
    if (location.pathname === `/runs/${matter.runId}` && !document.hidden) continue;
    const notification = new Notification(matter.title, { tag: keyOf(matter) });
    notification.addEventListener("click", () => {
      globalThis.focus();
      location.href = `/runs/${matter.runId}#matter`;
    });
  }
}

/** The permission is asked for by the person's click, never by itself. */
function offerNotifications() {
  const button = document.querySelector("button[data-notify]");
  if (!(button instanceof HTMLElement) || !("Notification" in globalThis)) return;
  const tell = () => {
    button.hidden = Notification.permission !== "default";
    for (const [name, permission] of [["on", "granted"], ["off", "denied"]]) {
      const note = document.querySelector(`[data-notify-${name}]`);
      if (note instanceof HTMLElement) note.hidden = Notification.permission !== permission;
    }
  };
  tell();
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    tell();
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
offerNotifications();
void look();
