// A node of a run's workflow as its map and its list show it. Plain data, made by
// `builder/pages/run_progress.ts`.
import type { NodeType } from "../../schemas/package.ts";

/** How a node stands; all but `done`, `next` and `open` are the node where the run is. */
export type NodeState = "done" | "running" | "waiting" | "paused" | "failed" | "next" | "open";

/** A node of the workflow that is shown. */
export interface ShownNode {
  readonly nodeId: string;
  readonly workflowId: string;
  readonly title: string;
  readonly type: NodeType;
  readonly state: NodeState;
  /** The run has been there, so a fork can begin there. */
  readonly isVisited: boolean;
  /** The run stands there. */
  readonly isCurrent: boolean;
  /** Ids of the breakpoints that hold here. */
  readonly before?: string;
  readonly after?: string;
  /** The one-time breakpoint of "run to here". */
  readonly target?: string;
}

/** A decision of the run, from its state document. */
export interface ShownDecision {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly reason: string;
}

/** A workflow that waits for the one that is shown. */
export interface ShownCaller {
  readonly workflowId: string;
  readonly nodeId: string;
}

/** What may be done with the run now. */
export interface RunMoves {
  /** Nobody drives it. */
  readonly isStopped: boolean;
  readonly isCompleted: boolean;
}
