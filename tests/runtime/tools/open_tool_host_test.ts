import { deepEqual, doesNotMatch, equal, match, ok, rejects } from "node:assert/strict";
import { openToolHost } from "../../../runtime/tools/open_tool_host.ts";
import { mergePolicy, SYSTEM_POLICY } from "../../../runtime/tools/policy.ts";
import type { ToolPolicy } from "../../../runtime/tools/tool_host.ts";
import { codeOf, messageOf, openWorld, sha256, STATE_TEXT } from "./tool_world.ts";
import { PATIENCE_MS } from "../../patience.ts";

/** As for an agent that says nothing of tools. */
const PLAIN = mergePolicy(SYSTEM_POLICY, undefined);

const STATE = {
  path: "@state/workflow.md",
  read: () => Promise.resolve(""),
  propose: () => Promise.reject(new Error("unused")),
  update: () => Promise.reject(new Error("unused")),
  complete: () => Promise.reject(new Error("unused")),
};

Deno.test("openToolHost() refuses a project or package that is no folder", async () => {
  await using world = await openWorld();
  world.put("file", "");
  const { project, pkg, root } = world;
  await rejects(openToolHost({ projectDir: `${root}/none`, packageDir: pkg, state: STATE }), {
    code: "PROJECT_NOT_FOUND",
  });
  await rejects(openToolHost({ projectDir: `${root}/file`, packageDir: pkg, state: STATE }), {
    code: "PROJECT_NOT_FOUND",
  });
  await rejects(openToolHost({ projectDir: project, packageDir: `${root}/none`, state: STATE }), {
    code: "PKG_NOT_FOUND",
  });
});

Deno.test("openToolHost() resolves a project that is given by a link", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "text");
  await Deno.symlink("project", `${world.root}/alias`);
  const projectDir = `${world.root}/alias`;
  const host = await openToolHost({ projectDir, packageDir: world.pkg, state: STATE });
  const result = await host.call("fs.read", { path: "@project/a.md" }, world.options());
  await host.close();
  ok(result.ok);
});

Deno.test("openToolHost() hides folders of the program inside the project", async () => {
  await using outer = await openWorld();
  outer.put("project/data/runs/run.json", "SECRET");
  const hiddenDirs = [`${outer.project}/data`, `${outer.root}/none`];
  const { project: projectDir, pkg: packageDir } = outer;
  const host = await openToolHost({ projectDir, packageDir, state: STATE, hiddenDirs });
  const read = await host.call("fs.read", { path: "@project/data/runs/run.json" }, outer.options());
  const found = await host.call("fs.search", { query: "SECRET" }, outer.options());
  const listed = await host.call("fs.list", { path: "@project" }, outer.options());
  await host.close();
  equal(codeOf(read), "E_SANDBOX_VIOLATION");
  ok(found.ok && listed.ok);
  deepEqual([found.matches, listed.entries], [[], []]);
});

Deno.test("openToolHost() opens a project that itself lies in a hidden folder", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "text");
  const { project: projectDir, pkg: packageDir, root } = world;
  const host = await openToolHost({ projectDir, packageDir, state: STATE, hiddenDirs: [root] });
  const result = await host.call("fs.read", { path: "@project/a.md" }, world.options());
  await host.close();
  ok(result.ok);
});

Deno.test("definitions() lists every tool, and no file tools where the policy has none", async () => {
  await using world = await openWorld();
  const names = (fsEnabled: boolean) =>
    world.host.definitions({ ...PLAIN, fsEnabled }).map(({ name }) => name);
  deepEqual(names(true), [
    "fs.read",
    "fs.list",
    "fs.search",
    "fs.write",
    "fs.edit",
    "fs.apply_patch",
    "state.complete_node",
    "ui.ask_user",
  ]);
  deepEqual(names(false), ["state.complete_node", "ui.ask_user"]);
});

