// What the tab Progress shows, from a run as it stands, its tale and the map of its package. Not here:
// the markup (`views/run/progress_tab.tsx`).
import type { Breakpoint } from "../../schemas/breakpoint.ts";
import { AppError } from "../../schemas/error.ts";
import { type CanvasGraph, nodeName } from "../../views/editor/canvas_graph.ts";
import { sceneOf } from "../../views/editor/scene.ts";
import type { ProgressProps } from "../../views/run/progress_tab.tsx";
import type { RunTale } from "../../views/run/run_tale.ts";
import type { NodeState, ShownNode } from "../../views/run/shown_node.ts";
import type { AppContext } from "../app_context.ts";
import type { RunMap, RunView } from "../live_runs.ts";

/** A run and what it told. */
export interface ProgressRequest {
  readonly view: RunView;
  readonly tale: RunTale;
}

/** The tab of a run; without the map where its package is gone. */
export async function progressOf(
  c: AppContext,
  { view, tale }: ProgressRequest,
): Promise<ProgressProps> {
  const { frame, services: { liveRuns }, user } = c.var;
  const { record: { runId, connection }, phase } = view;
  const breakpoints = await orElse(liveRuns.breakpoints(user, runId), []);
  const map = await orElse(liveRuns.map(user, runId), undefined);
  const graph = map?.graph(map.place.workflowId);
  const props = {
    frame,
    runId,
    tale,
    breakpoints,
    hasPrices: connection.prices !== undefined,
    isTalk: view.record.talk !== undefined,
    moves: { isStopped: phase !== "running", isCompleted: phase === "completed" },
  };
  if (!map || !graph) return props;
  return {
    ...props,
    map: {
      scene: sceneOf(graph),
      nodes: shownNodes(graph, { map, view, tale, breakpoints }),
      taken: takenEdges(graph, tale),
      callers: map.place.callers,
      decisions: map.decisions.map(({ from, to, label, reason = "" }) => ({
        from: titleIn(graph, from),
        to: titleIn(graph, to),
        label,
        reason,
      })),
    },
  };
}

/** A folder that is damaged must not keep its run's page from being read. */
async function orElse<Value, Other>(wanted: Promise<Value>, other: Other): Promise<Value | Other> {
  try {
    return await wanted;
  } catch (thrown) {
    if (thrown instanceof AppError) return other;
    throw thrown;
  }
}

interface Known extends ProgressRequest {
  readonly map: RunMap;
  readonly breakpoints: readonly Breakpoint[];
}

function shownNodes(graph: CanvasGraph, known: Known): ShownNode[] {
  const { workflowId } = graph;
  const { map: { place, stepsCompleted }, tale, breakpoints } = known;
  const steps = tale.steps.filter((step) => step.workflowId === workflowId);
  const visited = new Set(steps.map(({ nodeId }) => nodeId));
  const done = new Set(workflowId === place.workflowId ? [...visited, ...stepsCompleted] : visited);
  const isOpen = steps.at(-1)?.state === "open";
  return graph.nodes.map((node) => {
    const isCurrent = node.id === place.nodeId;
    return {
      nodeId: node.id,
      workflowId,
      title: nodeName(node),
      type: node.type,
      state: isCurrent ? currentState(known, isOpen) : done.has(node.id) ? "done" : "open",
      isVisited: visited.has(node.id),
      isCurrent,
      ...breakpointsAt(breakpoints, { workflowId, nodeId: node.id }),
    };
  });
}

function currentState({ view: { phase } }: Known, isOpen: boolean): NodeState {
  if (phase === "completed") return "done";
  if (phase === "running") return isOpen ? "running" : "next";
  if (phase === "waiting" || phase === "failed") return phase;
  return "paused";
}

type Held = Pick<ShownNode, "before" | "after" | "target">;

function breakpointsAt(
  breakpoints: readonly Breakpoint[],
  { workflowId, nodeId }: { readonly workflowId: string; readonly nodeId: string },
): Held {
  const held: { before?: string; after?: string; target?: string } = {};
  for (const one of breakpoints) {
    if (!("nodeId" in one) || one.nodeId !== nodeId) continue;
    if (one.workflowId !== undefined && one.workflowId !== workflowId) continue;
    held[one.once ? "target" : one.at] = one.breakpointId;
  }
  return held;
}

/** By label where the way has one, so that of two edges between the same nodes the right one is shown. */
function takenEdges(graph: CanvasGraph, { steps }: RunTale): Set<string> {
  const ways = new Set(
    steps.filter(({ workflowId, next }) => workflowId === graph.workflowId && next !== "")
      .map(({ nodeId, next, label }) => JSON.stringify([nodeId, next, label])),
  );
  return new Set(
    graph.edges.filter(({ from, to, label }) => ways.has(JSON.stringify([from, to, label || to])))
      .map(({ ref }) => ref),
  );
}

function titleIn(graph: CanvasGraph, nodeId: string): string {
  const node = graph.nodes.find(({ id }) => id === nodeId);
  return node ? nodeName(node) : nodeId;
}
