// What every page does besides htmx: menus that close, toasts that go, times that follow the clock
// of this browser, files that are dropped. Every page reads and works without it.

/** Menus are `<details class="menu">`: one open at a time, closed by Escape and a click elsewhere. */
function closeMenus(/** @type {Element | null} */ except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  closeMenus(target.closest("details.menu"));
  const dismissed = target.closest("[data-dismiss]");
  if (dismissed) dismissed.closest(".toast, .notice")?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  closeMenus();
  open.querySelector("summary")?.focus();
});

/** The exact time of a `<time>` in the zone of this browser; the server can only say it in UTC. */
function localTimes(/** @type {ParentNode} */ root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.getAttribute("datetime") ?? "");
    if (!Number.isNaN(at.getTime())) time.setAttribute("title", at.toLocaleString());
  }
}
localTimes(document);
document.addEventListener("htmx:after:swap", () => localTimes(document));

/** A form with `data-drop` takes files dropped anywhere on the page, and `data-submit-on-pick` sends at once. */
const dropForm = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-drop]"));
if (dropForm) takeDrops(dropForm);

function takeDrops(/** @type {HTMLFormElement} */ form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector('input[type="file"]'));
  const carriesFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files") ?? false;
  const mark = (/** @type {boolean} */ isOver) =>
    document.body.classList.toggle("takes-drop", isOver);
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    mark(false);
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  input.addEventListener("change", () => {
    if (input.files && input.files.length > 0) form.requestSubmit();
  });
}
