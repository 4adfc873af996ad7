// What a workflow's graph was at its last few revisions, so that an answer can carry only what differs
// from what a page shows. A memory, not a store: what is forgotten costs a page a whole canvas.
import type { CanvasEdge, CanvasGraph } from "../views/editor/canvas_graph.ts";
import { sceneOf } from "../views/editor/scene.ts";
import { listChanges } from "./edit/list_changes.ts";
import type { LiveDrafts } from "./live_drafts.ts";

/** What has to be drawn anew; `"all"` where the older graph is not known. */
export interface GraphChanges {
  readonly nodeIds: Iterable<string> | "all";
  readonly edgeRefs: Iterable<string> | "all";
}

/** Graphs kept for a workflow, and workflows in all. */
const KEPT = { revisions: 24, workflows: 40 };

/** The recent graphs of the workflows that are edited. */
export class RecentGraphs {
  readonly #workflows = new Map<string, Map<number, CanvasGraph>>();

  /**
   * Remembers a workflow's graph at a revision.
   * @param key names package and workflow
   */
  remember(key: string, revision: number, graph: CanvasGraph): void {
    const known = this.#workflows.get(key) ?? new Map<number, CanvasGraph>();
    // Asked for last is thrown away last.
    this.#workflows.delete(key);
    this.#workflows.set(key, known);
    known.delete(revision);
    known.set(revision, graph);
    dropFirst(known, KEPT.revisions);
    dropFirst(this.#workflows, KEPT.workflows);
  }

  /** How a graph differs from what it was at a revision. */
  changesSince(key: string, revision: number, graph: CanvasGraph): GraphChanges {
    const before = this.#workflows.get(key)?.get(revision);
    return before === undefined ? { nodeIds: "all", edgeRefs: "all" } : graphChanges(before, graph);
  }
}

function dropFirst<Key>(map: Map<Key, unknown>, most: number): void {
  const [first] = map.keys();
  if (map.size > most && first !== undefined) map.delete(first);
}

const memories = new WeakMap<LiveDrafts, RecentGraphs>();

/** The memory that belongs to a server's drafts. */
export function recentGraphsOf(liveDrafts: LiveDrafts): RecentGraphs {
  const known = memories.get(liveDrafts) ?? new RecentGraphs();
  memories.set(liveDrafts, known);
  return known;
}

/**
 * The marks that differ between two graphs: nodes and edges that are new, gone or changed, and edges
 * with an end that moved. Linear.
 */
export function graphChanges(before: CanvasGraph, after: CanvasGraph): GraphChanges {
  if (before === after) return { nodeIds: [], edgeRefs: [] };
  const nodeIds = differing(before.nodes, after.nodes, ({ id }) => id);
  // The entry is part of how a node looks.
  if (before.entryNodeId !== after.entryNodeId) {
    nodeIds.add(before.entryNodeId).add(after.entryNodeId);
  }
  nodeIds.delete("");
  const edgeRefs = differing(before.edges, after.edges, ({ ref }) => ref);
  for (const edge of withOtherLanes(before, after)) edgeRefs.add(edge.ref);
  if (nodeIds.size > 0) {
    for (const { ref, from, to } of after.edges) {
      if (nodeIds.has(from) || nodeIds.has(to)) edgeRefs.add(ref);
    }
  }
  return { nodeIds, edgeRefs };
}

/** Names of what is new, gone or has other values than before. */
function differing<Mark>(
  before: readonly Mark[],
  after: readonly Mark[],
  nameOf: (mark: Mark) => string,
): Set<string> {
  const { gone, fresh } = listChanges(before, after);
  const old = new Map(gone.map((mark) => [nameOf(mark), mark]));
  const changed = new Set<string>();
  for (const mark of fresh) {
    const name = nameOf(mark);
    if (!isSame(old.get(name), mark)) changed.add(name);
    old.delete(name);
  }
  for (const name of old.keys()) changed.add(name);
  return changed;
}

/** Edges whose lane is another, since others came, went or changed places between the same nodes. */
function* withOtherLanes(before: CanvasGraph, after: CanvasGraph): Generator<CanvasEdge> {
  const { gone, fresh } = listChanges(before.edges, after.edges);
  const starts = new Set([...gone, ...fresh].map(({ from }) => from));
  if (starts.size === 0) return;
  const [old, now] = [sceneOf(before), sceneOf(after)];
  for (const edge of after.edges) {
    if (!starts.has(edge.from)) continue;
    const was = old.edges.get(edge.ref);
    if (!was || !isSame(old.laneOf(was), now.laneOf(edge))) yield edge;
  }
}

/** Whether two values of JSON are the same; a draft read anew has new objects with the old contents. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const before = one as Readonly<Record<string, unknown>>;
  const after = other as Readonly<Record<string, unknown>>;
  const keys = Object.keys(before);
  return keys.length === Object.keys(after).length &&
    keys.every((key) => isSame(before[key], after[key]));
}
