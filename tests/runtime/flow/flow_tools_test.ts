import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runJsModule } from "../../../runtime/tools/js_module.ts";
import type { ToolResult } from "../../../schemas/tool.ts";
import type { Reply, ScriptedCall } from "../../model_server/script.ts";
import { agents, type Files, type FlowWorld, openFlowWorld } from "./flow_world.ts";

const TOOLS: Files = {
  ...agents({
    a: "tools: [call, fs_read, fs.write, fs_list, memory_set, memory_get, memory_list]",
  }),
  "tools.yaml": "call: {module: utils.text, call: run, description: Counts words}\n",
};

/** A world whose only tool module is this text. */
function withModule(text: string, reply?: () => Reply): Promise<FlowWorld> {
  return openFlowWorld({ ...TOOLS, "utils/text.js": text }, reply);
}

async function callIn(
  world: FlowWorld,
  name: string,
  args: Record<string, unknown> = {},
  storyId = "s1",
): Promise<ToolResult> {
  const [agent] = world.source.agents;
  assert.ok(agent);
  const signal = new AbortController().signal;
  return await world.ports.tools.call(name, args, { agent, storyId, signal });
}

function callReply(...toolCalls: readonly ScriptedCall[]): Reply {
  return { toolCalls };
}

Deno.test("an agent calls a tool of a project's module and answers with its result", async () => {
  const replies = [
    callReply({ name: "call", arguments: { text: "one two three" } }),
    { text: "Three words" },
  ];
  await using world = await withModule(
    "export function run({ text }) { return { words: text.split(' ').length }; }",
    () => replies.shift() as Reply,
  );
  const { results } = await world.run("Count");
  assert.equal(results.a?.content, "Three words");
  assert.deepEqual(results.a?.metadata.tool_calls, [{ name: "call", ok: true }]);
  const offered = world.model.requests[0]?.body.tools?.map((tool) => tool.function.name);
  assert.deepEqual(offered, [
    "call",
    "fs_read",
    "fs_write",
    "fs_list",
    "memory_set",
    "memory_get",
    "memory_list",
  ]);
  const answer = world.model.requests[1]?.body.messages?.at(-1)?.content ?? "";
  assert.deepEqual(JSON.parse(answer), { ok: true, result: { words: 3 } });
});

Deno.test("an agent gets to know of unknown tools and broken arguments, and can go on", async () => {
  const replies = [
    callReply({ name: "hammer", arguments: {} }, { name: "call", arguments: "[1" as never }),
    { text: "Without tools" },
  ];
  await using world = await withModule(
    "export function run() { return 1; }",
    () => replies.shift() as Reply,
  );
  const { results } = await world.run("x");
  assert.deepEqual(results.a?.metadata.tool_calls, [
    { name: "hammer", ok: false },
    { name: "call", ok: false },
  ]);
  assert.equal(results.a?.status, "completed");
});

Deno.test("an agent that calls tools for ever fails", async () => {
  const reply = callReply({ name: "memory_list", arguments: {} });
  await using world = await withModule("export function run() {}", () => reply);
  const { results } = await world.run("x");
  assert.equal(results.a?.metadata.error?.code, "ENGINE_MAX_TURNS");
});

const MODULES: readonly (readonly [string, string, ToolResult])[] = [
  ["a value", "export function run({ n }) { return n * 2; }", { ok: true, result: 42 }],
  ["a promise", "export const run = async ({ n }) => n + 1;", { ok: true, result: 22 }],
  ["the module's own state, new each time", "let n = 0; export const run = () => ++n;", {
    ok: true,
    result: 1,
  }],
  ["what was logged", "export const run = () => { console.log('hi'); return null; };", {
    ok: true,
    result: null,
    logs: ["hi"],
  }],
  ["a renamed export", "const f = () => 1; export { f as run };", { ok: true, result: 1 }],
];

for (const [title, text, result] of MODULES) {
  Deno.test(`a module's tool answers ${title}`, async () => {
    await using world = await withModule(text);
    assert.deepEqual(await callIn(world, "call", { n: 21 }), result);
  });
}

