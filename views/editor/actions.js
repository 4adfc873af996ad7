// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What keys and buttons do, by the names in the table of keys. Changes go through the corridor; looking
// and walking change nothing.
import { KeyConnect } from "./connect.js";
import { need } from "./elements.js";
import { boundsOf, GRID, nodeBox } from "./geometry.js";
import { nearestToward } from "./view_math.js";

/**
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {import("./keys.js").Action} Action
 * @typedef {import("./view_math.js").Direction} Direction
 *
 * @typedef {{ readonly hand: import("./gestures.js").Hand,
 *   readonly forms: import("./forms.js").CanvasForms,
 *   readonly clipboard: import("./clipboard.js").NodeClipboard,
 *   readonly search: import("./search.js").Search,
 *   readonly minimap: import("./minimap.js").Minimap }} Tools
 */

/** @param {Event} event @returns {Direction} */
function directionOf(event) {
  const key = event instanceof KeyboardEvent ? event.key : "";
  if (key === "ArrowLeft") return "left";
  if (key === "ArrowUp") return "up";
  return key === "ArrowDown" ? "down" : "right";
}

/** The actions of the editor. */
export class Actions {
  #editor;
  #tools;
  /** @type {KeyConnect | undefined} */
  #connecting;

  /** @param {Editor} editor @param {Tools} tools */
  constructor(editor, tools) {
    this.#editor = editor;
    this.#tools = tools;
  }

  /** Name → action. @returns {Readonly<Record<string, Action>>} */
  table() {
    return {
      ...this.#walking(),
      ...this.#changing(),
      ...this.#connectingActions(),
      ...this.#looking(),
    };
  }

