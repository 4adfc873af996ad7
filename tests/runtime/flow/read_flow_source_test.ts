import assert from "node:assert/strict";
import { join } from "node:path";
import { readFlowSource } from "../../../runtime/flow/read_flow_source.ts";
import { requireSound } from "../../../runtime/flow/require_sound.ts";
import { agents, type Files, inFolder, sourceOf } from "./flow_world.ts";

const MODEL = { "config/runtime.yaml": "llm: {model: m}\n" };

async function findingsOf(files: Files, env = {}): Promise<string[]> {
  const { source } = await sourceOf({ ...MODEL, ...files }, env);
  return source.findings.map(({ code, file, line, column }) =>
    `${code} ${file}${line === undefined ? "" : `:${line}:${column}`}`
  );
}

Deno.test("readFlowSource() reads an agent without front matter with every default", async () => {
  const { source } = await sourceOf({ ...MODEL, "agents/writer.md": "\n# Write\n\nPlainly.\n" });
  assert.deepEqual(source.findings, []);
  assert.deepEqual(source.agents, [{
    id: "writer",
    file: "agents/writer.md",
    description: "",
    formatVersion: "1.0",
    body: "# Write\n\nPlainly.",
    persona: "",
    tools: [],
    memory: { kind: "isolated" },
    waitFor: { docs: [], agents: [] },
    parallel: null,
    tasks: [],
    checklists: [],
    templates: [],
    commands: [],
    creates: [],
    reads: [],
    updates: [],
  }]);
  assert.deepEqual(source.flows.map(({ name, derived }) => [name, derived]), [["default", true]]);
});

const RICH = `---
id: pm
description: Product manager
persona:
  role: Product manager
  core_principles: [Ask why, Cut scope]
tasks: [create-prd.md]
checklists: [prd]
templates: [prd-tmpl.yaml]
commands:
  - help: Show help
  - "draft"
creates: [prd.md]
requires: [brief]
reads: [market]
updates: [log]
memory_scope: shared:team
tools: [fs.read, memory_get, mcp:files]
wait_for: {agents: [analyst], docs: [brief, notes.md]}
parallel: true
---
Write the PRD.
`;

Deno.test("readFlowSource() reads the richer form with its texts", async () => {
  const { source } = await sourceOf({
    ...MODEL,
    ...agents({ analyst: "" }),
    "agents/pm.md": RICH,
    "tasks/create-prd.md": "---\nowner: us\n---\nDo it in three steps.\n",
    "checklists/prd.md": "- [ ] Has goals\n",
    "templates/prd-tmpl.yaml": "sections: [a]\n",
  });
  const pm = source.agents.find(({ id }) => id === "pm");
  assert.deepEqual(source.findings, []);
  assert.equal(pm?.formatVersion, "2.0");
  assert.equal(pm?.persona, "Role: Product manager\nCore principles: \n- Ask why\n- Cut scope");
  assert.deepEqual(pm?.tasks, [
    { name: "create-prd", file: "tasks/create-prd.md", text: "Do it in three steps." },
  ]);
  assert.equal(pm?.templates[0]?.file, "templates/prd-tmpl.yaml");
  assert.deepEqual(pm?.commands, ["help: Show help", "draft"]);
  assert.deepEqual([pm?.creates, pm?.reads, pm?.updates], [["prd"], ["market"], ["log"]]);
  assert.deepEqual(pm?.waitFor, { docs: ["brief", "notes"], agents: ["analyst"] });
  assert.deepEqual(pm?.memory, { kind: "shared", namespace: "team" });
  assert.equal(pm?.parallel, true);
});

