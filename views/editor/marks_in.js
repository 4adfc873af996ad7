// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The marks that stand in the page, indexed so that a gesture finds a node's edges at once, and the
// way in which an answer's marks take the place of old ones. No model of the graph: all of it is read
// from the marks' data attributes, and the server alone changes those.
import { need, needIn } from "./elements.js";
import { edgeShape, nodeBox, sanePoint } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {import("./geometry.js").EdgeShape} EdgeShape
 *
 * @typedef {{ readonly id: string, readonly element: SVGGElement, readonly at: Point,
 *   readonly edges: Set<string> }} NodeMark
 *
 * @typedef {{ readonly ref: string, readonly element: SVGGElement, readonly from: string,
 *   readonly to: string, readonly lane: { readonly index: number, readonly count: number },
 *   readonly paths: readonly Element[], readonly label: Element, shape: EdgeShape }} EdgeMark
 */

/** The index of the marks in the page. */
export class Marks {
  /** @type {Map<string, NodeMark>} */
  nodes = new Map();
  /** @type {Map<string, EdgeMark>} */
  edges = new Map();
  /** Called after marks came or went. @type {(() => void)[]} */
  listeners = [];
  #nodeLayer = need("nodes", SVGGElement);
  #edgeLayer = need("edges", SVGGElement);
  #lift = need("lift", SVGGElement);
  #carried = need("carried", SVGSVGElement);
  #liftedEdges = need("lifted-edges", SVGGElement);
  /** Lifted edges with one end that stays. @type {string[]} */
  #bent = [];

  constructor() {
    this.#readAll();
  }

  #readAll() {
    this.nodes.clear();
    this.edges.clear();
    for (const child of this.#nodeLayer.children) this.#enter(child);
    for (const child of this.#edgeLayer.children) this.#enter(child);
  }

  /** @param {Element} child */
  #enter(child) {
    if (!(child instanceof SVGGElement)) return;
    const { node, edge } = child.dataset;
    if (node !== undefined) this.#enterNode(child, node);
    else if (edge !== undefined) this.#enterEdge(child, edge);
  }