  /** @returns {Record<string, Action>} */
  #walking() {
    const { selection, marks } = this.#editor;
    return {
      walk: (event) => this.#walk(directionOf(event), false),
      extend: (event) => this.#walk(directionOf(event), true),
      home: () => this.#go(this.#entry()),
      nextEdge: () => this.#nextEdge(),
      nextProblem: () => this.#nextProblem(),
      selectAll: () => {
        selection.set([...marks.nodes.values()].map(({ element }) => element.id));
        this.#editor.say("selectedMany", { count: selection.ids.size });
      },
      escape: () => this.#escape(),
      inspect: () => this.#inspect(),
    };
  }

  /** @param {Direction} direction @param {boolean} keep */
  #walk(direction, keep) {
    if (this.#connecting) return this.#connecting.walk(direction);
    const { selection, marks } = this.#editor;
    const { current } = selection;
    if (current === undefined) return this.#go(this.#entry());
    const edge = marks.edges.get(current.slice(5));
    if (current.startsWith("edge:") && edge) {
      const isBack = direction === "left" || direction === "up";
      return this.#go(`node:${isBack ? edge.from : edge.to}`);
    }
    const id = current.slice(5);
    const at = marks.nodes.get(id)?.at;
    const next = at && nearestToward(at, marks.places(id), direction);
    if (next === undefined) this.#editor.say("noWay");
    else selection.go(`node:${next}`, { keep });
  }

  /** @param {string | undefined} id */
  #go(id) {
    if (id !== undefined && document.getElementById(id)) this.#editor.selection.go(id);
  }

  #entry() {
    const nodes = [...this.#editor.marks.nodes.values()];
    const entry = nodes.find(({ element }) => element.dataset.entry !== undefined) ?? nodes[0];
    return entry?.element.id;
  }

  /** From a node to its first edge; from an edge to the next one that leaves the same node. */
  #nextEdge() {
    const { selection, marks } = this.#editor;
    const from = selection.edge?.from ?? selection.node?.id;
    const ways = [...marks.edges.values()].filter((edge) => edge.from === from);
    const here = ways.findIndex(({ element }) => element.id === selection.current);
    this.#go(ways[(here + 1) % ways.length]?.element.id);
  }

  #nextProblem() {
    const { canvas, selection } = this.#editor;
    const ids = [...canvas.querySelectorAll(".flaw")].map((badge) => badge.parentElement?.id ?? "");
    this.#go(ids[(ids.indexOf(selection.current ?? "") + 1) % ids.length]);
  }

  #escape() {
    const { hand, forms } = this.#tools;
    if (hand.isBusy) return hand.cancel();
    if (this.#connecting) {
      this.#connecting.leave();
      this.#connecting = undefined;
      return this.#editor.say("left");
    }
    if (forms.isOpen) return forms.close();
    this.#editor.selection.set([]);
    this.#editor.canvas.focus({ preventScroll: true });
    this.#editor.say("nothingSelected");
  }

  #inspect() {
    if (this.#connecting) {
      this.#connecting.confirm();
      this.#connecting = undefined;
      return;
    }
    const { edge, node } = this.#editor.selection;
    if (edge) return this.#tools.forms.openEdge(edge.ref);
    const field = document.querySelector(
      "#inspector :is(input, textarea, select):not([type=hidden])",
    );
    if (field instanceof HTMLElement) field.focus();
    else if (node) this.#tools.forms.openRename(node.id);
  }

  /** @returns {Record<string, Action>} */
  #changing() {
    const { corridor, selection, workflowId } = this.#editor;
    const { forms, clipboard } = this.#tools;
    return {
      add: () => this.#add(),
      addLoose: () => forms.openAdd({}),
      rename: () => {
        if (selection.node) forms.openRename(selection.node.id);
        else if (selection.edge) forms.openEdge(selection.edge.ref);
      },
      setDefault: () => this.#setDefault(),
      setEntry: () => {
        const nodeId = selection.node?.id;
        if (nodeId !== undefined) void corridor.edit({ kind: "entry.set", workflowId, nodeId });
      },
      nudge: (event) => this.#nudge(directionOf(event)),
      layout: () => void corridor.edit({ kind: "layout.auto", workflowId }),
      layoutSelected: () => {
        const { nodeIds } = selection;
        if (nodeIds.length > 0) void corridor.edit({ kind: "layout.auto", workflowId, nodeIds });
      },
      delete: () => this.delete({ reconnect: false }),
      deleteReconnect: () => this.delete({ reconnect: true }),
      duplicate: () => clipboard.duplicate(),
      undo: () => void corridor.undo(),
      redo: () => void corridor.redo(),
    };
  }

  #add() {
    const { node, edge } = this.#editor.selection;
    if (node) return this.#tools.forms.openAdd({ from: node.id });
    this.#tools.forms.openAdd(edge ? { onEdge: edge.ref } : {});
  }

  #setDefault() {
    const { corridor, selection: { edge }, workflowId } = this.#editor;
    if (edge === undefined) return;
    const isDefault = edge.element.dataset.default === undefined;
    void corridor.edit({ kind: "edge.change", workflowId, edge: edge.ref, fields: { isDefault } });
  }

  /** @param {Direction} direction */
  #nudge(direction) {
    const { corridor, marks, selection, workflowId } = this.#editor;
    const dx = direction === "left" ? -GRID : direction === "right" ? GRID : 0;
    const dy = direction === "up" ? -GRID : direction === "down" ? GRID : 0;
    const places = new Map();
    for (const id of selection.nodeIds) {
      const at = marks.nodes.get(id)?.at;
      if (at) places.set(id, { x: at.x + dx, y: at.y + dy });
    }
    if (places.size === 0) return;
    const positions = Object.fromEntries(places);
    marks.preview(places);
    void corridor.edit({ kind: "nodes.move", workflowId, positions })
      .then((isStored) => isStored || marks.restore(places.keys()));
  }

  /**
   * Deletes what is selected: nodes with their edges, else edges.
   * @param {{ readonly reconnect: boolean }} options
   */
  delete({ reconnect }) {
    const { corridor, selection, workflowId } = this.#editor;
    this.#tools.forms.close();
    const { nodeIds, edgeRefs } = selection;
    // Edges of deleted nodes go with them; the others are an edit of their own.
    const edges = edgeRefs.filter((ref) => !this.#touches(ref, new Set(nodeIds)));
    if (edges.length > 0) void corridor.edit({ kind: "edges.delete", workflowId, edges });
    if (nodeIds.length > 0) {
      void corridor.edit({ kind: "nodes.delete", workflowId, nodeIds, reconnect });
    }
    this.#editor.canvas.focus({ preventScroll: true });
  }

  /** @param {string} ref @param {ReadonlySet<string>} nodeIds */
  #touches(ref, nodeIds) {
    const edge = this.#editor.marks.edges.get(ref);
    return edge !== undefined && (nodeIds.has(edge.from) || nodeIds.has(edge.to));
  }

  /** @returns {Record<string, Action>} */
  #connectingActions() {
    const { selection, workflowId } = this.#editor;
    /** @param {"from" | "to"} end */
    const reconnect = (end) => () => {
      const { edge } = selection;
      if (edge === undefined) return;
      const stays = end === "to" ? edge.from : edge.to;
      this.#connecting = new KeyConnect(this.#editor, stays, (nodeId) => ({
        kind: "edge.change",
        workflowId,
        edge: edge.ref,
        fields: { [end]: nodeId },
      }));
      this.#editor.say("reconnecting");
    };
    return {
      connect: () => {
        const from = selection.node?.id;
        if (from === undefined) return;
        this.#connecting = new KeyConnect(
          this.#editor,
          from,
          (to) => ({ kind: "edge.add", workflowId, from, to }),
        );
        this.#editor.say("connecting", { name: this.#editor.nameOf(from) });
      },
      reconnectEnd: reconnect("to"),
      reconnectStart: reconnect("from"),
    };
  }

  /** @returns {Record<string, Action>} */
  #looking() {
    const { view, marks, selection } = this.#editor;
    const { minimap, search } = this.#tools;
    return {
      zoomIn: () => view.zoomBy(1.25),
      zoomOut: () => view.zoomBy(0.8),
      zoomReset: () => view.zoomTo(1),
      fit: () => view.fit(boundsOf([...marks.places()].map(([, at]) => at))),
      center: () => {
        const box = selection.bounds() ?? (selection.node && nodeBox(selection.node.at));
        if (box) view.fit(box);
      },
      search: () => search.open(),
      minimap: () => minimap.toggle(),
      outline: () => need("outline-link", HTMLAnchorElement).click(),
      help: () => need("keys", HTMLDialogElement).showModal(),
    };
  }
}