const WRONG: readonly (readonly [string, Files, readonly string[]])[] = [
  ["no agent", {}, ["FLOW_AGENTS_MISSING agents"]],
  [
    "broken YAML in front matter",
    { "agents/a.md": "---\nid: a\ntools: [x\n---\nHi\n" },
    ["FLOW_YAML agents/a.md:4:1"],
  ],
  ["front matter that is not closed", { "agents/a.md": "---\nid: a\n" }, [
    "FLOW_FRONT_MATTER agents/a.md:1:1",
  ]],
  ["broken YAML in workflow.yaml", {
    ...agents({ a: "" }),
    "workflow.yaml": "flows:\n  default:\n    sequence: [a\n",
  }, ["FLOW_YAML workflow.yaml:4:1"]],
  ["an agent that waits for nobody there", agents({ a: "wait_for:\n  agents: [b]" }), [
    "FLOW_AGENT_UNKNOWN agents/a.md:3:12",
  ]],
  ["an unknown agent in a flow", {
    ...agents({ a: "" }),
    "workflow.yaml": "flows:\n  default:\n    sequence:\n      - a\n      - {parallel: [b]}\n",
  }, ["FLOW_AGENT_UNKNOWN workflow.yaml:5:21"]],
  ["an agent twice in a flow", {
    ...agents({ a: "" }),
    "workflow.yaml": "flows:\n  default:\n    steps:\n      - agents: [a, a]\n",
  }, ["FLOW_AGENT_REPEATED workflow.yaml:4:21"]],
  ["an unknown tool", agents({ a: "tools: [hammer]" }), ["FLOW_TOOL_UNKNOWN agents/a.md:2:9"]],
  ["a task that is not there", agents({ a: "tasks: [dig]" }), [
    "FLOW_DOCUMENT_UNKNOWN agents/a.md:2:9",
  ]],
  ["an unknown key", agents({ a: "tool: x" }), ["FLOW_KEY_UNKNOWN agents/a.md:2:7"]],
  ["an id that leads elsewhere", agents({ a: "id: ../../etc" }), [
    "FLOW_ID_INVALID agents/a.md:2:5",
  ]],
  ["an id that two agents have", agents({ a: "id: x", b: "id: X" }), [
    "FLOW_ID_DUPLICATE agents/b.md:2:5",
  ]],
  ["a memory scope that is none", agents({ a: "memory_scope: global" }), [
    "FLOW_VALUE_INVALID agents/a.md:2:15",
  ]],
  ["a shared memory with a bad name", agents({ a: "memory_scope: shared:a/b" }), [
    "FLOW_ID_INVALID agents/a.md:2:15",
  ]],
  ["wrong types", agents({ a: "parallel: maybe\ntools: hammer" }), [
    "FLOW_VALUE_INVALID agents/a.md:3:8",
    "FLOW_VALUE_INVALID agents/a.md:2:11",
  ]],
  ["an empty prompt", { "agents/a.md": "---\nid: a\n---\n" }, ["FLOW_PROMPT_EMPTY agents/a.md"]],
  ["a module that is not there", { ...agents({ a: "" }), "tools.yaml": "t: {module: x.y}\n" }, [
    "FLOW_MODULE_UNKNOWN tools.yaml:1:13",
  ]],
  ["a module outside", { ...agents({ a: "" }), "tools.yaml": "t: {module: ../x.js}\n" }, [
    "FLOW_MODULE_UNKNOWN tools.yaml:1:13",
  ]],
  ["a function that is not exported", {
    ...agents({ a: "" }),
    "tools.yaml": "t: {module: x, call: f}\n",
    "x.js": "export function g() {}\n",
  }, ["FLOW_MODULE_EXPORT tools.yaml:1:22"]],
  ["a module that imports a package", {
    ...agents({ a: "" }),
    "tools.yaml": "t: {module: x, function: f}\n",
    "x.js": '/* import "fine" */\nimport fs from "node:fs";\nexport function f() {}\n',
  }, ["FLOW_MODULE_IMPORT x.js:2:1"]],
  ["a tool with a name of ours", {
    ...agents({ a: "" }),
    "tools.yaml": "fs_read: {module: x, call: f}\n",
    "x.js": "export const f = () => 1;\n",
  }, ["FLOW_ID_INVALID tools.yaml:1:10"]],
  ["settings out of bounds", {
    ...agents({ a: "" }),
    "config/runtime.yaml": "llm: {model: m}\nretry: {attempts: 0}\non_missing_doc: hope\n",
  }, [
    "FLOW_VALUE_INVALID config/runtime.yaml:3:17",
    "FLOW_VALUE_INVALID config/runtime.yaml:2:19",
  ]],
  ["text that is binary", { ...agents({ a: "" }), "agents/b.md": "a\0b" }, [
    "FLOW_FILE_NOT_TEXT agents/b.md",
  ]],
  ["a huge prompt", { ...agents({ a: "" }), "agents/b.md": "x".repeat(1_100_000) }, [
    "FLOW_FILE_TOO_LARGE agents/b.md",
  ]],
  ["aliases that multiply", {
    "agents/a.md": `---\na: &a [x, x, x, x, x, x, x, x, x]\n${
      "bcdefg".split("").map((key, index) =>
        `${key}: &${key} [${Array(9).fill(`*${"abcdef"[index]}`).join(", ")}]`
      ).join("\n")
    }\n---\nHi\n`,
  }, ["FLOW_YAML agents/a.md:2:1"]],
];