  /** @param {SVGGElement} element @param {string} id */
  #enterNode(element, id) {
    const at = sanePoint({ x: Number(element.dataset.x), y: Number(element.dataset.y) });
    const edges = this.nodes.get(id)?.edges ?? new Set();
    this.nodes.set(id, { id, element, at, edges });
  }

  /** @param {SVGGElement} element @param {string} ref */
  #enterEdge(element, ref) {
    this.#leaveEdge(ref);
    const { from = "", to = "", index, count } = element.dataset;
    const ends = [this.nodes.get(from), this.nodes.get(to)];
    const lane = { index: Number(index), count: Number(count) };
    const shape = edgeShape(ends[0]?.at ?? { x: 0, y: 0 }, ends[1]?.at ?? { x: 0, y: 0 }, lane);
    const paths = [...element.querySelectorAll(".edge-hit, .edge-line")];
    const label = needIn(element, ".edge-label", SVGTextElement);
    this.edges.set(ref, { ref, element, from, to, lane, paths, label, shape });
    for (const end of ends) end?.edges.add(ref);
  }

  /** @param {string} ref */
  #leaveEdge(ref) {
    const old = this.edges.get(ref);
    if (old === undefined) return;
    this.edges.delete(ref);
    for (const end of [old.from, old.to]) this.nodes.get(end)?.edges.delete(ref);
  }

  /**
   * The node at a canvas point; the upper one where two overlap.
   * @param {Point} point
   * @returns {NodeMark | undefined}
   */
  nodeAt(point) {
    let found;
    for (const mark of this.nodes.values()) {
      const box = nodeBox(mark.at);
      const inside = point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y &&
        point.y <= box.y + box.height;
      if (inside) found = mark;
    }
    return found;
  }

  /**
   * Id and position of every node, of one left out if it is named.
   * @param {string} [but]
   * @returns {Iterable<readonly [string, Point]>}
   */
  *places(but) {
    for (const { id, at } of this.nodes.values()) if (id !== but) yield [id, at];
  }

  /**
   * Shows nodes elsewhere without changing anything: they and their edges only.
   * @param {ReadonlyMap<string, Point>} places
   */
  preview(places) {
    const refs = new Set();
    for (const [id, at] of places) {
      const mark = this.nodes.get(id);
      if (mark === undefined) continue;
      mark.element.setAttribute("transform", `translate(${at.x - mark.at.x} ${at.y - mark.at.y})`);
      for (const ref of mark.edges) refs.add(ref);
    }
    for (const ref of refs) this.#drawEdge(ref, places);
  }

  /** @param {string} ref @param {ReadonlyMap<string, Point>} places */
  #drawEdge(ref, places) {
    const mark = this.edges.get(ref);
    const from = mark && (places.get(mark.from) ?? this.nodes.get(mark.from)?.at);
    const to = mark && (places.get(mark.to) ?? this.nodes.get(mark.to)?.at);
    if (!mark || !from || !to) return;
    mark.shape = edgeShape(from, to, mark.lane);
    for (const path of mark.paths) path.setAttribute("d", mark.shape.d);
    mark.label.setAttribute("x", String(mark.shape.label.x));
    mark.label.setAttribute("y", String(mark.shape.label.y));
  }

  /**
   * Brings nodes and their edges into a layer of their own while they move, so that a frame draws
   * these few anew and not the whole canvas. None: everything back where it belongs.
   * @param {readonly string[]} nodeIds
   */
  lift(nodeIds) {
    const focused = document.activeElement?.id ?? "";
    for (const mark of [...this.#lift.children, ...this.#liftedEdges.children]) {
      this.#layerOf(mark).append(mark);
    }
    this.#carried.style.transform = "";
    this.#carried.classList.toggle("moving", nodeIds.length > 0);
    const moving = new Set(nodeIds);
    this.#bent = [];
    for (const ref of new Set(nodeIds.flatMap((id) => [...this.nodes.get(id)?.edges ?? []]))) {
      const mark = this.edges.get(ref);
      if (mark === undefined) continue;
      const isBent = !moving.has(mark.from) || !moving.has(mark.to);
      if (isBent) this.#bent.push(ref);
      (isBent ? this.#liftedEdges : this.#lift).append(mark.element);
    }
    for (const id of nodeIds) this.#lift.append(this.nodes.get(id)?.element ?? "");
    // Moving an element takes the focus from it.
    if (focused.includes(":")) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  /**
   * Moves all that is lifted: one transform, and the edges that lead to what stays are drawn anew.
   * @param {Point} step
   * @param {ReadonlyMap<string, Point>} places of the lifted nodes, after the step
   */
  shift({ x, y }, places) {
    // A style of the whole layer, which the browser moves without painting it; canvas units, since the
    // stage that it stands on is what is zoomed.
    this.#carried.style.transform = `translate(${x}px, ${y}px)`;
    for (const ref of this.#bent) this.#drawEdge(ref, places);
  }

  /** @param {Element} mark */
  #layerOf(mark) {
    return mark.hasAttribute("data-node") ? this.#nodeLayer : this.#edgeLayer;
  }

  /**
   * Takes a preview back.
   * @param {Iterable<string>} nodeIds
   */
  restore(nodeIds) {
    const places = new Map();
    for (const id of nodeIds) {
      const at = this.nodes.get(id)?.at;
      if (at) places.set(id, at);
    }
    this.preview(places);
    for (const id of places.keys()) this.nodes.get(id)?.element.removeAttribute("transform");
  }

  /**
   * Puts an answer's marks in the place of old ones. What is selected or focused stays so.
   * @param {Element} answer `#answer`
   */
  take(answer) {
    const fresh = [...answer.querySelectorAll("svg > g")];
    const isWhole = answer.hasAttribute("data-whole");
    /** @type {string[]} */
    const removed = isWhole
      ? this.#missingFrom(fresh)
      : JSON.parse(answer.getAttribute("data-removed") ?? "[]");
    const focused = document.activeElement?.id ?? "";
    for (const id of removed) this.#remove(id);
    // Nodes first: an edge is indexed by the places of its ends.
    const nodes = fresh.filter((mark) => mark.hasAttribute("data-node"));
    const edges = fresh.filter((mark) => mark.hasAttribute("data-edge"));
    for (const mark of [...nodes, ...edges]) this.#put(mark);
    if (focused.includes(":")) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const listener of this.listeners) listener();
  }

  /** @param {readonly Element[]} fresh @returns {string[]} */
  #missingFrom(fresh) {
    const ids = new Set(fresh.map(({ id }) => id));
    const here = [...this.#nodeLayer.children, ...this.#edgeLayer.children];
    return here.map(({ id }) => id).filter((id) => !ids.has(id));
  }

  /** @param {string} id */
  #remove(id) {
    document.getElementById(id)?.remove();
    if (id.startsWith("node:")) this.nodes.delete(id.slice(5));
    else this.#leaveEdge(id.slice(5));
  }

  /** @param {Element} fresh */
  #put(fresh) {
    const mark = document.adoptNode(fresh);
    const old = document.getElementById(mark.id);
    if (!(mark instanceof SVGElement)) return;
    if (!(old instanceof SVGElement)) this.#layerOf(mark).append(mark);
    else {
      if (old.classList.contains("selected")) {
        mark.classList.add("selected");
        mark.setAttribute("aria-selected", "true");
      }
      // A badge belongs to the last findings; new ones are on their way.
      const badge = old.querySelector(".flaw");
      const isSamePlace = old.dataset.x === mark.dataset.x && old.dataset.y === mark.dataset.y;
      if (badge && isSamePlace) mark.append(badge);
      old.replaceWith(mark);
    }
    this.#enter(mark);
  }
}