const HOSTILE: readonly (readonly [string, string, RegExp])[] = [
  ["reads a file", "export const run = () => Deno.readTextFileSync('/etc/passwd');", /Deno/],
  ["asks for the environment", "export const run = () => process.env.HOME;", /process/],
  ["fetches", "export const run = () => fetch('http://127.0.0.1');", /fetch/],
  [
    "escapes by the constructor of functions",
    "export const run = () => (() => {}).constructor('return Deno.env')();",
    /Deno/,
  ],
  ["imports while it runs", "export const run = async () => (await imp/**/ort('fs'));", /./],
  [
    "eats memory",
    "export const run = () => { const a = []; while (true) a.push(new Array(1e5).fill(1)); };",
    /64 MiB/,
  ],
  ["recurses", "export const run = () => run();", /too deeply/],
  ["throws", "export const run = () => { throw new Error('broken'); };", /broken/],
  ["throws when it is loaded", "throw new Error('at once'); export const run = 1;", /at once/],
  ["rejects", "export const run = () => Promise.reject(new Error('no'));", /no/],
  ["never settles", "export const run = () => new Promise(() => {});", /never settles/],
  ["is no function", "export const run = 5;", /exports no function/],
  ["is no JavaScript", "export function run( {", /Syntax|unexpected|expect/i],
  ["answers too much", "export const run = () => 'x'.repeat(1e6);", /Return less/],
];

for (const [title, text, message] of HOSTILE) {
  Deno.test(`a module's tool that ${title} is a failed call and nothing else`, async () => {
    const modules = { "utils/text.js": text };
    const tool = { modules, module: "utils/text.js", call: "run", args: {} };
    const result = await runJsModule(tool, new AbortController().signal);
    assert.equal(result.ok, false);
    assert.match(JSON.stringify(result), message);
  });
}

Deno.test("a module sees its neighbours and no file outside of the sources", async () => {
  await using world = await openFlowWorld({
    ...TOOLS,
    "utils/text.js": 'import { n } from "../numbers.js"; export const run = () => n;',
    "numbers.js": "export const n = 7;",
  });
  assert.deepEqual(await callIn(world, "call"), { ok: true, result: 7 });
  const signal = new AbortController().signal;
  for (const target of ["../../x.js", "/etc/passwd", "node:fs", "https://x.test/a.js"]) {
    const modules = { "a.js": `import ${JSON.stringify(target)}; export const run = () => 1;` };
    const result = await runJsModule({ modules, module: "a.js", call: "run", args: {} }, signal);
    assert.equal(result.ok, false, target);
  }
});

Deno.test("the built-in tools work on the story's documents and the agent's memory", async () => {
  await using world = await withModule("export const run = 1;");
  await world.ports.documents.write("shared", "For all");
  await world.ports.documents.write("s2__notes", "Of another story");
  assert.deepEqual(await callIn(world, "fs_write", { path: "notes.md", content: "Mine" }), {
    ok: true,
    path: "notes.md",
  });
  assert.deepEqual(await callIn(world, "fs_read", { path: "notes" }), {
    ok: true,
    path: "notes.md",
    content: "Mine",
  });
  assert.deepEqual(await callIn(world, "fs_list"), {
    ok: true,
    documents: ["notes.md", "shared.md"],
  });
  await callIn(world, "memory_set", { key: "k", value: null });
  assert.deepEqual(await callIn(world, "memory_get", { key: "k" }), {
    ok: true,
    key: "k",
    value: null,
  });
  assert.deepEqual(await callIn(world, "memory_list", {}, "s2"), { ok: true, entries: [] });
});

const REFUSED: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["fs_read", { path: "../../etc/passwd" }, "E_TOOL_ARGS"],
  ["fs_read", { path: "/etc/passwd" }, "E_TOOL_ARGS"],
  ["fs_read", { path: "s2__notes" }, "E_TOOL_ARGS"],
  ["fs_read", { path: "nothing" }, "ENOENT"],
  ["fs_read", {}, "E_TOOL_ARGS"],
  ["fs_write", { path: "a", content: 5 }, "E_TOOL_ARGS"],
  ["memory_get", { key: "story:x" }, "E_TOOL_ARGS"],
  ["memory_get", { key: "nothing" }, "ENOENT"],
  ["memory_delete", { key: "k" }, "E_TOOL_UNKNOWN"],
  ["mcp__files__read", {}, "E_TOOL_UNKNOWN"],
];

for (const [tool, args, code] of REFUSED) {
  Deno.test(`the built-in tool ${tool} refuses ${JSON.stringify(args)}`, async () => {
    await using world = await withModule("export const run = 1;");
    const result = await callIn(world, tool, args);
    assert.ok(!result.ok);
    assert.equal(result.error.code, code);
  });
}

