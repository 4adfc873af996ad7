// A graph that an edit changes: raw nodes and edges, positions, and on saving the step files and the
// steps index that follow. Only inside `applyEdit`.
import { nodeFile } from "../../runtime/package/package_parts.ts";
import { folderOf } from "../../runtime/package/written_path.ts";
import type { EdgeRef, Point } from "../../schemas/edit.ts";
import type { GraphEdge, GraphNode } from "../../schemas/package.ts";
import { edgeOf, edgesByRef, type GraphFile, nodeOf, readGraph } from "./graph_file.ts";
import { isSameJson, type JsonObject, objectAt, textAt, withKeys } from "./json_document.ts";
import { type MarkdownFile, readMarkdown } from "./markdown_file.ts";
import { layoutOf, positionsOf, soundPoint } from "./positions.ts";
import { conflicting, refused } from "./refusal.ts";
import { followNode } from "./step_file.ts";
import type { WorkingCopy } from "./working_copy.ts";

/** Keys of a graph in the order in which a careful author writes them. */
export const GRAPH_KEYS = ["schemaVersion", "entryNodeId", "nodes", "edges", "metadata"];
/** Keys of a node likewise. */
export const NODE_KEYS = [
  "id",
  "type",
  "file",
  "title",
  "description",
  "agentId",
  "inputs",
  "outputs",
  "subworkflowRef",
  "passContext",
];
/** Keys of an edge likewise. */
export const EDGE_KEYS = [
  "id",
  "from",
  "to",
  "label",
  "isDefault",
  "conditionText",
  "conditionExpr",
];

/** A graph in the hands of an edit. */
export class OpenGraph {
  nodes: JsonObject[];
  edges: JsonObject[];
  entryNodeId: string;
  /** Root-relative, with a slash at its end, or empty. */
  readonly folder: string;
  readonly documentPath: string;
  readonly #path: string;
  #raw: JsonObject;
  #points: Map<string, Point>;
  #arePointsChanged = false;
  readonly #before: GraphFile;
  /** Nodes whose step files have to follow → the shared keys that changed. */
  readonly #following = new Map<string, Set<string>>();

