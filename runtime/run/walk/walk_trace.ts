// Where a walk went, told by the events of its run. Pure.
import type { GraphEdge } from "../../../schemas/package.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { edgeKey } from "./usable_graph.ts";

/** A node of a workflow. */
export interface Place {
  readonly workflowId: string;
  readonly nodeId: string;
}

/** What a walk has passed so far. */
export interface WalkTrace {
  /** Every visit of a node, in order; calls of subworkflows and their nodes among them. */
  readonly visits: readonly Place[];
  /** Workflow id → keys (`edgeKey`) of the edges that were crossed. */
  readonly crossed: ReadonlyMap<string, ReadonlySet<string>>;
  /** The latest words of the model. */
  readonly lastWords: string;
}

/** Follows a run event by event; `read` tells where it has been. */
export function traceWalk(): { hear(event: RunEvent): void; read(): WalkTrace } {
  const visits: Place[] = [];
  const crossed = new Map<string, Set<string>>();
  // The open visit of each depth; a subworkflow's caller is still open while it runs.
  const open: Place[] = [];
  let lastWords = "";

  const cross = ({ workflowId, nodeId }: Place, { to, label }: Pick<GraphEdge, "to" | "label">) => {
    const edges = crossed.get(workflowId) ?? new Set();
    crossed.set(workflowId, edges.add(edgeKey({ from: nodeId, to, label })));
  };

  return {
    hear(event) {
      if (event.type === "node_entered") {
        const place = { workflowId: event.workflowId, nodeId: event.node.id };
        visits.push(place);
        open.splice(event.depth, Infinity, place);
      }
      if (event.type === "subworkflow_returned") open.splice(event.depth);
      if (event.type === "assistant_message") lastWords = event.message.content;
      const place = open.at(-1);
      if (event.type !== "node_completed" || !place || place.nodeId !== event.nodeId) return;
      const { next, label } = event;
      if (next !== undefined && label !== undefined) cross(place, { to: next, label });
    },
    read: () => ({ visits, crossed, lastWords }),
  };
}