Deno.test("an agent uses the tools of an MCP server that it names", async () => {
  const program = fileURLToPath(new URL("../../mcp_servers/good.ts", import.meta.url));
  const server = {
    id: "good",
    command: Deno.execPath(),
    args: ["run", "--allow-all", program],
    env: {},
    enabled: true,
    timeoutMs: 60_000,
  };
  await using world = await openFlowWorld(agents({ a: "tools: [mcp:good]", b: "" }), undefined, [
    server,
  ]);
  const [agent, other] = world.source.agents;
  assert.ok(agent && other);
  const names = (await world.ports.tools.definitions(agent)).map(({ name }) => name);
  assert.ok(
    names.length > 0 && names.every((name) => name.startsWith("mcp__good__")),
    names.join(),
  );
  assert.deepEqual(await world.ports.tools.definitions(other), []);
  const signal = new AbortController().signal;
  const [name = ""] = names;
  const refused = await world.ports.tools.call(name, {}, { agent: other, storyId: "s", signal });
  assert.ok(!refused.ok && refused.error.code === "E_TOOL_UNKNOWN");
});

Deno.test("modules' tools that loop for ever, also while they are loaded, end side by side", async () => {
  const loops = [
    "export const run = () => { while (true); };",
    "while (true); export const run = 1;",
  ];
  const messages = await Promise.all(loops.map(async (text) => {
    await using world = await withModule(text);
    const result = await callIn(world, "call");
    return result.ok ? "it ended" : result.error.message;
  }));
  for (const message of messages) assert.match(message, /longer than 5 s/);
});

Deno.test("an agent calls a tool of an MCP server, and the next request carries its result", async () => {
  const program = fileURLToPath(new URL("../../mcp_servers/good.ts", import.meta.url));
  const server = {
    id: "good",
    command: Deno.execPath(),
    args: ["run", "--allow-all", program],
    env: {},
    enabled: true,
    timeoutMs: 60_000,
  };
  const replies = [
    callReply({ name: "mcp__good__echo", arguments: { text: "from the agent" } }),
    { text: "Echoed" },
  ];
  const files = agents({ a: "tools: [mcp:good]" });
  await using world = await openFlowWorld(files, () => replies.shift() as Reply, [server]);
  const { results } = await world.run("Go");
  assert.equal(results.a?.content, "Echoed");
  assert.deepEqual(results.a?.metadata.tool_calls, [{ name: "mcp__good__echo", ok: true }]);
  const [first, second] = world.model.requests;
  assert.ok(first?.body.tools?.some((tool) => tool.function.name === "mcp__good__echo"));
  const answer = JSON.parse(second?.body.messages?.at(-1)?.content ?? "");
  assert.equal(answer.ok, true);
  assert.match(JSON.stringify(answer), /from the agent/);
});

const DECLARED = `call:
  module: utils.text
  call: run
  parameters:
    properties: {count: {type: integer, maximum: 9}, name: {type: string, pattern: "^[a-z]+$"}}
    required: [count]
    additionalProperties: false
`;

const WRONG_ARGUMENTS: readonly (readonly [Record<string, unknown>, RegExp])[] = [
  [{}, /count/],
  [{ count: "5" }, /count/],
  [{ count: 10 }, /count/],
  [{ count: 5, name: "A" }, /name/],
  [{ count: 5, other: 1 }, /other/],
];

Deno.test("a tool gets only arguments that are as tools.yaml declares them", async () => {
  const files = {
    ...TOOLS,
    "tools.yaml": DECLARED,
    "utils/text.js": "export function run({ count }) { return count + 1; }",
  };
  await using world = await openFlowWorld(files);
  assert.deepEqual(await callIn(world, "call", { count: 5, name: "a" }), { ok: true, result: 6 });
  for (const [args, place] of WRONG_ARGUMENTS) {
    const result = await callIn(world, "call", args);
    assert.ok(!result.ok, JSON.stringify(args));
    assert.equal(result.error.code, "E_TOOL_ARGS");
    assert.match(result.error.message, place);
  }
});

Deno.test("a tool whose declared parameters are no schema says so when it is called", async () => {
  const files = {
    ...TOOLS,
    "tools.yaml": "call: {module: utils.text, call: run, parameters: {required: 5}}\n",
    "utils/text.js": "export const run = () => 1;",
  };
  await using world = await openFlowWorld(files);
  const result = await callIn(world, "call", {});
  assert.ok(!result.ok);
  assert.match(result.error.message, /"parameters" in tools\.yaml cannot be used/);
});