Deno.test("definitions() offers the tools beyond files only where the policy turns them on", async () => {
  await using world = await openWorld();
  const beyond = (policy: Partial<ToolPolicy>) =>
    world.host.definitions({ ...PLAIN, ...policy }).map(({ name }) => name)
      .filter((name) => /^(csv|js|terminal)\./.test(name));
  deepEqual(beyond({}), []);
  deepEqual(beyond({ csvEnabled: true }), ["csv.read"]);
  deepEqual(beyond({ csvEnabled: true, fsEnabled: false }), []);
  deepEqual(beyond({ jsEnabled: true }), ["js.run"]);
  deepEqual(beyond({ terminalEnabled: true }), ["terminal.run"]);
});

for (const tool of ["csv.read", "js.run", "terminal.run"]) {
  Deno.test(`call() and plan() refuse ${tool} where the policy does not turn it on`, async () => {
    await using world = await openWorld();
    const args = { path: "@project/a.csv", code: "1", command: ["ls"] };
    const options = { ...world.options(), policy: PLAIN };
    const plan = await world.host.plan(tool, args, options);
    equal(codeOf(await world.host.call(tool, args, options)), "E_TOOL_DENIED");
    ok(plan.refusal);
    equal(codeOf(plan.refusal), "E_TOOL_DENIED");
  });
}

Deno.test("call() names only tools that are switched on to who asks for an unknown one", async () => {
  await using world = await openWorld();
  const unknown = await world.host.call("x", {}, { ...world.options(), policy: PLAIN });
  match(messageOf(unknown), /fs_read/);
  doesNotMatch(messageOf(unknown), /csv_read|js_run|terminal_run/);
});

Deno.test("call() refuses file tools where the policy has none", async () => {
  await using world = await openWorld();
  const result = await world.call("fs.read", { path: "@project/a.md" }, { fsEnabled: false });
  equal(codeOf(result), "E_TOOL_DENIED");
});

for (const tool of ["fs.delete", "fs_read", "", "constructor", "ui.ask_user", "mcp__x__y"]) {
  Deno.test(`call() answers E_TOOL_UNKNOWN for ${JSON.stringify(tool)}`, async () => {
    await using world = await openWorld();
    equal(codeOf(await world.call(tool, { question: "?" })), "E_TOOL_UNKNOWN");
  });
}

Deno.test("call() hands state.complete_node to the state document", async () => {
  await using world = await openWorld();
  const args = {
    node_id: "draft",
    next: "end",
    variables: { a: 1 },
    decision: "Yes",
    artifacts: null,
  };
  ok((await world.call("state.complete_node", args)).ok);
  ok((await world.call("state.complete_node", { nodeId: "end", next: "" })).ok);
  deepEqual(world.stateRequests, [
    { complete: { nodeId: "draft", next: "end", variables: { a: 1 }, decision: { label: "Yes" } } },
    { complete: { nodeId: "end" } },
  ]);
});

Deno.test("call() answers a wrong completion without asking the state document", async () => {
  await using world = await openWorld();
  equal(codeOf(await world.call("state.complete_node", { next: "end" })), "E_TOOL_ARGS");
  deepEqual(world.stateRequests, []);
});

Deno.test("call() refuses everything once the run is stopped", async () => {
  await using world = await openWorld();
  const options = { ...world.options(), signal: AbortSignal.abort() };
  for (const tool of ["fs.read", "fs.write"]) {
    const result = await world.host.call(tool, { path: "@project/a.md", content: "x" }, options);
    equal(codeOf(result), "E_INTERRUPTED");
  }
  ok(!world.exists("project/a.md"));
});

Deno.test("plan() shows a write as a diff and changes nothing", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "one\ntwo\n");
  const args = { path: "@project/a.md", content: "one\n2\n" };
  deepEqual(await world.host.plan("fs.write", args, world.options()), {
    effect: "project-write",
    path: "@project/a.md",
    diff: "--- @project/a.md\n+++ @project/a.md\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n",
  });
  equal(world.text("project/a.md"), "one\ntwo\n");
  deepEqual(world.changes, []);
});

