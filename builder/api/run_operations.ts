// Operations: runs from their start to their end, and the inbox. Not here: breakpoints and the state of a
// paused run (`run_control_operations.ts`), and what runs left (`run_record_operations.ts`).
import { RUN_PHASES } from "../../schemas/run_event.ts";
import {
  anyObject,
  count,
  flag,
  type JsonSchema,
  list,
  orNull,
  record,
  ref,
  text,
} from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const runs = () => import("./runs.ts");
const actions = () => import("./run_actions.ts");
const events = () => import("./run_events.ts");

const positive: JsonSchema = { type: "number", exclusiveMinimum: 0, maximum: 1e12 };
const turns: JsonSchema = { type: "integer", minimum: 1, maximum: 1_000_000 };

const runOptions = record({
  strictness: text({ enum: ["strict", "compatible"] }),
  outputs: text({ enum: ["required", "warn"] }),
  conditionsBinding: flag,
  context: text({ enum: ["node", "run"] }),
  allowAll: { ...flag, description: "What would be asked is allowed; what is denied stays so." },
  terminal: { ...flag, description: "Agents may start the programs they name; the owner's." },
  maxTurns: turns,
  maxTurnsPerNode: turns,
  maxTokens: positive,
  maxCostUsd: positive,
  maxMinutes: positive,
}, [
  "strictness",
  "outputs",
  "conditionsBinding",
  "context",
  "allowAll",
  "terminal",
  "maxTurns",
  "maxTurnsPerNode",
  "maxTokens",
  "maxCostUsd",
  "maxMinutes",
]);

/** A text of a query. */
export const shortText = (description: string) => text({ maxLength: 1000, description });
const callId = text({
  maxLength: 1000,
  description: "Of what is open, so that no other is meant.",
});
const advice = text({ maxLength: 100_000, description: "Words for the model." });
/** How many entries a page has at most. */
export const pageLimit = (maximum: number): JsonSchema => ({
  type: "integer",
  minimum: 1,
  maximum,
});

/** Codes of a run that is taken up. */
export const RUN_GOES_ON = [
  "RUN_NOT_FOUND",
  "RUN_FOLDER_DAMAGED",
  "RUN_PHASE",
  "RUN_BUSY",
  "AUTH_FORBIDDEN",
  "PROJECT_NOT_FOUND",
  "PKG_INTEGRITY",
  "LLM_NOT_CONFIGURED",
  "PROFILE_NOT_FOUND",
  "PROFILES_INVALID",
  "ENGINE_ABORTED",
] as const;
/** Codes of a run that is looked at. */
export const RUN_READS = ["RUN_NOT_FOUND", "RUN_FOLDER_DAMAGED"] as const;
/** Codes of a run whose project is looked into. */
export const READS_PROJECT = [
  ...RUN_READS,
  "AUTH_FORBIDDEN",
  "PROJECT_NOT_FOUND",
  "FILE_WRITE_FAILED",
] as const;

