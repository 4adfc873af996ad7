// Operations: where a run is to stop, how its current node is begun afresh, and its state. Not here: the
// rest of what is done with a run (`run_operations.ts`).
import { flag, type JsonSchema, list, orNull, record, ref, sha256, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";
import { RUN_GOES_ON, RUN_READS } from "./run_operations.ts";

const control = () => import("./run_control.ts");

const id = text({ minLength: 1, maxLength: 1000 });
const LOOKS_INTO_PACKAGE = [...RUN_READS, "PKG_INTEGRITY", "PKG_INVALID"] as const;

/** Which keys belong to which `at` is said by `BREAKPOINT_INVALID`. */
const breakpointRequest = record({
  at: text({ enum: ["before", "after", "tool", "tokens", "cost", "turns"] }),
  nodeId: { ...id, description: "For before and after." },
  workflowId: { ...id, description: "Its workflow; any, unless said." },
  once: { const: true, description: "Gone once the run has stopped there." },
  tool: text({ maxLength: 200, description: "For tool: a name such as fs.write, or mcp__*." }),
  limit: { type: "number", exclusiveMinimum: 0, description: "For tokens, cost and turns." },
}, ["nodeId", "workflowId", "once", "tool", "limit"]);

/** `BreakpointRequest`, `Breakpoint`, `RunState` and `RunPlace`. */
export function runControlComponents(): Readonly<Record<string, JsonSchema>> {
  const node = record({ workflowId: text(), nodeId: text() });
  return {
    BreakpointRequest: breakpointRequest,
    Breakpoint: record({
      breakpointId: text(),
      at: text(),
      nodeId: orNull(text()),
      workflowId: orNull(text()),
      once: flag,
      tool: orNull(text()),
      limit: orNull({ type: "number" }),
    }),
    RunState: record({
      workflowId: text(),
      sha256: text({ description: "Of the document; an edit names it." }),
      yaml: text({ description: "The front matter as it is written." }),
      state: { type: "object", description: "The same as values." },
      currentNodeId: text(),
      nodes: list(record({ nodeId: text(), type: text(), title: orNull(text()) })),
    }),
    RunPlace: record({
      workflowId: text(),
      nodeId: text(),
      callers: { ...list(node), description: "Subworkflow nodes that wait, outermost first." },
    }),
  };
}

/** Below `/runs/{runId}`: `breakpoints`, `run-to`, `retry`, `state` and `place`. */
export const RUN_CONTROL_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listBreakpoints",
    method: "GET",
    path: "/runs/{runId}/breakpoints",
    tag: "runs",
    access: "account",
    summary: "Where the run is to stop, in the order in which it was said.",
    answers: { 200: { data: list(ref("Breakpoint")) } },
    errors: RUN_READS,
    handler: lazyCall(control, "listBreakpoints"),
  },
  {
    operationId: "setBreakpoint",
    method: "POST",
    path: "/runs/{runId}/breakpoints",
    tag: "runs",
    access: "account",
    summary:
      "Sets a breakpoint, also while the run goes on; the same one again is the one there is.",
    body: { json: breakpointRequest },
    answers: { 201: { data: ref("Breakpoint"), headers: ["Location"] } },
    errors: [...LOOKS_INTO_PACKAGE, "BREAKPOINT_INVALID", "RUN_BUSY"],
    handler: lazyCall(control, "setBreakpoint"),
  },
  {
    operationId: "removeBreakpoint",
    method: "DELETE",
    path: "/runs/{runId}/breakpoints/{breakpointId}",
    tag: "runs",
    access: "account",
    summary: "Removes a breakpoint.",
    answers: { 204: { nothing: true } },
    errors: [...RUN_READS, "BREAKPOINT_NOT_FOUND", "RUN_BUSY"],
    handler: lazyCall(control, "removeBreakpoint"),
  },
  {
    operationId: "runTo",
    method: "POST",
    path: "/runs/{runId}/run-to",
    tag: "runs",
    access: "account",
    summary: "Goes on until the run comes to a node, and pauses before it.",
    body: { json: record({ nodeId: id, workflowId: id }, ["workflowId"]) },
    answers: { 202: { data: ref("Run") } },
    errors: [...RUN_GOES_ON, "PKG_INVALID", "BREAKPOINT_INVALID"],
    handler: lazyCall(control, "runTo"),
  },
  {
    operationId: "retryNode",
    method: "POST",
    path: "/runs/{runId}/retry",
    tag: "runs",
    access: "account",
    summary: "Begins the current node afresh, with a new conversation.",
    body: {
      json: record({
        revert: { const: "node", description: "Project and state as when the node began." },
        force: { const: true, description: "With revert: also what others changed since." },
      }, ["revert", "force"]),
      isOptional: true,
    },
    answers: {
      202: { data: record({ run: ref("Run"), paths: list(text()) }) },
    },
    errors: [...RUN_GOES_ON, "FILE_EXISTS", "FILE_WRITE_FAILED"],
    handler: lazyCall(control, "retryNode"),
  },
  {
    operationId: "getRunState",
    method: "GET",
    path: "/runs/{runId}/state",
    tag: "runs",
    access: "account",
    summary: "The active state document of a run.",
    answers: { 200: { data: ref("RunState") } },
    errors: LOOKS_INTO_PACKAGE,
    handler: lazyCall(control, "showState"),
  },
  {
    operationId: "changeRunState",
    method: "PATCH",
    path: "/runs/{runId}/state",
    tag: "runs",
    access: "account",
    summary:
      "Edits the state of a run that nobody drives; it is logged, and the run stays where it is.",
    body: {
      json: record({
        ifMatchSha256: sha256,
        yaml: text({ description: "The whole front matter; else changes." }),
        changes: record({
          currentNodeId: text(),
          stepsCompleted: list(text()),
          variables: { type: "object", description: "All there are to be." },
        }, ["currentNodeId", "stepsCompleted", "variables"]),
      }, ["yaml", "changes"]),
    },
    bodyBytes: 4 << 20,
    answers: { 200: { data: ref("RunState") } },
    errors: [...LOOKS_INTO_PACKAGE, "STATE_CHANGED", "STATE_INVALID", "RUN_BUSY", "RUN_PHASE"],
    handler: lazyCall(control, "changeState"),
  },
  {
    operationId: "getRunPlace",
    method: "GET",
    path: "/runs/{runId}/place",
    tag: "runs",
    access: "account",
    summary: "The node where the run stands, and the nodes that called its workflow.",
    answers: { 200: { data: ref("RunPlace") } },
    errors: LOOKS_INTO_PACKAGE,
    handler: lazyCall(control, "showPlace"),
  },
];