for (const [title, files, expected] of WRONG) {
  Deno.test(`readFlowSource() finds ${title}, with its place`, async () => {
    assert.deepEqual((await findingsOf(files)).sort(), [...expected].sort());
  });
}

Deno.test("readFlowSource() reports everything at once, each finding with a hint", async () => {
  const { source } = await sourceOf({
    ...MODEL,
    ...agents({ a: "tools: [x]\nwait_for: {agents: [b]}", b: "wait_for: {agents: [a]}" }),
    "workflow.yaml": "flows: {f: {sequence: [c]}}\n",
  });
  assert.deepEqual(source.findings.map(({ code }) => code).sort(), [
    "FLOW_AGENT_UNKNOWN",
    "FLOW_CYCLE",
    "FLOW_TOOL_UNKNOWN",
    "FLOW_VALUE_INVALID",
  ]);
  assert.match(
    source.findings.find(({ code }) => code === "FLOW_CYCLE")?.message ?? "",
    /a → b → a/,
  );
  assert.ok(source.findings.every(({ hint }) => hint.length > 10));
  assert.throws(() => requireSound(source), { code: "FLOW_INVALID", message: /a → b → a/ });
});

Deno.test("readFlowSource() follows no link, neither of a file nor of a folder", async () => {
  await inFolder({ ...agents({ a: "" }), "secret.md": "key" }, async (dir) => {
    await Deno.symlink(join(dir, "secret.md"), join(dir, "agents", "b.md"));
    await Deno.symlink("/etc", join(dir, "tasks"));
    await Deno.writeTextFile(join(dir, "agents", "c.md"), "---\ntasks: [passwd]\n---\nHi\n");
    const { source } = readFlowSource(dir, { env: { OPENAI_MODEL: "m" } });
    const codes = new Set(source.findings.map(({ code, file }) => `${code} ${file}`));
    assert.deepEqual([...codes].sort(), [
      "FLOW_DOCUMENT_UNKNOWN agents/c.md",
      "FLOW_FILE_LINK agents/b.md",
      "FLOW_FILE_LINK tasks",
    ]);
    assert.doesNotMatch(JSON.stringify(source), /"key"|root:/);
  });
});

Deno.test("readFlowSource() keeps the list of alike findings short", async () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join("\n");
  const findings = await findingsOf(agents({ a: keys }));
  assert.equal(findings.length, 101);
});

Deno.test("readFlowSource() takes the parent of bmad/ and config/, and bmad/ itself", async () => {
  const files = Object.fromEntries(
    Object.entries(agents({ a: "" })).map(([path, text]) => [`bmad/${path}`, text]),
  );
  await inFolder({ ...files, "config/runtime.yaml": "llm: {model: m}\nport: 9\n" }, (dir) => {
    for (const given of [dir, join(dir, "bmad")]) {
      const { source, folders } = readFlowSource(given, { env: {} });
      assert.deepEqual([source.findings, source.config.port], [[], 9]);
      assert.deepEqual(folders, { sourceDir: join(dir, "bmad"), rootDir: dir });
    }
  });
});

