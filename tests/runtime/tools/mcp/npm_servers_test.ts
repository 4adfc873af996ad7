// Servers that people use, from npm. Needs npx and, for the first run, the network.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { McpServer } from "../../../../schemas/mcp.ts";
import { openMcpWorld, pidFiles, stillRunning, textOf } from "./mcp_world.ts";

const VERSION = "2026.8.31";
const SERVERS = ["everything", "filesystem", "memory"];

function packageOf(name: string): string {
  return `@modelcontextprotocol/server-${name}@${VERSION}`;
}

/** Fills npm's cache; `false` says that this machine cannot have the servers. */
async function install(): Promise<boolean> {
  const installs = SERVERS.map(async (name) => {
    const args = ["-y", `--package=${packageOf(name)}`, "-c", "true"];
    return (await new Deno.Command("npx", { args, stdin: "null" }).output()).success;
  });
  return (await Promise.all(installs).catch(() => [false])).every(Boolean);
}

function npmServer(name: string, args: readonly string[] = [], env = {}): McpServer {
  return {
    id: name,
    command: "npx",
    args: ["-y", packageOf(name), ...args],
    env,
    enabled: true,
    timeoutMs: 60_000,
  };
}

const isInstalled = await install();
if (!isInstalled) console.log("Skipped: MCP servers from npm (npx or the network is missing)");

/** Reports a missing npm as a failure where everything has to be there. */
const ignore = !isInstalled && Deno.env.get("CREWAGENT_CI") !== "1";

Deno.test({
  name: "server-everything answers with text, pictures, resources and structure",
  ignore,
  async fn() {
    await using world = await openMcpWorld([npmServer("everything")]);
    const names = (await world.host.definitions(null)).map(({ name }) => name);
    ok(names.includes("mcp__everything__echo"), names.join());
    equal(textOf(await world.call("mcp__everything__echo", { message: "hi" })), "Echo: hi");
    const sum = await world.call("mcp__everything__get-sum", { a: 2, b: 3 });
    match(textOf(sum), /5/);
    const picture = await world.call("mcp__everything__get-tiny-image");
    ok(picture.ok && Array.isArray(picture.blocks));
    deepEqual([picture.blocks[0].type, picture.blocks[0].mimeType], ["image", "image/png"]);
    ok(picture.blocks[0].bytes > 100);
    const weather = await world.call("mcp__everything__get-structured-content", {
      location: "Chicago",
    });
    ok(weather.ok && typeof weather.structuredContent === "object");
    match(textOf(await world.call("mcp__everything__get-sum", { a: "x" })), /^E_TOOL_ARGS /);
  },
});

Deno.test({
  name: "server-everything is cancelled in a long operation, and ended by a time limit",
  ignore,
  async fn() {
    await using world = await openMcpWorld([npmServer("everything")]);
    await world.host.definitions(null);
    const long = "mcp__everything__trigger-long-running-operation";
    const args = { duration: 60, steps: 60 };
    const stopped = await world.call(long, args, { signal: AbortSignal.timeout(300) });
    match(textOf(stopped), /^E_INTERRUPTED /);
    equal(textOf(await world.call("mcp__everything__echo", { message: "on" })), "Echo: on");
    match(textOf(await world.call(long, args, { timeoutMs: 300 })), /^E_TOOL_TIMEOUT /);
    equal(textOf(await world.call("mcp__everything__echo", { message: "again" })), "Echo: again");
    equal(world.host.status()[0]?.starts, 2);
  },
});

Deno.test({
  name: "server-filesystem reads and writes by mount paths, and tells no path of the machine",
  ignore,
  async fn() {
    await using world = await openMcpWorld([npmServer("filesystem", ["."])]);
    const path = "@project/a.md";
    const written = await world.call("mcp__filesystem__write_file", { path, content: "text" });
    match(textOf(written), /@project\/a\.md/);
    equal(await Deno.readTextFile(`${world.project}/a.md`), "text");
    equal(textOf(await world.call("mcp__filesystem__read_text_file", { path })), "text");
    const allowed = await world.call("mcp__filesystem__list_allowed_directories");
    match(textOf(allowed), /@project/);
    const missing = await world.call("mcp__filesystem__read_text_file", { path: "@project/b.md" });
    match(textOf(missing), /^E_PRECONDITION_FAILED .*@project\/b\.md/);
    const outside = await world.call("mcp__filesystem__read_text_file", { path: "/usr/x" });
    match(textOf(outside), /^E_PRECONDITION_FAILED .*denied/);
    for (const result of [written, allowed, missing, outside]) {
      ok(!JSON.stringify(result).includes(world.project));
    }
  },
});

Deno.test({
  name: "server-memory remembers over a stop, and npx leaves no process",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    const server = npmServer("memory", [], { MEMORY_FILE_PATH: `${folder}/memory.json` });
    await using world = await openMcpWorld([server], { limits: { idleMs: 50 } });
    const entity = { name: "Ann", entityType: "person", observations: ["likes tea"] };
    const made = await world.call("mcp__memory__create_entities", { entities: [entity] });
    ok(made.ok, textOf(made));
    const pid = world.host.status()[0]?.pid ?? 0;
    ok(pid > 0);
    while (pidFiles(world.dataDir).length > 0) await new Promise((done) => setTimeout(done, 50));
    deepEqual(await stillRunning([pid]), []);
    match(textOf(await world.call("mcp__memory__search_nodes", { query: "Ann" })), /likes tea/);
    equal(world.host.status()[0]?.starts, 2);
    await world.host.close();
    await Deno.remove(folder, { recursive: true });
  },
});
