import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type DocumentKind, documentSchema } from "../../schemas/document_schema.ts";
import { validate } from "../../schemas/validate.ts";
import type { ViolationRule } from "../../schemas/violation.ts";

// deno-lint-ignore no-explicit-any -- tests break documents in ways no type describes
type Document = any;

const ENTRY = { workflow: "workflow.md", graph: "workflow.graph.json", agents: "agents.json" };

const VALID: Readonly<Record<Exclude<DocumentKind, "run_event" | "edit">, Document>> = {
  tool_policy: {
    formatVersion: 1,
    rules: [{ action: "deny", tool: "fs.*", arguments: { path: "@project/secrets/**" } }],
    always: [{
      packageHash: "a".repeat(64),
      agentId: "writer",
      tool: "fs.write",
      path: "@project/a",
    }],
  },
  engine_limits: { formatVersion: 1, limits: { maxTurns: 100, maxCostUsd: 0.5 } },
  profiles: {
    formatVersion: 1,
    default: "local.1",
    profiles: [{
      name: "local.1",
      preset: "ollama",
      model: "qwen3:8b",
      baseUrl: "http://127.0.0.1:11434",
      key: { env: "OLLAMA_API_KEY" },
      headers: { "x-team": "docs" },
      timeoutMs: 1,
      idleTimeoutMs: 2_147_483_647,
      maxRetries: 0,
      contextWindowTokens: 16_384,
      temperature: 0.2,
      maxOutputTokens: 1_000,
      streaming: false,
      prices: { inputPerMillion: 0, outputPerMillion: 0.5 },
      lastTest: {
        at: "2026-11-20T14:30:00Z",
        model: "qwen3:8b",
        score: 87.5,
        exercises: [{ exercise: "reachable", passed: true, reason: "It answered.", durationMs: 3 }],
      },
    }, { name: "b", preset: "openai", model: "m", key: { value: "sk-test" } }],
  },
  mcp_servers: {
    mcpServers: {
      "a-b_C1": {
        type: "stdio",
        command: "npx",
        args: ["-y", "server"],
        env: { TOKEN: "t", PORT: 3000, DEBUG: false },
        cwd: "folder",
        disabled: true,
        enabled: false,
        timeout: 60,
        autoApprove: ["x"],
      },
    },
    inputs: [],
  },
  bmad: {
    schemaVersion: "1.2.3",
    name: "n",
    version: "1.0.0-beta.1+build",
    description: "d",
    author: "a",
    createdAt: "2026-11-20T14:30:00Z",
    entry: { ...ENTRY, assetsDir: "assets/" },
    workflows: [{
      id: "a.b:c_d-1",
      workflow: "w",
      graph: "g",
      displayName: "D",
      description: "d",
      tags: ["t"],
    }],
    runtime: { minRuntimeVersion: "0.1.0", requiresNetwork: true },
    integrity: { sha256: "aB".repeat(32) },
  },
  workflow_graph: {
    schemaVersion: "1.2",
    entryNodeId: "a",
    nodes: [
      {
        id: "a",
        type: "subworkflow",
        file: "f",
        title: "t",
        description: "d",
        agentId: "x",
        inputs: ["i"],
        outputs: ["o"],
        subworkflowRef: "w",
        passContext: true,
      },
      { id: "b", type: "end", file: "f" },
    ],
    edges: [{
      from: "a",
      to: "b",
      label: "l",
      id: "e",
      isDefault: true,
      conditionText: "c",
      conditionExpr: { "==": [1, { var: "x" }] },
    }],
    metadata: { layout: { a: { x: 1, y: 2 } }, anything: [1] },
  },
  agents: {
    schemaVersion: "1.2",
    agents: [{
      id: "a",
      metadata: { name: "n", title: "t", icon: "i", module: "m", description: "d", sourceId: "s" },
      persona: { role: "r", identity: "i", communication_style: "c", principles: ["p"] },
      critical_actions: ["c"],
      prompts: [{ id: "p", content: "c", description: "d" }],
      menu: [{
        description: "d",
        trigger: "t",
        triggers: [{ type: "alias", match: "m" }],
        workflow: "w",
        exec: "e",
        action: "a",
        data: "d",
        "validate-workflow": "v",
        "ide-only": true,
        "web-only": false,
        "custom-key": { x: 1 },
      }],
      systemPrompt: "s",
      userPromptTemplate: "u",
      discussion: true,
      webskip: false,
      conversational_knowledge: [{ any: 1 }],
      tools: {
        fs: { enabled: true, maxReadBytes: 1, maxWriteBytes: 2 },
        mcp: { enabled: true, allowedServers: ["s"] },
      },
      skills: {
        capabilities: { filesystem: { enabled: true }, python: {}, browser: { enabled: false } },
        imports: [{ source: "assets/x.py", name: "x" }, { source: "assets/y" }],
      },
    }],
  },
  skill: {
    name: "read-tables-2",
    description: "Reads tables. Use it for CSV files.",
    "allowed-tools": ["fs.read"],
    license: "MIT",
    metadata: { author: "x" },
  },
  workflow_state: {
    schemaVersion: "1.1",
    workflowType: "w",
    stepsCompleted: ["a"],
    currentNodeId: "",
    runId: "r",
    project_name: "p",
    user_name: "u",
    date: "d",
    updatedAt: "2026-11-20T14:30:00.123+01:00",
    variables: { any: { thing: 1 } },
    decisionLog: [{
      from: "a",
      to: "b",
      label: "l",
      reason: "r",
      decidedAt: "2026-11-20T14:30:00Z",
    }],
    artifacts: ["artifacts/a.md"],
    inputDocuments: ["docs/x.md"],
    customKey: 1,
  },
  step: {
    schemaVersion: "1.1",
    nodeId: "n",
    type: "step",
    title: "t",
    agentId: "a",
    inputs: ["i"],
    outputs: ["o"],
    setsVariables: ["v"],
    transitions: [{ to: "b", label: "l", isDefault: true, conditionText: "c" }],
    customKey: 1,
  },
};

