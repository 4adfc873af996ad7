import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { StartingServer, WrapServer } from "../../../../runtime/tools/mcp/mcp_server.ts";
import { type McpWorld, openMcpWorld, pidFiles, scriptServer, textOf } from "./mcp_world.ts";

const openGood = (): Promise<McpWorld> => openMcpWorld([scriptServer("good")]);

Deno.test("openMcpHost() starts no server before it is needed, and forgets none that it started", async () => {
  await using world = await openGood();
  deepEqual(world.host.status().map(({ state, starts }) => [state, starts]), [["stopped", 0]]);
  equal(textOf(await world.call("mcp__good__echo", { text: "a" })), '{"text":"a"}');
  const [status] = world.host.status();
  equal(status?.state, "running");
  deepEqual(pidFiles(world.dataDir), [`mcp-${status?.pid}.json`]);
  equal(status?.stderr, "ready\n");
  await world.host.close();
  deepEqual(pidFiles(world.dataDir), []);
  match(textOf(await world.call("mcp__good__echo", { text: "a" })), /^E_INTERNAL .*was stopped/);
});

Deno.test("McpHost.definitions() lists tools by names that models take, without paths of the machine", async () => {
  await using world = await openGood();
  const definitions = await world.host.definitions(null);
  ok(definitions.every(({ name }) => /^[A-Za-z0-9_-]{1,64}$/.test(name)));
  deepEqual(definitions[0], {
    name: "mcp__good__echo",
    description: 'Gives back "text". Runs in @project',
    parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  });
  const odd = definitions.at(-1)?.name ?? "";
  match(odd, /^mcp__good__a_name_with_spaces_that/);
  equal(textOf(await world.call(odd)), "odd");
});

Deno.test("McpHost.definitions() lists only what is allowed and enabled, and starts nothing else", async () => {
  const off = scriptServer("good", { id: "off", enabled: false });
  const other = scriptServer("good", { id: "other" });
  await using world = await openMcpWorld([scriptServer("good"), other, off]);
  const names = (await world.host.definitions(["other", "off"])).map(({ name }) => name);
  ok(names.length > 0 && names.every((name) => name.startsWith("mcp__other__")));
  deepEqual(await world.host.definitions([]), []);
  deepEqual(world.host.status().map(({ id, starts }) => [id, starts]), [["good", 0], ["other", 1]]);
});

Deno.test("McpHost.call() says which tools there are where there is no such tool", async () => {
  await using world = await openGood();
  const unknown = textOf(await world.call("mcp__good__nothing"));
  match(unknown, /^E_TOOL_UNKNOWN .*"mcp__good__nothing".*mcp__good__echo, /);
  match(textOf(await world.call("mcp__else__x")), /^E_TOOL_UNKNOWN /);
});

Deno.test("McpHost.call() maps mount paths to real paths for the server, and back in results", async () => {
  await using world = await openGood();
  const args = { a: "@project/docs/x.md", b: ["@project"], c: { d: "see @project/x" } };
  const { project } = world;
  await Deno.writeTextFile(`${project}/a.md`, "really there");
  equal(textOf(await world.call("mcp__good__read", { path: "@project/a.md" })), "really there");
  equal(
    textOf(await world.call("mcp__good__echo", args)),
    '{"a":"@project/docs/x.md","b":["@project"],"c":{"d":"see @project/x"}}',
  );
  equal(textOf(await world.call("mcp__good__folder")), "I run in @project.\nfile://@project/a.md");
  const structured = await world.call("mcp__good__structured");
  deepEqual(structured, {
    ok: true,
    text: "one\ntwo",
    structuredContent: { path: "@project/a.md", "@project/b.md": 1 },
  });
  ok(!JSON.stringify(await world.call("mcp__good__media")).includes(project));
});

Deno.test("McpHost.call() refuses mount paths that lead out of the project or into the state", async () => {
  await using world = await openGood();
  for (const path of ["@project/../x", "@state/workflow.md", "@project/.git/config", "@pkg/a.md"]) {
    match(textOf(await world.call("mcp__good__echo", { path })), /^E_SANDBOX_VIOLATION /);
  }
});

Deno.test("McpHost.call() gives a server the configured environment, a small allow-list and nothing else", async () => {
  Deno.env.set("CREWAGENT_TEST_SECRET", "secret");
  const server = scriptServer("good", { env: { TOKEN: "t", LANG: "xx" } });
  await using world = await openMcpWorld([server]);
  const environment = JSON.parse(textOf(await world.call("mcp__good__environment")));
  Deno.env.delete("CREWAGENT_TEST_SECRET");
  equal(environment.TOKEN, "t");
  equal(environment.LANG, "xx");
  equal(environment.PATH, Deno.env.get("PATH"));
  const allowed = /^(PATH|HOME|TMPDIR|USER|LOGNAME|LANG|LC_\w+|TZ|TOKEN|CREWAGENT_MCP_SERVER)$/;
  deepEqual(Object.keys(environment).filter((name) => !allowed.test(name)), []);
});

Deno.test("McpHost.call() runs a server in its own folder where it has one", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await using world = await openMcpWorld([scriptServer("good", { cwd })]);
  match(textOf(await world.call("mcp__good__folder")), new RegExp(`^I run in ${cwd}\\.`));
  await Deno.remove(cwd);
});

