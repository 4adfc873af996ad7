// The breakpoints of a run: a small file in its folder, written by whoever sets them, read by whoever
// drives the run. Not here: when one is hit (`breakpoint_stop.ts`).
import { join } from "node:path";
import {
  type Breakpoint,
  type BreakpointRequest,
  isSameBreakpoint,
  readBreakpoint,
} from "../../schemas/breakpoint.ts";
import { AppError } from "../../schemas/error.ts";
import { findNode } from "../../schemas/graph.ts";
import { writeFileAtomic } from "../disk/durable.ts";
import type { LoadedWorkflow } from "../package/load.ts";
import type { RunFolder } from "./run_folder.ts";

/** More than this nobody can keep in mind, and each turn looks at all of them. */
const MOST_BREAKPOINTS = 200;

/** What a breakpoint is checked against before it is set. */
export interface BreakpointContext {
  readonly workflows: readonly Pick<LoadedWorkflow, "id" | "graph">[];
  /** The run's connection has prices, so that its cost is known. */
  readonly hasPrices: boolean;
}

/**
 * All breakpoints of a run, in the order they were set. Needs no lock: the file is replaced as a whole.
 * @throws AppError `RUN_FOLDER_DAMAGED` if the file was damaged by other hands
 */
export function readBreakpoints(folder: RunFolder): readonly Breakpoint[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(pathOf(folder));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
  try {
    const { breakpoints } = JSON.parse(text);
    return breakpoints.map((entry: Breakpoint) => ({
      breakpointId: String(entry.breakpointId),
      ...readBreakpoint(entry),
    }));
  } catch (cause) {
    throw new AppError(
      "RUN_FOLDER_DAMAGED",
      "The run's breakpoints.json cannot be read. Remove that file and set the breakpoints anew",
      { cause },
    );
  }
}

/**
 * Sets a breakpoint, while the run is driven or not; one that is there already is not set again. It is
 * on disk when this returns, and whoever drives the run sees it before its next turn or tool call.
 * @throws AppError `BREAKPOINT_INVALID`, `RUN_FOLDER_DAMAGED`
 */
export function setBreakpoint(
  folder: RunFolder,
  request: BreakpointRequest,
  context: BreakpointContext,
): Breakpoint {
  const wanted = checkBreakpoint(request, context);
  return change(folder, (present) => {
    const known = present.find((one) => isSameBreakpoint(one, wanted));
    if (known) return { breakpoints: present, answer: known };
    if (present.length >= MOST_BREAKPOINTS) {
      throw new AppError(
        "BREAKPOINT_INVALID",
        `The run has ${MOST_BREAKPOINTS} breakpoints, which is the most; remove one first`,
      );
    }
    const answer = { breakpointId: crypto.randomUUID(), ...wanted };
    return { breakpoints: [...present, answer], answer };
  });
}

/** Removes a breakpoint. @throws AppError `BREAKPOINT_NOT_FOUND`, `RUN_FOLDER_DAMAGED` */
export function removeBreakpoint(folder: RunFolder, breakpointId: string): void {
  change(folder, (present) => {
    const breakpoints = present.filter((one) => one.breakpointId !== breakpointId);
    if (breakpoints.length < present.length) return { breakpoints, answer: undefined };
    throw new AppError("BREAKPOINT_NOT_FOUND", "The run has no such breakpoint any more");
  });
}

/** Removes those of these ids that are there. */
export function dropBreakpoints(folder: RunFolder, breakpointIds: ReadonlySet<string>): void {
  change(folder, (present) => ({
    breakpoints: present.filter(({ breakpointId }) => !breakpointIds.has(breakpointId)),
    answer: undefined,
  }));
}

/**
 * A breakpoint that fits a package; nothing is written.
 * @throws AppError `BREAKPOINT_INVALID`, naming the nodes there are
 */
export function checkBreakpoint(
  request: BreakpointRequest,
  { workflows, hasPrices }: BreakpointContext,
): BreakpointRequest {
  const wanted = readBreakpoint(request);
  if (wanted.at === "cost" && !hasPrices) {
    throw new AppError(
      "BREAKPOINT_INVALID",
      "The run's cost is not known: its profile has no prices. Stop at tokens instead",
    );
  }
  if (wanted.at !== "before" && wanted.at !== "after") return wanted;
  const { nodeId, workflowId } = wanted;
  const meant = workflows.filter(({ id }) => workflowId === undefined || id === workflowId);
  if (meant.some(({ graph }) => findNode(graph, nodeId))) return wanted;
  const there = meant.flatMap(({ graph }) => graph.nodes.map(({ id }) => id));
  throw new AppError(
    "BREAKPOINT_INVALID",
    meant.length === 0
      ? `The package has no workflow "${workflowId}"`
      : `There is no node "${nodeId}" to stop at. There are: ${there.join(", ")}`,
  );
}

interface Change<Answer> {
  readonly breakpoints: readonly Breakpoint[];
  readonly answer: Answer;
}

/** Two processes may set breakpoints at once: neither loses the other's. */
function change<Answer>(
  folder: RunFolder,
  to: (present: readonly Breakpoint[]) => Change<Answer>,
): Answer {
  using lock = Deno.openSync(`${pathOf(folder)}.lock`, { create: true, write: true });
  lock.lockSync(true);
  const present = readBreakpoints(folder);
  const { breakpoints, answer } = to(present);
  if (breakpoints !== present) {
    const text = JSON.stringify({ formatVersion: 1, breakpoints }, null, 2);
    writeFileAtomic(pathOf(folder), `${text}\n`);
  }
  return answer;
}

function pathOf({ dir }: RunFolder): string {
  return join(dir, "breakpoints.json");
}