const KINDS = Object.keys(VALID) as (keyof typeof VALID)[];

for (const kind of KINDS) {
  Deno.test(`validate() accepts a ${kind} document with every key the format has`, () => {
    deepStrictEqual(validate(kind, VALID[kind]), []);
  });
}

Deno.test("documentSchema() gives schemas that the JSON Schema 2020-12 meta-schema accepts", () => {
  const ajv = new Ajv2020({ discriminator: true });
  for (const kind of [...KINDS, "run_event"] as const) {
    ok(ajv.validateSchema(documentSchema(kind)), `${kind}: ${ajv.errorsText()}`);
  }
});

type Path = readonly (string | number)[];

/** [kind, path to set or, with `undefined`, to remove, value, rule, pointer, words of the message] */
type Row = readonly [keyof typeof VALID, Path, unknown, ViolationRule, string, RegExp];

const AGENT = ["agents", 0] as const;
const NODE = ["nodes", 0] as const;

const BROKEN: readonly Row[] = [
  [
    "bmad",
    ["schemaVersion"],
    "1.3",
    "wrong-value",
    "/schemaVersion",
    /"1.1" or "1.2", but is "1.3"/,
  ],
  ["bmad", ["schemaVersion"], "1.1.x", "wrong-value", "/schemaVersion", /"1.1.x"/],
  ["bmad", ["schemaVersion"], 1.1, "wrong-type", "/schemaVersion", /a string, but is 1.1/],
  [
    "bmad",
    ["schemaVersion"],
    undefined,
    "missing-key",
    "",
    /"schemaVersion" is missing in the document/,
  ],
  ["bmad", ["name"], "", "empty", "/name", /"name" is empty/],
  ["bmad", ["version"], "1.0", "wrong-value", "/version", /three numbers.*"1.0"/],
  ["bmad", ["version"], "v1.0.0", "wrong-value", "/version", /"v1.0.0"/],
  ["bmad", ["version"], "01.0.0", "wrong-value", "/version", /"01.0.0"/],
  ["bmad", ["createdAt"], "yesterday", "wrong-value", "/createdAt", /date and time.*"yesterday"/],
  ["bmad", ["entry"], undefined, "missing-key", "", /"entry"/],
  ["bmad", ["entry", "graph"], undefined, "missing-key", "/entry", /"graph" is missing in "entry"/],
  [
    "bmad",
    ["entry", "x"],
    1,
    "unknown-key",
    "/entry/x",
    /known keys: workflow, graph, agents, assetsDir/,
  ],
  ["bmad", ["x"], 1, "unknown-key", "/x", /known keys: schemaVersion, name/],
  ["bmad", ["workflows", 0, "id"], "-a", "wrong-value", "/workflows/0/id", /"-a"/],
  ["bmad", ["workflows", 0, "id"], "a b", "wrong-value", "/workflows/0/id", /"a b"/],
  ["bmad", ["workflows", 0, "x"], 1, "unknown-key", "/workflows/0/x", /"x"/],
  ["bmad", ["workflows", 0, "tags"], "t", "wrong-type", "/workflows/0/tags", /a list/],
  ["bmad", ["workflows", 0, "tags", 0], 3, "wrong-type", "/workflows/0/tags/0", /"tags\[0\]"/],
  ["bmad", ["runtime", "x"], 1, "unknown-key", "/runtime/x", /"x"/],
  [
    "bmad",
    ["runtime", "requiresNetwork"],
    "no",
    "wrong-type",
    "/runtime/requiresNetwork",
    /true or false/,
  ],
  ["bmad", ["integrity", "sha256"], "ab", "wrong-value", "/integrity/sha256", /64 hexadecimal/],
  ["bmad", ["integrity", "md5"], "ab", "unknown-key", "/integrity/md5", /"md5"/],

  ["workflow_graph", ["nodes"], [], "empty", "/nodes", /empty list/],
  ["workflow_graph", ["nodes"], undefined, "missing-key", "", /"nodes"/],
  ["workflow_graph", ["entryNodeId"], undefined, "missing-key", "", /"entryNodeId"/],
  ["workflow_graph", ["x"], 1, "unknown-key", "/x", /"x"/],
  ["workflow_graph", [...NODE, "x"], 1, "unknown-key", "/nodes/0/x", /"x"/],
  ["workflow_graph", [...NODE, "a/b~c"], 1, "unknown-key", "/nodes/0/a~1b~0c", /"a\/b~c"/],
  [
    "workflow_graph",
    [...NODE, "type"],
    "loop",
    "wrong-value",
    "/nodes/0/type",
    /one of step, decision/,
  ],
  ["workflow_graph", [...NODE, "id"], "ü", "wrong-value", "/nodes/0/id", /"ü"/],
  ["workflow_graph", [...NODE, "file"], "", "empty", "/nodes/0/file", /"file" is empty/],
  [
    "workflow_graph",
    [...NODE, "passContext"],
    "yes",
    "wrong-type",
    "/nodes/0/passContext",
    /true or/,
  ],
  ["workflow_graph", ["edges", 0, "label"], "", "empty", "/edges/0/label", /"label" is empty/],
  [
    "workflow_graph",
    ["edges", 0, "to"],
    undefined,
    "missing-key",
    "/edges/0",
    /"to".*"edges\[0\]"/,
  ],
  ["workflow_graph", ["edges", 0, "x"], 1, "unknown-key", "/edges/0/x", /"x"/],
  [
    "workflow_graph",
    ["edges", 0, "conditionExpr"],
    "a",
    "wrong-type",
    "/edges/0/conditionExpr",
    /object/,
  ],
  [
    "workflow_graph",
    ["schemaVersion"],
    "1.1",
    "newer-key",
    "/nodes/0/subworkflowRef",
    /needs.*1\.2/,
  ],
  [
    "workflow_graph",
    ["schemaVersion"],
    "1.1.4",
    "newer-key",
    "/nodes/0/passContext",
    /needs.*1\.2/,
  ],

  ["agents", ["agents"], [], "empty", "/agents", /empty list/],
  ["agents", [...AGENT, "x"], 1, "unknown-key", "/agents/0/x", /"x"/],
  ["agents", [...AGENT, "id"], "", "wrong-value", "/agents/0/id", /letter or digit/],
  ["agents", [...AGENT, "metadata", "icon"], "", "empty", "/agents/0/metadata/icon", /"icon"/],
  ["agents", [...AGENT, "metadata", "x"], 1, "unknown-key", "/agents/0/metadata/x", /"x"/],
  ["agents", [...AGENT, "persona", "x"], 1, "unknown-key", "/agents/0/persona/x", /"x"/],
  [
    "agents",
    [...AGENT, "persona", "principles"],
    "",
    "empty",
    "/agents/0/persona/principles",
    /empty/,
  ],
  [
    "agents",
    [...AGENT, "persona", "principles"],
    [],
    "empty",
    "/agents/0/persona/principles",
    /empty/,
  ],
  [
    "agents",
    [...AGENT, "persona", "principles"],
    [""],
    "empty",
    "/agents/0/persona/principles/0",
    /empty/,
  ],
  [
    "agents",
    [...AGENT, "persona", "principles"],
    1,
    "wrong-type",
    "/agents/0/persona/principles",
    /a string or a list/,
  ],
  ["agents", [...AGENT, "prompts", 0, "x"], 1, "unknown-key", "/agents/0/prompts/0/x", /"x"/],
  [
    "agents",
    [...AGENT, "menu", 0, "description"],
    undefined,
    "missing-key",
    "/agents/0/menu/0",
    /"menu\[0\]"/,
  ],
  [
    "agents",
    [...AGENT, "menu", 0, "validate-workflow"],
    true,
    "wrong-type",
    "/agents/0/menu/0/validate-workflow",
    /a string/,
  ],
  [
    "agents",
    [...AGENT, "menu", 0, "triggers", 0],
    "a",
    "wrong-type",
    "/agents/0/menu/0/triggers/0",
    /an object/,
  ],
  [
    "agents",
    [...AGENT, "conversational_knowledge", 0],
    "a",
    "wrong-type",
    "/agents/0/conversational_knowledge/0",
    /an object/,
  ],
  [
    "agents",
    [...AGENT, "tools", "x"],
    1,
    "unknown-key",
    "/agents/0/tools/x",
    /known keys: fs, mcp/,
  ],
  [
    "agents",
    [...AGENT, "tools", "fs", "maxReadBytes"],
    0,
    "wrong-value",
    "/agents/0/tools/fs/maxReadBytes",
    /at least 1, but is 0/,
  ],
  [
    "agents",
    [...AGENT, "tools", "fs", "maxReadBytes"],
    1.5,
    "wrong-type",
    "/agents/0/tools/fs/maxReadBytes",
    /whole number/,
  ],
  ["agents", [...AGENT, "tools", "mcp", "x"], 1, "unknown-key", "/agents/0/tools/mcp/x", /"x"/],
  [
    "agents",
    [...AGENT, "skills", "imports", 0, "source"],
    undefined,
    "missing-key",
    "/agents/0/skills/imports/0",
    /"source"/,
  ],
  ["agents", ["schemaVersion"], "1.1", "newer-key", "/agents/0/skills", /needs.*1\.2/],

  ["workflow_state", ["workflowType"], "", "empty", "/workflowType", /empty/],
  ["workflow_state", ["currentNodeId"], undefined, "missing-key", "", /"currentNodeId"/],
  [
    "workflow_state",
    ["stepsCompleted"],
    "a",
    "wrong-type",
    "/stepsCompleted",
    /a list, but is "a"/,
  ],
  ["workflow_state", ["updatedAt"], "2026-11-20", "wrong-value", "/updatedAt", /with zone/],
  ["workflow_state", ["variables"], [], "wrong-type", "/variables", /an object, but is a list/],
  ["workflow_state", ["decisionLog", 0, "x"], 1, "unknown-key", "/decisionLog/0/x", /"x"/],
  [
    "workflow_state",
    ["decisionLog", 0, "label"],
    undefined,
    "missing-key",
    "/decisionLog/0",
    /"label"/,
  ],
  [
    "workflow_state",
    ["decisionLog", 0, "decidedAt"],
    "now",
    "wrong-value",
    "/decisionLog/0/decidedAt",
    /"now"/,
  ],

  ["skill", ["name"], undefined, "missing-key", "", /"name"/],
  ["skill", ["name"], "Read_Tables", "wrong-value", "/name", /small letters.*"Read_Tables"/],
  ["skill", ["name"], "a--b", "wrong-value", "/name", /single hyphens/],
  ["skill", ["name"], "a".repeat(65), "wrong-value", "/name", /longer than 64 characters/],
  ["skill", ["description"], undefined, "missing-key", "", /"description"/],
  ["skill", ["description"], "", "empty", "/description", /empty/],
  ["skill", ["description"], "x".repeat(1025), "wrong-value", "/description", /longer than 1024/],
  ["skill", ["allowed-tools"], {}, "wrong-type", "/allowed-tools", /a string or a list/],
  ["skill", ["allowed-tools", 0], 1, "wrong-type", "/allowed-tools/0", /a string/],

  ["step", ["type"], "x", "wrong-value", "/type", /one of step/],
  ["step", ["nodeId"], undefined, "missing-key", "", /"nodeId"/],
  ["step", ["transitions", 0, "x"], 1, "unknown-key", "/transitions/0/x", /"x"/],
  ["step", ["transitions", 0, "to"], undefined, "missing-key", "/transitions/0", /"to"/],
];

