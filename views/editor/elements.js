// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Elements that the page of the editor is known to have, under their types.

/**
 * The element with this id.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 * @throws Error if the page has none of this type: page and script are of different versions
 */
export function need(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} with the id "${id}"`);
}

/**
 * The first element inside another one.
 * @template {Element} T
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 * @throws Error if there is none of this type
 */
export function needIn(parent, selector, type) {
  const element = parent.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`There is no ${type.name} "${selector}" where one has to be`);
}

/**
 * A text with its `{names}` filled in.
 * @param {string} template
 * @param {Readonly<Record<string, string | number>>} values
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Where an event happened, inside an element.
 * @param {{ readonly clientX: number, readonly clientY: number }} event
 * @param {{ readonly left: number, readonly top: number }} frame
 */
export function pointOf(event, frame) {
  return { x: event.clientX - frame.left, y: event.clientY - frame.top };
}