const EFFECTS: readonly (readonly [string, Record<string, unknown>, string, string | undefined])[] =
  [
    ["fs.read", { path: "@project/a.md" }, "none", "@project/a.md"],
    ["fs.list", {}, "none", undefined],
    ["fs.search", { query: "x", path: "artifacts" }, "none", "@project/artifacts"],
    [
      "fs.write",
      { path: "artifacts/x.md", content: "x" },
      "project-write",
      "@project/artifacts/x.md",
    ],
    ["fs.write", { path: "@project/a.md", content: "a\n" }, "none", "@project/a.md"],
    [
      "fs.edit",
      { path: "@project/a.md", oldText: "a", newText: "b" },
      "project-write",
      "@project/a.md",
    ],
    ["fs.write", { path: "workflow.md", content: "x" }, "state-write", "@state/workflow.md"],
    [
      "fs.apply_patch",
      { path: "workflow.md", update: { "updatedAt.set": "x" } },
      "state-write",
      "@state/workflow.md",
    ],
    ["state.complete_node", { nodeId: "x" }, "state-write", "@state/workflow.md"],
    ["ui.ask_user", { question: "?" }, "none", undefined],
  ];

for (const [tool, args, effect, path] of EFFECTS) {
  Deno.test(`plan() of ${tool} ${JSON.stringify(args)} is ${effect}`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "a\n");
    const plan = await world.host.plan(tool, args, world.options());
    deepEqual([plan.effect, plan.path, plan.refusal], [effect, path, undefined]);
    deepEqual(world.stateRequests, []);
  });
}

Deno.test("plan() and beforeChange name the file that a link inside the project leads to", async () => {
  await using world = await openWorld();
  world.put("project/src/main.ts", "old\n");
  world.put("project/artifacts/x.md", "");
  await Deno.symlink("../src", `${world.project}/artifacts/link`);
  const args = { path: "artifacts/link/main.ts", content: "new\n" };
  const plan = await world.host.plan("fs.write", args, world.options());
  const result = await world.call("fs.write", args);
  ok(result.ok);
  equal(plan.path, "@project/src/main.ts");
  deepEqual(world.changes.map(({ path }) => path), ["@project/src/main.ts"]);
  equal(result.path, "@project/artifacts/link/main.ts");
});

const REFUSED: readonly (readonly [string, Record<string, unknown>])[] = [
  ["fs.read", { path: "/etc/passwd" }],
  ["fs.write", { path: "@project/../x", content: "" }],
  ["fs.write", { path: "@project/.git/x", content: "" }],
  ["fs.edit", { path: "@project/a.md", oldText: "none", newText: "x" }],
  ["fs.write", { path: "@project/a.md" }],
  ["state.complete_node", {}],
  ["fs.nothing", {}],
];

for (const [tool, args] of REFUSED) {
  Deno.test(`plan() of ${tool} ${JSON.stringify(args)} is refused as the call is`, async () => {
    await using world = await openWorld();
    world.put("project/a.md", "a\n");
    const plan = await world.host.plan(tool, args, world.options());
    equal(plan.effect, "none");
    deepEqual(plan.refusal, await world.call(tool, args));
    ok(plan.refusal && !plan.refusal.ok);
  });
}

Deno.test("plan() keeps a large diff readable and says what it leaves out", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "line\n");
  const diffOf = async (content: string) => {
    const args = { path: "@project/a.md", content };
    return (await world.host.plan("fs.write", args, world.options())).diff ?? "";
  };
  const cut = await diffOf("line\n".repeat(20_000));
  ok(cut.length < 50_000);
  match(cut, /… cut; the whole change is 5 → 100000 bytes\n$/);
  match(await diffOf("a\0b"), /^Binary content, 5 → 3 bytes/);
  match(await diffOf("x".repeat(2_097_152)), /too large a change to show: 5 → 2097152 bytes/);
});

Deno.test("plan() gives up a diff that takes long to compute", async () => {
  await using world = await openWorld();
  world.put("project/a.md", Array.from({ length: 30_000 }, (_, line) => `old ${line}\n`).join(""));
  const content = Array.from({ length: 30_000 }, (_, line) => `new ${line}\n`).join("");
  const started = performance.now();
  const plan = await world.host.plan(
    "fs.write",
    { path: "@project/a.md", content },
    world.options(),
  );
  match(plan.diff ?? "", /too large a change to show/);
  ok(performance.now() - started < PATIENCE_MS);
});