function broken(kind: keyof typeof VALID, path: Path, value: unknown): Document {
  const document = structuredClone(VALID[kind]);
  const parent = path.slice(0, -1).reduce((part, key) => part[key], document);
  const last = path.at(-1) ?? "";
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return document;
}

for (const [kind, path, value, rule, pointer, says] of BROKEN) {
  const what = value === undefined ? "without" : `with ${JSON.stringify(value)} as`;
  Deno.test(`validate() refuses ${kind} ${what} ${path.join(".")}`, () => {
    const violations = validate(kind, broken(kind, path, value));

    const found = violations.find((violation) =>
      violation.pointer === pointer && violation.rule === rule
    );
    ok(found, JSON.stringify(violations));
    ok(says.test(found.message), found.message);
    ok(found.hint.endsWith("."), found.hint);
  });
}

Deno.test("validate() never shows the validator's own wording", () => {
  const all = BROKEN.flatMap(([kind, path, value]) => validate(kind, broken(kind, path, value)));

  deepStrictEqual(
    all.filter(({ message, hint }) =>
      /must NOT|should|schema asks|undefined|\[object/.test(message + hint)
    ),
    [],
  );
});

Deno.test("validate() reports all violations of a document at once", () => {
  const rules = validate("bmad", { name: "", version: "x", entry: [], extra: 1 }).map(({ rule }) =>
    rule
  );

  deepStrictEqual(rules.toSorted(), [
    "empty",
    "missing-key",
    "unknown-key",
    "wrong-type",
    "wrong-value",
  ]);
});

Deno.test("validate() accepts version 1.1 documents without the keys of 1.2", () => {
  const graph = structuredClone(VALID.workflow_graph);
  graph.schemaVersion = "1.1";
  delete graph.nodes[0].subworkflowRef;
  delete graph.nodes[0].passContext;

  deepStrictEqual(validate("workflow_graph", graph), []);
});

Deno.test("validate() judges a run event by its type alone", () => {
  const event = { seq: 1, at: "2026-11-20T14:30:00Z", runId: "r", type: "nudge_sent", text: "t" };

  deepStrictEqual(validate("run_event", event), []);
  deepStrictEqual(validate("run_event", { ...event, text: 1 }).map(({ pointer }) => pointer), [
    "/text",
  ]);
  strictEqual(validate("run_event", { ...event, type: "x" }).length, 1);
});

Deno.test("validate() shows a pattern that has no words of its own", () => {
  const event = { seq: 1, at: "2026-11-20T14:30:00Z", runId: "r", type: "run_started" };
  const broken = { ...event, package: { name: "n", version: "v", hash: "no" } };
  const found = validate("run_event", broken).find(({ pointer }) => pointer === "/package/hash");

  strictEqual(found?.message, '"hash" must be of the form ^[0-9a-f]{64}$, but is "no"');
});

Deno.test("validate() cuts long values short in its messages", () => {
  const [violation] = validate("bmad", { ...VALID.bmad, version: "9".repeat(1000) });

  ok((violation?.message.length ?? 0) < 200, violation?.message ?? "");
});
