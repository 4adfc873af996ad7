// What the API says of runs, as JSON Schemas. Events are `schemas/run_event.schema.json` itself: each kind
// of event a component under its own name.
import runEvent from "../../schemas/run_event.schema.json" with { type: "json" };
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
  sha256,
  text,
  time,
} from "./json_schema.ts";
import { runControlComponents } from "./run_control_operations.ts";

const QUESTION_KINDS = ["text", "form", "selection", "confirmation", "review"];

const dollars: JsonSchema = { type: "number", minimum: 0 };
const milliseconds: JsonSchema = { type: "number", minimum: 0 };
const identity = record({ name: text(), version: text(), hash: sha256 });
const mountPath = text({ description: "A mount path, such as @project/artifacts/poem.md." });

const run = {
  runId: text(),
  status: text({ enum: RUN_PHASES }),
  code: { ...orNull(text()), description: "Why it does not go on, as a word." },
  reason: { ...orNull(text()), description: "The same for a person." },
  isDrivenHere: { ...flag, description: "This server drives it, so it can be paused and stopped." },
  package: identity,
  workflowId: text(),
  agentId: orNull(text()),
  projectDir: text(),
  provider: text(),
  model: text(),
  profile: orNull(text()),
  isSimulated: flag,
  input: orNull(text()),
  forkedFrom: orNull(record({ runId: text(), nodeId: text(), seq: count })),
  startedAt: time,
  updatedAt: time,
  durationMs: milliseconds,
  requests: count,
  inputTokens: count,
  outputTokens: count,
  modelMs: { ...milliseconds, description: "Time that the model took." },
  costUsd: { ...orNull(dollars), description: "Null where the profile has no prices." },
};

const question = record({
  question: text(),
  kind: text({ enum: QUESTION_KINDS }),
  options: orNull(list(text())),
  schema: { ...orNull(anyObject), description: "Of a form: a JSON Schema." },
  path: { ...orNull(text()), description: "Of a review: the artifact to look at." },
});

const matter = record({
  kind: text({ enum: ["question", "approval"] }),
  callId: text({ description: "An answer or a decision names it." }),
  question: orNull(question),
  tool: orNull(text()),
  arguments: orNull(anyObject),
  path: orNull(mountPath),
  diff: orNull(text()),
});

const writer = record({
  runId: text(),
  seq: { ...count, description: "Of the event that tells the change." },
  at: time,
  callId: text(),
  tool: { ...orNull(text()), description: "Null for a revert, which no model asked for." },
  callSeq: { ...orNull(count), description: "Of the tool call's event." },
  nodeId: orNull(text()),
  turn: orNull(count),
  package: orNull(identity),
  workflowId: orNull(text()),
  model: orNull(text()),
  isRevert: flag,
});

const origin = text({
  enum: ["run", "before", "others", "unknown"],
  description: "run: a tool call (writer); before: there before the first run; others: changed " +
    "outside of these runs; unknown: the content between is not kept.",
});

/** The schemas by their names. */
export function runComponents(): Readonly<Record<string, JsonSchema>> {
  return {
    Run: record(run),
    RunTotals: record({
      runs: count,
      inputTokens: count,
      outputTokens: count,
      modelMs: milliseconds,
      costUsd: orNull(dollars),
      byStatus: { type: "object", additionalProperties: count },
    }),
    Matter: matter,
    InboxEntry: record({ run: ref("Run"), matter: orNull(ref("Matter")) }),
    Change: record({
      path: mountPath,
      kind: text({ enum: ["made", "changed", "removed"] }),
      diff: { ...orNull(text()), description: "Unified; null where a content is not kept." },
      isForeign: { ...flag, description: "Somebody else changed it since." },
    }),
    Writer: writer,
    Artifact: record({
      path: mountPath,
      sizeBytes: { ...orNull(count), description: "Null: the file is gone." },
      sha256: orNull(sha256),
      isForeign: { ...flag, description: "It does not hold what the run left." },
      writes: { ...count, description: "How many tool calls wrote it." },
      madeBy: ref("Writer"),
      lastWriter: ref("Writer"),
    }),
    Provenance: record({
      path: mountPath,
      sha256: orNull(sha256),
      lastWriter: orNull(ref("Writer")),
      lines: {
        ...orNull(list(record({
          firstLine: { ...count, minimum: 1 },
          lastLine: { ...count, minimum: 1 },
          origin,
          writer: orNull(ref("Writer")),
        }))),
        description: "Null for what is no text, or too large.",
      },
    }),
    ToolCall: record({
      seq: count,
      at: time,
      callId: text(),
      tool: text(),
      nodeId: orNull(text()),
      turn: orNull(count),
      path: orNull(mountPath),
      arguments: anyObject,
      outcome: text({ enum: ["open", "done", "failed"] }),
      errorCode: orNull(text()),
      result: orNull(anyObject),
      durationMs: orNull(milliseconds),
    }),
    ...runControlComponents(),
    ...eventComponents(),
  };
}

/** `RunEvent`, a component for each kind of it (`EventToolCall` …), and what these refer to. */
function eventComponents(): Readonly<Record<string, JsonSchema>> {
  const { $defs, oneOf, description } = runEvent;
  return {
    RunEvent: {
      description,
      oneOf: oneOf.map(({ $ref }) => ({ $ref: movedRef($ref) })),
    },
    RunDelta: {
      description: "Text as it streams; never logged, without seq and without an id.",
      ...record({
        type: text({ enum: ["text_delta", "reasoning_delta"] }),
        runId: text(),
        text: text(),
      }),
    },
    ...Object.fromEntries(
      Object.entries($defs).map(([name, part]) => [partName(name), movedRefs(part)]),
    ),
  };
}

const KINDS = new Set(runEvent.oneOf.map(({ $ref }) => $ref.replace("#/$defs/", "")));

/** `tool_result` is a kind of event, `toolResult` a part of one. */
function partName(name: string): string {
  const words = name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${KINDS.has(name) ? "Event" : "EventPart"}${words.join("")}`;
}

function movedRef(reference: string): string {
  return `#/components/schemas/${partName(reference.replace("#/$defs/", ""))}`;
}

function movedRefs(schema: object): JsonSchema {
  return JSON.parse(
    JSON.stringify(
      schema,
      (key, value) => key === "$ref" && typeof value === "string" ? movedRef(value) : value,
    ),
  );
}
