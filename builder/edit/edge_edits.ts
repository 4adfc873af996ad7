// Edits of edges: connect, change, reconnect, delete; and the one default among several.
import type { EditOf } from "../../schemas/edit.ts";
import { edgeOf } from "./graph_file.ts";
import { type JsonObject, textAt } from "./json_document.ts";
import { OpenGraph } from "./open_graph.ts";
import { oneLine } from "./plain_text.ts";
import { refused } from "./refusal.ts";
import { graphAround, refuseViolations } from "./rules_kept.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** `edge.add`. */
export function addEdge(work: WorkingCopy, edit: EditOf<"edge.add">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  graph.pin();
  const edge = connect(graph, edit);
  graph.save();
  return `Connect "${textAt(edge, "from")}" to "${textAt(edge, "to")}"`;
}

/** An edge that is to be. */
export interface NewEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string | undefined;
  /** Further keys: isDefault, conditionText, conditionExpr. */
  readonly more?: JsonObject;
}

/**
 * Adds an edge with an id of its own; of the edges of its node one stays the default.
 * @throws AppError `EDIT_REFUSED`, `EDIT_CONFLICT`
 */
export function connect(graph: OpenGraph, edge: NewEdge): JsonObject {
  const added = addRawEdge(graph, edge);
  keepOneDefault(graph, edge.from);
  return added;
}

/** `connect` for several edges at once: `keepOneDefault` is to follow. */
export function addRawEdge(graph: OpenGraph, { from, to, label, more = {} }: NewEdge): JsonObject {
  const start = graph.node(from);
  graph.node(to);
  if (start.type === "end") {
    throw refused(
      `The node "${from}" ends the workflow, so no edge can leave it; make it a step first`,
    );
  }
  const edge: JsonObject = {
    id: newEdgeId(graph),
    from,
    to,
    label: oneLine(label ?? "") || freeLabel(graph, from),
    ...more,
  };
  refuseTwin(graph, edge);
  graph.edges.push(edge);
  graph.follow(from);
  return edge;
}

