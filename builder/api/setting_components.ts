// What the operations of the settings speak of. Secrets are taken, and never given.
import { LIMIT_NAMES, LIMIT_RANGES } from "../../schemas/engine_limits.ts";
import { EXERCISES, PRESET_NAMES } from "../../schemas/profile.ts";
import {
  count,
  flag,
  type JsonSchema,
  list,
  orNull,
  record,
  ref,
  text,
  time,
} from "./json_schema.ts";

const number: JsonSchema = { type: "number" };
const texts = (values: JsonSchema): JsonSchema => ({
  type: "object",
  additionalProperties: values,
});
const state = text({ enum: ["none", "running", "done", "stopped", "failed"] });
const sandbox = text({ enum: ["auto", "on", "off"] });
const consent = text({ enum: ["allow", "ask", "deny"] });

const profileNumbers = {
  contextWindowTokens: orNull(number),
  maxOutputTokens: orNull(number),
  temperature: orNull(number),
  timeoutMs: orNull(number),
  maxRetries: orNull(number),
  inputPerMillion: { ...orNull(number), description: "US dollars for a million tokens read." },
  outputPerMillion: orNull(number),
};

const exercise = record({
  exercise: text({ enum: EXERCISES }),
  passed: flag,
  reason: text(),
  durationMs: number,
});

const test = {
  at: time,
  model: text(),
  score: number,
  exercises: list(exercise),
  isReached: {
    ...flag,
    description: "False: the server did not answer, so the score says nothing.",
  },
  isLow: { ...flag, description: "Such a model may not manage a workflow." },
};

const profile = record({
  name: text(),
  isDefault: flag,
  preset: text({ enum: PRESET_NAMES }),
  presetTitle: text(),
  model: text(),
  baseUrl: orNull(text()),
  address: { ...orNull(text()), description: "Where requests go, without the query." },
  key: record({
    from: text({ enum: ["stored", "environment", "none"] }),
    variable: orNull(text()),
    isReady: flag,
  }),
  hasOwnVariable: flag,
  headers: { ...list(text()), description: "Names only; values are secrets." },
  ...profileNumbers,
  streaming: flag,
  lastTest: orNull(record(test)),
});

const profileChange = {
  model: text({ maxLength: 500 }),
  baseUrl: orNull(text({ maxLength: 2000 })),
  key: {
    oneOf: [
      record({ from: { const: "preset" } }),
      record({ from: { const: "kept" } }),
      record({ from: { const: "env" }, variable: text({ maxLength: 200 }) }),
      record({ from: { const: "stored" }, value: text({ maxLength: 8192 }) }),
    ],
    description: "kept: the key that is stored, for the same server only.",
  },
  headers: { ...texts(orNull(text())), description: "null keeps the value that is stored." },
  ...profileNumbers,
  streaming: flag,
  isDefault: flag,
};

const optionalOfProfile = Object.keys(profileChange).filter((name) => name !== "model");

const mcpServer = record({
  serverId: text(),
  isEnabled: flag,
  command: text(),
  args: list(text()),
  env: { ...list(text()), description: "Names only; values are secrets." },
  cwd: orNull(text()),
  timeoutSeconds: orNull(number),
  sandbox,
  hasNetwork: flag,
  fault: { ...orNull(text()), description: "Why it cannot start on this machine." },
});

const mcpChange = {
  command: text({ maxLength: 4000 }),
  args: list(text()),
  env: { ...texts(orNull(text())), description: "null keeps the value that is stored." },
  cwd: orNull(text()),
  timeoutSeconds: orNull(number),
  sandbox,
  hasNetwork: flag,
  isEnabled: flag,
};

const optionalOfMcp = Object.keys(mcpChange).filter((name) => name !== "command");

const mcpTrial = record({
  state,
  startedAt: orNull(time),
  failure: orNull(text()),
  result: orNull(record({
    isGood: flag,
    isMissing: flag,
    sandbox: text({ enum: ["bubblewrap", "seatbelt", "none"] }),
    hasNetwork: flag,
    durationMs: number,
    tools: list(record({ name: text(), description: text() })),
    failure: orNull(text()),
    stderr: text(),
    skippedLines: count,
  })),
});

const rule = record({
  ruleId: text(),
  action: consent,
  tool: text(),
  arguments: texts(text()),
});

const limits = Object.fromEntries(LIMIT_NAMES.map((name) => {
  const { least, most, isWhole } = LIMIT_RANGES[name];
  const type = isWhole ? "integer" : "number";
  return [name, orNull({ type, minimum: least, maximum: most })];
}));

const tidyRun = record({
  runId: text(),
  packageName: { ...orNull(text()), description: "null for the run of another account." },
  username: orNull(text()),
  phase: text({
    enum: ["idle", "running", "waiting", "paused", "completed", "failed", "interrupted"],
  }),
  updatedAt: time,
  bytes: count,
});

/** The schemas by the names under which others refer to them. */
export const SETTING_COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  Profile: profile,
  ProfileChange: record(profileChange, optionalOfProfile),
  NewProfile: record(
    { name: text({ maxLength: 64 }), preset: text({ enum: PRESET_NAMES }), ...profileChange },
    optionalOfProfile,
  ),
  ProfileTrial: record({
    state,
    startedAt: orNull(time),
    exercises: list(exercise),
    failure: orNull(text()),
    lastTest: orNull(record(test)),
  }),
  McpServer: mcpServer,
  McpServerChange: record(mcpChange, optionalOfMcp),
  NewMcpServer: record({ serverId: text({ maxLength: 100 }), ...mcpChange }, optionalOfMcp),
  McpTrial: mcpTrial,
  ToolPolicy: record({
    rules: list(rule),
    always: list(record({
      consentId: text(),
      packageHash: text(),
      packageName: orNull(text()),
      agentId: text(),
      tool: text(),
      path: orNull(text()),
    })),
  }),
  NewToolRule: record(
    { action: consent, tool: text({ maxLength: 200 }), arguments: texts(text()) },
    ["arguments"],
  ),
  EngineLimits: record(limits),
  EngineLimitsChange: record(limits, LIMIT_NAMES),
  DataUse: record({
    dataDir: text(),
    bytes: count,
    freeBytes: orNull(count),
    parts: list(record({
      part: text({ enum: ["runs", "packages", "database", "caches", "trash", "other"] }),
      path: text(),
      bytes: count,
      fileCount: count,
    })),
    keptContents: record({ bytes: count, fileCount: count }),
    unusedPackages: list(record({ name: text(), bytes: count })),
  }),
  TidyRun: tidyRun,
  TidyOutcome: record({ trashed: list(text()), kept: list(text()) }),
};

/** The schema of a list of runs that may go. */
export const TIDY_RUNS: JsonSchema = list(ref("TidyRun"));
