// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The page of a run: text as the model writes it, and the conversation that stays at its end while one
// reads there. The pieces themselves come by htmx; without this file the page is read as it was loaded.

const talk = document.getElementById("talk-scroll");
const stream = document.getElementById("run-stream");

/** This near to the end counts as at the end. */
const NEAR_PX = 80;

if (talk && stream) {
  let isAtEnd = true;
  const follow = () => {
    if (isAtEnd) talk.scrollTop = talk.scrollHeight;
  };
  talk.addEventListener("scroll", () => {
    isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_PX;
  }, { passive: true });
  new MutationObserver(() => {
    if (isAtEnd) shorten();
    follow();
  }).observe(talk, { childList: true, subtree: true });
  if (!location.hash) follow();

  stream.addEventListener("delta", (event) => {
    const { data } = /** @type {CustomEvent<{ data: string }>} */ (event).detail;
    const { text, reasoning } = JSON.parse(data);
    write("text", text);
    write("reasoning", reasoning);
  });
  stream.addEventListener("written", clear);
  stream.addEventListener("htmx:before:request", waitUntilShown);
  // What was streamed before a pause in the connection is told as a whole, or anew.
  document.addEventListener("htmx:sse:before:connection", clear);
  document.addEventListener("keydown", submitByKey);
}

/**
 * A browser has six connections to a server, so a tab that was opened in the background takes none; one
 * that is hidden later gives its own back by itself.
 */
function waitUntilShown(/** @type {Event} */ event) {
  if (!document.hidden) return;
  event.preventDefault();
  const connect = () => stream?.dispatchEvent(new Event("shown"));
  document.addEventListener("visibilitychange", connect, { once: true });
}

/** Keeps a long conversation short: who reads at its end misses nothing, and can have the rest again. */
function shorten() {
  const list = document.getElementById("talk");
  const earlier = document.getElementById("talk-earlier");
  const most = Number(list?.dataset.most);
  const items = list?.querySelectorAll(":scope > .talk-item") ?? [];
  if (!earlier || !(items.length > most)) return;
  const kept = Math.ceil(most / 2);
  for (const item of [...items].slice(0, items.length - kept)) item.remove();
  const first = items[items.length - kept];
  const query = `before=${first?.id.replace("item-", "")}`;
  const link = earlier.querySelector("a");
  link?.setAttribute("href", `${location.pathname}?${query}`);
  link?.setAttribute("hx-get", `${location.pathname}/talk?${query}`);
  const count = Number(earlier.dataset.earlier) + items.length - kept;
  earlier.dataset.earlier = String(count);
  if (link) link.textContent = (link.dataset.label ?? "").replace("0", count.toLocaleString());
  earlier.hidden = false;
}

function write(/** @type {string} */ kind, /** @type {string} */ text) {
  const box = document.getElementById("streaming");
  const place = box?.querySelector(`[data-stream="${kind}"]`);
  if (!box || !place || !text) return;
  place.append(text);
  const fold = place.closest("details");
  if (fold) fold.hidden = false;
  box.hidden = false;
}

function clear() {
  const box = document.getElementById("streaming");
  if (!box) return;
  box.hidden = true;
  for (const place of box.querySelectorAll("[data-stream]")) place.textContent = "";
  for (const fold of box.querySelectorAll("details")) fold.hidden = true;
}

/** Ctrl or Command with Enter sends the answer one is writing. */
function submitByKey(/** @type {KeyboardEvent} */ event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (!(event.target instanceof HTMLTextAreaElement)) return;
  const button = event.target.form?.querySelector("button");
  if (button instanceof HTMLButtonElement) event.target.form?.requestSubmit(button);
}