function newEdgeId(graph: OpenGraph): string {
  const taken = new Set(graph.edges.map(({ id }) => id));
  const wanted = `e-${graph.work.newId().replace(/[^A-Za-z0-9]/g, "").slice(-8)}`;
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted}-${number}`;
  return id;
}

/** A word that tells this branch from the others of the node. */
function freeLabel(graph: OpenGraph, from: string): string {
  const taken = new Set(graph.outgoing(from).map(({ label }) => label));
  const word = graph.node(from).type === "decision" ? "option" : "next";
  const first = word === "option" ? "option 1" : "next";
  let label = first;
  for (let number = 2; taken.has(label); number++) label = `${word} ${number}`;
  return label;
}

/** Two edges that say the same could not be told apart in a run. */
function refuseTwin(graph: OpenGraph, edge: JsonObject): void {
  const twin = graph.edges.find((other) =>
    other !== edge && other.from === edge.from && other.to === edge.to && other.label === edge.label
  );
  if (!twin) return;
  throw refused(
    `There is an edge "${edge.label}" from "${edge.from}" to "${edge.to}" already; give this one ` +
      "another label",
  );
}

/**
 * Of several edges that leave a node exactly one is the default: `chosen`, else the one that was, else
 * the first without a condition.
 */
export function keepOneDefault(graph: OpenGraph, nodeId: string, chosen?: JsonObject): void {
  const edges = graph.outgoing(nodeId);
  if (edges.length < 2) return;
  const marked = edges.filter(({ isDefault }) => isDefault === true);
  const one = chosen ?? marked[0] ?? edges.find(isUnconditional) ?? edges[0];
  for (const edge of edges) {
    if (edge === one && edge.isDefault !== true) graph.changeEdge(edge, { isDefault: true });
    if (edge !== one && edge.isDefault === true) graph.changeEdge(edge, { isDefault: undefined });
  }
}

function isUnconditional(raw: JsonObject): boolean {
  const { conditionText, conditionExpr } = edgeOf(raw);
  return conditionText === undefined && conditionExpr === undefined;
}

/** A hand-written condition has a few dozen characters; the runtime reads no longer ones. */
const MAX_EXPRESSION_CHARS = 10_000;

/** `edge.change`. */
export function changeEdge(work: WorkingCopy, edit: EditOf<"edge.change">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const before = graph.rawEdge(edit.edge);
  const { from = textAt(before, "from"), to = textAt(before, "to") } = edit.fields;
  const isReconnected = from !== before.from || to !== before.to;
  if (isReconnected) refuseEnds(graph, { before, from, to });
  const after = graph.changeEdge(before, edgeChanges(edit.fields));
  refuseViolations("workflow_graph", {
    before: graphAround({ edge: before }),
    after: graphAround({ edge: after }),
  });
  refuseTwin(graph, after);
  if (isReconnected) graph.pin();
  keepDefaults(graph, { before, after, isDefault: edit.fields.isDefault });
  graph.save();
  return isReconnected
    ? `Reconnect edge "${textAt(after, "label")}"`
    : `Change edge "${textAt(after, "label")}"`;
}

function refuseEnds(
  graph: OpenGraph,
  { before, from, to }: { before: JsonObject; from: string; to: string },
): void {
  graph.node(to);
  if (from === before.from || graph.node(from).type !== "end") return;
  throw refused(
    `The node "${from}" ends the workflow, so no edge can leave it; make it a step first`,
  );
}

function edgeChanges(fields: EditOf<"edge.change">["fields"]): JsonObject {
  const { label, isDefault, conditionText, conditionExpr, from, to } = fields;
  const changes = new Map<string, unknown>();
  if (from !== undefined) changes.set("from", from);
  if (to !== undefined) changes.set("to", to);
  if (label !== undefined) changes.set("label", checkedLabel(label));
  if (isDefault !== undefined) changes.set("isDefault", isDefault || undefined);
  if (conditionText !== undefined) {
    changes.set("conditionText", conditionText?.trim() || undefined);
  }
  if (conditionExpr !== undefined) changes.set("conditionExpr", checkedExpression(conditionExpr));
  return Object.fromEntries(changes);
}

function checkedLabel(label: string): string {
  const plain = oneLine(label);
  if (plain === "") throw refused("The label of an edge cannot be empty; say when it is taken");
  return plain;
}

/** A condition as JSONLogic. @throws AppError `EDIT_REFUSED` */
export function checkedExpression(expression: JsonObject | null): JsonObject | undefined {
  if (expression === null) return undefined;
  const operators = Object.keys(expression);
  if (operators.length !== 1) {
    throw refused(
      `The condition has ${operators.length} operators at its top; JSONLogic has one, such as ` +
        '{"==": [{"var": "wish"}, "poem"]}',
    );
  }
  const { length } = JSON.stringify(expression);
  if (length <= MAX_EXPRESSION_CHARS) return expression;
  throw refused(`The condition has ${length} characters; ${MAX_EXPRESSION_CHARS} are the most`);
}

function keepDefaults(
  graph: OpenGraph,
  { before, after, isDefault }: {
    before: JsonObject;
    after: JsonObject;
    isDefault?: boolean | undefined;
  },
): void {
  const start = textAt(after, "from");
  // An unticked default goes to another edge, if there is one.
  const others = graph.outgoing(start).filter((edge) => edge !== after);
  const heir = others.find(({ isDefault }) => isDefault === true) ?? others.find(isUnconditional) ??
    others[0];
  keepOneDefault(graph, start, isDefault ? after : isDefault === false ? heir : undefined);
  if (before.from !== after.from) keepOneDefault(graph, textAt(before, "from"));
}

/** `edges.delete`. */
export function deleteEdges(work: WorkingCopy, edit: EditOf<"edges.delete">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  const gone = new Set(edit.edges.map((ref) => graph.rawEdge(ref)));
  graph.edges = graph.edges.filter((edge) => !gone.has(edge));
  for (const edge of gone) {
    graph.follow(textAt(edge, "from"));
    keepOneDefault(graph, textAt(edge, "from"));
  }
  graph.pin();
  graph.save();
  const [first] = gone;
  return gone.size === 1 && first
    ? `Delete edge "${textAt(first, "label")}"`
    : `Delete ${gone.size} edges`;
}

/** `entry.set`. */
export function setEntry(work: WorkingCopy, edit: EditOf<"entry.set">): string {
  const graph = new OpenGraph(work, edit.workflowId);
  graph.pin();
  graph.entryNodeId = graph.node(edit.nodeId).id;
  graph.save();
  return `Begin with "${edit.nodeId}"`;
}