Deno.test("inspect() finds project paths, mount paths and the state document, and nothing outside", async () => {
  await using world = await openWorld();
  world.put("project/artifacts/a.md", "12345");
  world.put("pkg/bmad.json", "{}");
  world.put("outside/x.md", "SECRET");
  await Deno.symlink("../outside/x.md", `${world.project}/link.md`);
  const paths: Record<string, number | null> = {
    "artifacts/a.md": 5,
    "@project/artifacts/a.md": 5,
    "@project/artifacts": 0,
    "@pkg/bmad.json": 2,
    "@state/workflow.md": STATE_TEXT.length,
    "@state/logs": null,
    "artifacts/none.md": null,
    "artifacts/a.md/b": null,
    "link.md": null,
    "../outside/x.md": null,
    "/etc/passwd": null,
    "": 0,
  };
  for (const [path, bytes] of Object.entries(paths)) {
    const evidence = await world.host.inspect(path);
    deepEqual([path, evidence], [path, { exists: bytes !== null, bytes: bytes ?? 0 }]);
  }
});

Deno.test("no answer holds a path of the machine, whatever is asked for", async () => {
  await using world = await openWorld();
  world.put("project/a.md", "text\n");
  world.put("project/sub/b.md", "text\n");
  await Deno.symlink(world.outside, `${world.project}/link`);
  await Deno.symlink("self", `${world.project}/self`);
  const random = seededRandom(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const pieces = [
    "@project",
    "@pkg",
    "@state",
    "..",
    ".",
    "a.md",
    "sub",
    "link",
    "self",
    "",
    "\0",
    "a".repeat(256),
    ".git",
    "workflow.md",
    "artifacts",
    "%2e%2e",
    "~",
    "C:",
    "é",
    "\n",
    "new",
    "*",
    world.project,
    `${world.pkg}/x`,
    "logs",
  ];
  const values = [
    "text",
    "",
    0,
    -1,
    1e99,
    null,
    true,
    [],
    {},
    ["*"],
    "(",
    "x".repeat(3000),
  ];
  const tools = world.host.definitions({ ...PLAIN, csvEnabled: true });
  for (let round = 0; round < 1500; round++) {
    const tool = pick(tools);
    const names = Object.keys(tool.parameters.properties as object);
    const args = Object.fromEntries(names.map((name) => [name, pick(values)]));
    const path = [pick(pieces.slice(0, 3)), pick(pieces), pick(pieces), pick(pieces)].join("/");
    const asked = { ...args, path: pick([path, path, path, pick(values)]) };
    const result = await world.call(tool.name, asked);
    const plan = await world.host.plan(tool.name, asked, world.options());
    const answer = JSON.stringify(result.ok ? { ...result, matches: [] } : result);
    ok(!answer.includes(world.root), answer);
    ok(!JSON.stringify(plan.refusal ?? {}).includes(world.root), JSON.stringify(plan));
    ok(
      answer !== undefined && codeOf(result) !== "E_INTERNAL",
      `${JSON.stringify(asked)} ${answer}`,
    );
  }
  deepEqual([...Deno.readDirSync(world.outside)], []);
  deepEqual([...Deno.readDirSync(world.pkg)], []);
});

/** The same numbers in every run, so that a failure can be repeated. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

Deno.test("call() quotes a model's own absolute path as a mount", async () => {
  await using world = await openWorld();
  const path = `@project/..${world.project}/a.md`;
  const message = messageOf(await world.call("fs.read", { path }));
  ok(!message.includes(world.root), message);
});

Deno.test("call() reads back exactly what it wrote", async () => {
  await using world = await openWorld();
  const content = "\uFEFF---\r\nä: \u{1F642}\n\ttab \u2028 end";
  const written = await world.call("fs.write", { path: "artifacts/x.md", content });
  const read = await world.call("fs.read", { path: "artifacts/x.md" });
  ok(written.ok && read.ok);
  deepEqual([read.content, read.sha256], [content, written.sha256After]);
  equal(read.sha256, sha256(content));
});