/** `/runs` and `/inbox`. */
export const RUN_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listRuns",
    method: "GET",
    path: "/runs",
    tag: "runs",
    access: "account",
    summary: "The caller's runs, newest first, and the totals of all that fit.",
    query: {
      status: text({ enum: RUN_PHASES }),
      package: shortText("Name of the package."),
      workflow: shortText("Id of the workflow that the run began with."),
      project: shortText("The folder, or its last part."),
      text: shortText("Words that input, names, folder, model or reason have to contain."),
      since: text({
        pattern: "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z)?$",
        description: "Started then or later: a date, or a moment in UTC.",
      }),
      cursor: shortText("nextCursor of the page before."),
      limit: pageLimit(200),
    },
    answers: {
      200: {
        data: record({
          runs: list(ref("Run")),
          nextCursor: orNull(text()),
          totals: ref("RunTotals"),
        }),
      },
    },
    handler: lazyCall(runs, "listRuns"),
  },
  {
    operationId: "startRun",
    method: "POST",
    path: "/runs",
    tag: "runs",
    access: "account",
    summary: "Starts a run of a package on a folder; its events tell how it goes.",
    body: {
      json: record({
        packageId: text(),
        projectDir: text({ minLength: 1, description: "A folder that the caller may work on." }),
        workflowId: { ...orNull(text()), description: "Null: the package's default." },
        agentId: { ...orNull(text()), description: "Alone, its menu takes the input." },
        input: orNull(text({ maxLength: 100_000 })),
        profile: { ...orNull(text()), description: "Null: the default, else the environment." },
        simulate: { ...flag, description: "No model is asked." },
        options: runOptions,
        entry: text({ enum: ["chat"], description: "Talk with the agent, whatever the words." }),
        inputs: { ...anyObject, description: "Values for what the workflow declares." },
        breakpoints: { ...list(ref("BreakpointRequest")), maxItems: 200 },
      }, [
        "workflowId",
        "agentId",
        "input",
        "profile",
        "simulate",
        "options",
        "entry",
        "inputs",
        "breakpoints",
      ]),
    },
    answers: { 201: { data: ref("Run"), headers: ["Location"] } },
    errors: [
      "PKG_NOT_FOUND",
      "PKG_INVALID",
      "WORKFLOW_NOT_FOUND",
      "AGENT_NOT_FOUND",
      "PROJECT_NOT_FOUND",
      "AUTH_FORBIDDEN",
      "ENGINE_PRECONDITION",
      "ENGINE_ABORTED",
      "LLM_NOT_CONFIGURED",
      "PROFILE_NOT_FOUND",
      "PROFILES_INVALID",
      "BREAKPOINT_INVALID",
      "INPUTS_INVALID",
      "MENU_UNCLEAR",
      "MENU_BUILTIN",
      "FILE_WRITE_FAILED",
      "USAGE",
    ],
    handler: lazyCall(runs, "startRun"),
  },
  {
    operationId: "getRun",
    method: "GET",
    path: "/runs/{runId}",
    tag: "runs",
    access: "account",
    summary: "A run as it stands, and what it waits for.",
    answers: { 200: { data: record({ run: ref("Run"), matter: orNull(ref("Matter")) }) } },
    errors: RUN_READS,
    handler: lazyCall(runs, "showRun"),
  },
  {
    operationId: "streamRunEvents",
    method: "GET",
    path: "/runs/{runId}/events",
    tag: "runs",
    access: "account",
    summary:
      "Server-sent events: each data is a RunEvent with its seq as id, or a RunDelta without an id; Last-Event-ID takes up behind it.",
    query: { after: { ...count, description: "Tell what comes behind this seq." } },
    answers: { 200: { media: ["text/event-stream"] } },
    errors: [...RUN_READS, "REQUEST_INVALID"],
    handler: lazyCall(events, "streamEvents"),
  },
  {
    operationId: "listRunEvents",
    method: "GET",
    path: "/runs/{runId}/log",
    tag: "runs",
    access: "account",
    summary: "The same events as a page of JSON, read from disk.",
    query: {
      type: shortText("Such as tool_call."),
      node: shortText("Id of a node."),
      text: shortText("What the event's JSON has to contain, in any case."),
      order: text({ enum: ["oldest", "newest"] }),
      beyond: { ...count, description: "next of the page before." },
      limit: pageLimit(1000),
    },
    answers: { 200: { data: record({ events: list(ref("RunEvent")), next: orNull(count) }) } },
    errors: RUN_READS,
    handler: lazyCall(events, "showLog"),
  },
  {
    operationId: "answerRun",
    method: "POST",
    path: "/runs/{runId}/answer",
    tag: "runs",
    access: "account",
    summary: "Answers the open question, and the run goes on.",
    body: {
      json: record({
        callId,
        answer: {
          description: "Text or an option; true or false; the values of a form or a review.",
          anyOf: [text({ maxLength: 1_000_000 }), flag, { type: "object" }],
        },
      }),
    },
    answers: { 202: { data: ref("Run") } },
    errors: [...RUN_GOES_ON, "ANSWERS_INVALID"],
    handler: lazyCall(actions, "answerRun"),
  },
  {
    operationId: "decideRun",
    method: "POST",
    path: "/runs/{runId}/decide",
    tag: "runs",
    access: "account",
    summary: "Allows or denies the tool call that waits for consent, and the run goes on.",
    body: {
      json: record({
        callId,
        decision: text({ enum: ["allow", "deny"] }),
        scope: text({ enum: ["once", "run", "always"], description: "always is the owner's." }),
        reason: text({ maxLength: 10_000, description: "The model is told." }),
      }, ["scope", "reason"]),
    },
    answers: { 202: { data: ref("Run") } },
    errors: [...RUN_GOES_ON, "POLICY_INVALID"],
    handler: lazyCall(actions, "decideRun"),
  },
  {
    operationId: "sayToRun",
    method: "POST",
    path: "/runs/{runId}/input",
    tag: "runs",
    access: "account",
    summary: "Words for a run at any time: read before its next request; one that stopped goes on.",
    body: { json: record({ text: text({ minLength: 1, maxLength: 100_000 }) }) },
    answers: { 202: { data: ref("Run") } },
    errors: RUN_GOES_ON,
    handler: lazyCall(actions, "sayToRun"),
  },
  {
    operationId: "dismissRun",
    method: "POST",
    path: "/runs/{runId}/dismiss",
    tag: "runs",
    access: "account",
    summary: "Dismisses the agent: a chat is completed, any other run stopped.",
    answers: { 200: { data: ref("Run") } },
    errors: RUN_GOES_ON,
    handler: lazyCall(actions, "dismissRun"),
  },
  {
    operationId: "pauseRun",
    method: "POST",
    path: "/runs/{runId}/pause",
    tag: "runs",
    access: "account",
    summary: "Lets the turn end, then pauses.",
    answers: { 202: { data: ref("Run") } },
    errors: [...RUN_READS, "RUN_PHASE"],
    handler: lazyCall(actions, "pauseRun"),
  },
  {
    operationId: "stopRun",
    method: "POST",
    path: "/runs/{runId}/stop",
    tag: "runs",
    access: "account",
    summary: "Stops at once, but for a file write; answers when it has stopped.",
    answers: { 200: { data: ref("Run") } },
    errors: [...RUN_READS, "RUN_PHASE"],
    handler: lazyCall(actions, "stopRun"),
  },
  {
    operationId: "resumeRun",
    method: "POST",
    path: "/runs/{runId}/resume",
    tag: "runs",
    access: "account",
    summary: "Goes on with a run that has stopped.",
    body: { json: record({ advice, profile: text() }, ["advice", "profile"]), isOptional: true },
    answers: { 202: { data: ref("Run") } },
    errors: RUN_GOES_ON,
    handler: lazyCall(actions, "resumeRun"),
  },
  {
    operationId: "forkRun",
    method: "POST",
    path: "/runs/{runId}/fork",
    tag: "runs",
    access: "account",
    summary: "Starts a new run from the last visit of a node of this one.",
    body: { json: record({ nodeId: text(), input: advice }, ["input"]) },
    answers: { 201: { data: ref("Run"), headers: ["Location"] } },
    errors: [...RUN_GOES_ON, "USAGE", "NODE_NOT_FOUND"],
    handler: lazyCall(actions, "forkRun"),
  },
  {
    operationId: "revertRun",
    method: "POST",
    path: "/runs/{runId}/revert",
    tag: "runs",
    access: "account",
    summary: "Puts the project back as it was before the run; what is replaced is kept.",
    body: {
      json: record({
        force: { ...flag, description: "Also what others changed since." },
      }, ["force"]),
      isOptional: true,
    },
    answers: { 200: { data: record({ paths: list(text()) }) } },
    errors: [...READS_PROJECT, "RUN_BUSY", "FILE_EXISTS"],
    handler: lazyCall(actions, "revertChanges"),
  },
  {
    operationId: "listInbox",
    method: "GET",
    path: "/inbox",
    tag: "runs",
    access: "account",
    summary: "Everything that waits for the caller, newest first.",
    answers: { 200: { data: list(ref("InboxEntry")) } },
    errors: ["RUN_FOLDER_DAMAGED"],
    handler: lazyCall(runs, "listInbox"),
  },
];