Deno.test("readFlowSource() lets the environment win over .env, and .env over runtime.yaml", async () => {
  const files = {
    ...agents({ a: "" }),
    "config/runtime.yaml":
      "llm: {model: yaml}\nmemory: {backend: file, redis: {max_connections: 3}}\n",
    ".env": "OPENAI_MODEL=dotenv\nMEMORY_BACKEND=redis\nMAX_WORKERS=7\nREDIS_URL='redis://:pw@h'\n",
    "config/secrets.env": 'OPENAI_API_KEY="sk-secret"\nMAX_WORKERS=2\n',
  };
  const { source, secrets } = await sourceOf(files, { OPENAI_MODEL: "env", FLOWS_TOKEN: "t" });
  assert.equal(source.config.llm.model, "env");
  assert.deepEqual([source.config.memory.backend, source.config.memory.redis.poolSize], [
    "redis",
    3,
  ]);
  assert.equal(source.config.limits.workers, 7);
  assert.deepEqual(secrets, { redisUrl: "redis://:pw@h", apiKey: "sk-secret", flowsToken: "t" });
  assert.doesNotMatch(JSON.stringify(source), /sk-secret|:pw@/);
});

Deno.test("readFlowSource() never shows a value of the environment", async () => {
  const env = { MAX_WORKERS: "hunter2", PORT: "hunter2", MEMORY_BACKEND: "hunter2" };
  const files = { ...MODEL, ...agents({ a: "" }), ".env": "hunter2 is no line\n" };
  const { source } = await sourceOf(files, env);
  assert.equal(source.findings.length, 4);
  assert.doesNotMatch(JSON.stringify(source.findings), /hunter2/);
});

Deno.test("readFlowSource() selects the echo model with TESTING=1, and warns where no model is named", async () => {
  const testing = await sourceOf(agents({ a: "" }), { TESTING: "1" });
  const none = await sourceOf(agents({ a: "" }));
  assert.equal(testing.source.config.llm.provider, "echo");
  assert.deepEqual(none.source.findings.map(({ severity, code }) => [severity, code]), [
    ["warning", "FLOW_MODEL_MISSING"],
  ]);
});

Deno.test("readFlowSource() reads tools with their modules, and parameters off the function", async () => {
  const { source } = await sourceOf({
    ...MODEL,
    ...agents({ a: "tools: [count]" }),
    "tools.yaml": "tools:\n  count: {module: utils.text, function: countWords}\n",
    "utils/text.js":
      'import { split } from "./split.js";\nexport function countWords({ text, least = 1 }) { return split(text).length; }\n',
    "utils/split.js": "export const split = (text) => text.split(/\\s+/);\n",
  });
  assert.deepEqual(source.findings, []);
  assert.deepEqual(source.tools[0]?.parameters, {
    type: "object",
    properties: { text: {}, least: {} },
    required: ["text"],
  });
  assert.deepEqual(Object.keys(source.modules), ["utils/text.js", "utils/split.js"]);
});

Deno.test("readFlowSource() reads flows of both forms, and workflows/default.yaml", async () => {
  const { source } = await sourceOf({
    ...MODEL,
    ...agents({ a: "", b: "", c: "" }),
    "workflow.yaml": "flows:\n  main:\n    description: D\n    sequence: [a, {parallel: [b, c]}]\n",
    "workflows/default.yaml": "steps:\n  - {name: First, agents: [a, b], parallel: true}\n",
  });
  assert.deepEqual(source.findings, []);
  assert.deepEqual(source.flows, [
    {
      name: "main",
      description: "D",
      derived: false,
      steps: [
        { name: "", agents: ["a"], parallel: false },
        { name: "", agents: ["b", "c"], parallel: true },
      ],
    },
    {
      name: "default",
      description: "",
      derived: false,
      steps: [{ name: "First", agents: ["a", "b"], parallel: true }],
    },
  ]);
});

Deno.test("readFlowSource() says that a folder is not there", () => {
  assert.throws(() => readFlowSource("no/such/folder", { env: {} }), { code: "FLOW_NOT_FOUND" });
});