  /** @throws AppError `EDIT_CONFLICT` if the workflow is gone, `EDIT_REFUSED` if its graph has faults */
  constructor(readonly work: WorkingCopy, readonly workflowId: string) {
    const workflow = work.draft.workflow(work.listing(workflowId).id);
    this.#path = workflow?.graphPath ?? "";
    this.documentPath = workflow?.documentPath ?? "";
    this.folder = folderOf(this.documentPath);
    const graph = readGraph(work.files.get(this.#path));
    if (!graph?.isEditable) {
      throw refused(
        `The graph "${this.#path}" has faults that an edit could make worse; mend it as raw text first`,
        { path: this.#path },
      );
    }
    this.#raw = graph.raw;
    this.nodes = [...graph.rawNodes];
    this.edges = [...graph.rawEdges];
    this.entryNodeId = graph.entryNodeId;
    this.#points = new Map(positionsOf(graph));
    this.#before = graph;
  }

  has(nodeId: string): boolean {
    return this.nodes.some(({ id }) => id === nodeId);
  }

  /** @throws AppError `EDIT_CONFLICT` if it is gone */
  rawNode(nodeId: string): JsonObject {
    const raw = this.nodes.find(({ id }) => id === nodeId);
    if (raw) return raw;
    throw conflicting(
      `There is no node ${JSON.stringify(nodeId.slice(0, 100))} in "${this.workflowId}" any more`,
    );
  }

  node(nodeId: string): GraphNode {
    return nodeOf(this.rawNode(nodeId));
  }

  changeNode(nodeId: string, changes: JsonObject): void {
    const before = this.rawNode(nodeId);
    const after = withKeys(before, changes, NODE_KEYS);
    if (isSameJson(before, after)) return;
    this.nodes[this.nodes.indexOf(before)] = after;
  }

  /** The edge as it is now. @throws AppError `EDIT_CONFLICT` if it is gone */
  rawEdge(ref: EdgeRef): JsonObject {
    const raw = edgesByRef(this.#before).get(ref);
    if (raw && this.edges.includes(raw)) return raw;
    throw conflicting(
      `There is no edge ${JSON.stringify(ref.slice(0, 100))} in "${this.workflowId}" any more`,
    );
  }

  /** Puts a changed edge in the place of the old one. */
  changeEdge(before: JsonObject, changes: JsonObject): JsonObject {
    const after = withKeys(before, changes, EDGE_KEYS);
    if (isSameJson(before, after)) return before;
    this.edges[this.edges.indexOf(before)] = after;
    this.follow(textAt(before, "from"));
    this.follow(textAt(after, "from"));
    return after;
  }

  outgoing(nodeId: string): JsonObject[] {
    return this.edges.filter(({ from }) => from === nodeId);
  }

  edgeList(): GraphEdge[] {
    return this.edges.map(edgeOf);
  }

  point(nodeId: string): Point {
    return this.#points.get(nodeId) ?? { x: 0, y: 0 };
  }

  /** Stores all positions from now on, so that nobody's nodes jump when the graph changes. */
  pin(): void {
    this.#arePointsChanged = true;
  }

  place(nodeId: string, at: Point): void {
    this.#points.set(nodeId, soundPoint(at));
    this.pin();
  }

  renamePoint(from: string, to: string): void {
    const points = Array.from(this.#points, ([id, at]) => [id === from ? to : id, at] as const);
    this.#points = new Map(points);
    if (Object.hasOwn(layoutOf(this.#raw), from)) this.pin();
  }

  /** Has a node's step file repeat the graph; `keys` are shared keys that changed. */
  follow(nodeId: string, keys: readonly string[] = []): void {
    const known = this.#following.get(nodeId) ?? new Set();
    for (const key of keys) known.add(key);
    this.#following.set(nodeId, known);
  }

  /** Package-relative path of the node's step file, if it exists. */
  pathOf(node: GraphNode): string | undefined {
    return nodeFile(this.work.files, node.file, this.folder);
  }

  /** The node's step file, if it can be read. */
  step(node: GraphNode): { path: string; file: MarkdownFile } | undefined {
    const path = this.pathOf(node);
    const file = path === undefined ? undefined : readMarkdown(this.work.files.get(path));
    return path !== undefined && file ? { path, file } : undefined;
  }

  needsVersion12(): void {
    const { schemaVersion } = this.#raw;
    if (typeof schemaVersion !== "string" || !/^1\.1(\.|$)/.test(schemaVersion)) return;
    this.#raw = withKeys(this.#raw, { schemaVersion: "1.2" });
  }

  /** Writes graph and step files. The graph's file stays as it is if nothing in it changed. */
  save(): void {
    const after = withKeys(this.#raw, {
      entryNodeId: this.entryNodeId,
      nodes: this.nodes,
      edges: this.edges,
      ...(this.#arePointsChanged && { metadata: this.#metadata() }),
    }, GRAPH_KEYS);
    const before = readGraph(this.work.files.get(this.#path));
    if (!isSameGraph(before?.raw, after)) this.work.writeJson(this.#path, after);
    for (const [nodeId, keys] of this.#following) {
      const raw = this.nodes.find(({ id }) => id === nodeId);
      const step = raw && this.step(nodeOf(raw));
      if (!raw || !step) continue;
      const edges = this.outgoing(nodeId).map(edgeOf);
      const file = followNode(step.file, nodeOf(raw), { edges, keys: [...keys] });
      this.work.writeMarkdown(step.path, step.file, file);
    }
  }

  /** The very same object if no position changed. */
  #metadata(): JsonObject {
    const old = layoutOf(this.#raw);
    const ids = new Set(this.nodes.map((raw) => textAt(raw, "id")));
    const order = new Set([...Object.keys(old).filter((id) => ids.has(id)), ...ids]);
    const layout = Array.from(order, (id): [string, unknown] => [id, this.#pointIn(old, id)]);
    const isSame = layout.length === Object.keys(old).length &&
      layout.every(([id, point]) => old[id] === point);
    const metadata = objectAt(this.#raw, "metadata");
    return isSame ? metadata : withKeys(metadata, { layout: Object.fromEntries(layout) });
  }

  #pointIn(old: JsonObject, id: string): JsonObject {
    const { x, y } = this.point(id);
    const known = objectAt(old, id);
    return known.x === x && known.y === y ? known : withKeys(known, { x, y });
  }
}

/** Compared by identity where that says enough: the text of a large graph takes 3 ms to write. */
function isSameGraph(before: JsonObject | undefined, after: JsonObject): boolean {
  if (before === undefined) return false;
  const { nodes, edges, metadata, ...rest } = after;
  const { nodes: oldNodes, edges: oldEdges, metadata: oldMetadata, ...oldRest } = before;
  return isSameList(oldNodes, nodes) && isSameList(oldEdges, edges) &&
    metadata === oldMetadata && isSameJson(rest, oldRest);
}

function isSameList(before: unknown, after: unknown): boolean {
  return Array.isArray(before) && Array.isArray(after) && before.length === after.length &&
    before.every((item, index) => item === after[index]);
}