Deno.test("McpHost.call() keeps pictures and resources as blocks with their size", async () => {
  await using world = await openGood();
  const stored: string[] = [];
  const store = (bytes: Uint8Array) => `@x/${stored.push(new TextDecoder().decode(bytes))}`;
  const result = await world.call("mcp__good__media", {}, { store });
  deepEqual(result, {
    ok: true,
    blocks: [
      { type: "image", mimeType: "image/png", bytes: 7, stored: "@x/1" },
      {
        type: "resource",
        uri: "file://@project/a.md",
        mimeType: undefined,
        bytes: 6,
        text: "inside",
      },
      { type: "resource", uri: "x://y", mimeType: "a/b", bytes: 4, stored: "@x/2" },
      { type: "resource_link", uri: "file://@project/b.md", name: "b" },
    ],
  });
  deepEqual(stored, ["picture", "blob"]);
});

Deno.test("McpHost.call() stores a result over the limit and gives its beginning", async () => {
  await using world = await openGood();
  const stored: number[] = [];
  const store = (bytes: Uint8Array) => `@x/${stored.push(bytes.length)}`;
  const options = { store, maxBytes: 1001 };
  const result = await world.call("mcp__good__large", { bytes: 100_000 }, options);
  ok(result.ok);
  equal(result.truncated, true);
  equal(result.bytes, 100_000);
  equal(result.contentPreview, "ä".repeat(500));
  equal(result.stored, "@x/1");
  deepEqual(stored, [100_000]);
});

Deno.test("McpHost.call() tells a tool's own failure by a code, without paths of the machine", async () => {
  await using world = await openGood();
  equal(textOf(await world.call("mcp__good__fails")), "E_PRECONDITION_FAILED No @project/a.md");
  match(textOf(await world.call("mcp__good__picky")), /^E_TOOL_ARGS .*Input validation/);
});

Deno.test("McpHost.call() runs calls to one server beside each other", async () => {
  await using world = await openGood();
  await world.host.definitions(null);
  const slow = world.call("mcp__good__slow", { ms: 1000 });
  equal(textOf(await world.call("mcp__good__echo", { text: "b" })), '{"text":"b"}');
  equal(textOf(await slow), "late");
});

Deno.test("McpHost.call() cancels at the server when it is aborted, and the server stays", async () => {
  await using world = await openGood();
  await world.host.definitions(null);
  const abort = new AbortController();
  const slow = world.call("mcp__good__slow", { ms: 60_000 }, { signal: abort.signal });
  await world.call("mcp__good__pid");
  abort.abort();
  match(textOf(await slow), /^E_INTERRUPTED /);
  equal(JSON.parse(textOf(await world.call("mcp__good__cancelled"))).length, 1);
  equal(world.host.status()[0]?.starts, 1);
});

Deno.test("McpHost.call() sends no cancellation for a finished call when its run ends later", async () => {
  await using world = await openGood();
  const abort = new AbortController();
  await world.call("mcp__good__pid", {}, { signal: abort.signal });
  abort.abort();
  equal(textOf(await world.call("mcp__good__cancelled")), "[]");
});

Deno.test("McpHost.call() does not start a server after an abort", async () => {
  await using world = await openGood();
  const aborted = await world.call("mcp__good__pid", {}, { signal: AbortSignal.abort() });
  match(textOf(aborted), /^E_INTERRUPTED /);
});

Deno.test("McpHost stops an idle server and starts it again for the next call", async () => {
  await using world = await openMcpWorld([scriptServer("good")], { limits: { idleMs: 50 } });
  const first = textOf(await world.call("mcp__good__pid"));
  while (pidFiles(world.dataDir).length > 0) await new Promise((done) => setTimeout(done, 20));
  deepEqual(world.host.status().map(({ state, failures }) => [state, failures]), [["stopped", 0]]);
  ok((await world.host.definitions(null)).length > 5, "known without a start");
  equal(world.host.status()[0]?.starts, 1);
  const second = textOf(await world.call("mcp__good__pid"));
  ok(first !== second);
});

Deno.test("McpHost puts what wrap() says around a server's program, which is told what it starts", async () => {
  const told: StartingServer[] = [];
  const wrap: WrapServer = (command, args, server) => {
    told.push(server);
    return { command: "env", args: ["WRAPPED=yes", command, ...args] };
  };
  const server = scriptServer("good", { env: { TOKEN: "t" } });
  await using world = await openMcpWorld([server], { wrap });
  match(textOf(await world.call("mcp__good__environment")), /"WRAPPED":"yes"/);
  deepEqual(told.map(({ id, cwd, env }) => [id, cwd, env.TOKEN]), [["good", world.project, "t"]]);
});

Deno.test("McpHost starts no server without the sandbox that wrap() could not make", async () => {
  const wrap = () => {
    throw new Error("Making /home/ann/.sandbox failed");
  };
  await using world = await openMcpWorld([scriptServer("good")], { wrap });
  const told = textOf(await world.call("mcp__good__pid"));
  match(told, /^E_INTERNAL .*its sandbox could not be made$/);
});

Deno.test("McpHost starts no server that it could not note in the data folder", async () => {
  await using world = await openGood();
  await Deno.writeTextFile(world.dataDir, "a file where the folder should be");
  const told = textOf(await world.call("mcp__good__pid"));
  match(told, /^E_INTERNAL .*the data folder cannot be written$/);
  equal(world.host.status()[0]?.state, "failed");
});
