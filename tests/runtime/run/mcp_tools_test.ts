import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { AgentTools } from "../../../schemas/package.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { changeMcpFile } from "../../../runtime/run/mcp_file.ts";
import { nobody, type Person } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { openRun, startRun } from "../../../runtime/run/start_run.ts";
import { makeChain } from "../../bench/chain.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

const HELLO = fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url));
const script = (name: string) =>
  fileURLToPath(new URL(`../../mcp_servers/${name}.ts`, import.meta.url));
const GOOD = {
  command: Deno.execPath(),
  args: ["run", "--quiet", "--no-prompt", "--allow-all", script("good")],
};

interface World {
  readonly server: ModelServer;
  readonly project: string;
  log(): RunEvent[];
  resume(person?: Partial<Person>): Promise<void>;
  /** Keeps the log up to the first line that holds this text, as a kill would. */
  cutBefore(text: string): Promise<void>;
}

async function withRun(
  { replies, servers, options = {}, agentTools }: {
    replies: readonly Reply[];
    servers: Record<string, { command: string; args: string[] }>;
    options?: Partial<RunOptions>;
    agentTools?: AgentTools;
  },
  work: (world: World) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-mcp-run-" });
  const dataDir = join(dir, "data");
  const project = join(dir, "project");
  await Deno.mkdir(project);
  await using server = startModelServer({ replies });
  const model = { model: "m", baseUrl: server.baseUrl };
  try {
    changeMcpFile(dataDir, (document) => ({ ...document, mcpServers: servers }));
    const run = await startRun({
      source: agentTools ? await withAgentTools(join(dir, "package"), agentTools) : HELLO,
      projectDir: project,
      dataDir,
      connection: { provider: "openai", ...model },
      options: { ...DEFAULT_RUN_OPTIONS, ...options },
    });
    const drive = async (opened: typeof run, person: Partial<Person> = {}) => {
      await executeRun(opened, {
        llm: openLlm({ ...connectionFromEnvironment(model, {}), maxRetries: 0 }),
        person: { ...nobody, ...person },
        listener: () => {},
        signal: new AbortController().signal,
      });
    };
    await drive(run);
    await work({
      server,
      project,
      log: () => readRunLog(run.folder.logPath),
      resume: async (person) =>
        await drive(await openRun(dataDir, run.folder, { allowAll: false }), person),
      async cutBefore(text) {
        const lines = (await Deno.readTextFile(run.folder.logPath)).split("\n");
        const cut = lines.findIndex((line) => line.includes(text));
        await Deno.writeTextFile(run.folder.logPath, `${lines.slice(0, cut).join("\n")}\n`);
      },
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function withAgentTools(dir: string, tools: AgentTools): Promise<string> {
  const source = await makeChain(dir, 1);
  const path = join(source, "agents.json");
  const document = JSON.parse(await Deno.readTextFile(path));
  document.agents[0].tools = tools;
  await Deno.writeTextFile(path, JSON.stringify(document));
  return source;
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});
const results = (log: readonly RunEvent[]) =>
  log.flatMap((event) => event.type === "tool_result" ? [event.result] : []);

Deno.test("a run offers the tools of its MCP servers and asks before it calls one", () =>
  withRun(
    { replies: [call("mcp__good__echo", { text: "hello" })], servers: { good: GOOD } },
    async ({ server, log, resume, project }) => {
      const offered = JSON.stringify(server.requests[0]?.body.tools);
      assert.match(offered, /"name":"mcp__good__echo"/);
      assert.ok(!offered.includes(project), "no path of the machine in what the model is told");
      assert.equal(results(log()).length, 0);
      assert.ok(log().some(({ type }) => type === "approval_requested"));
      await resume({ approve: () => Promise.resolve({ decision: "allow", scope: "once" }) });
      assert.match(JSON.stringify(results(log())), /\\"text\\":\\"hello\\"/);
    },
  ));

Deno.test("a call of an MCP tool that was cut off is never issued again by the shell", () =>
  withRun(
    {
      replies: [call("mcp__good__pid", {}), call("fs_list", { path: "@project" })],
      servers: { good: GOOD },
      options: { allowAll: true },
    },
    async ({ log, cutBefore, resume }) => {
      assert.equal(results(log())[0]?.ok, true);
      await cutBefore('"tool_result"');
      await resume();
      const calls = log().filter((event) =>
        event.type === "tool_call" && event.tool === "mcp__good__pid"
      );
      assert.equal(calls.length, 1);
      const [first] = results(log());
      assert.ok(first && !first.ok);
      assert.equal(first.error.code, "E_INTERRUPTED");
      assert.deepEqual(first.error.details, { known: "unknown" });
    },
  ));

Deno.test("a server that does not start costs its tools, and is told of once", () =>
  withRun(
    {
      replies: [call("fs_list", { path: "@project" }), call("mcp__broken__x", {})],
      servers: { broken: { ...GOOD, args: [...GOOD.args.slice(0, -1), script("dies_at_start")] } },
    },
    ({ log }) => {
      const told = log().filter((event) =>
        event.type === "error" && event.code === "MCP_SERVER_FAILED"
      );
      assert.equal(told.length, 1);
      const codes = results(log()).map((result) => result.ok ? "ok" : result.error.code);
      assert.deepEqual(codes.slice(0, 2), ["ok", "E_TOOL_UNKNOWN"]);
      return Promise.resolve();
    },
  ));

Deno.test("servers that no agent of the package may use are not started", () =>
  withRun(
    {
      replies: [call("fs_list", { path: "@project" })],
      servers: { broken: { ...GOOD, args: [...GOOD.args.slice(0, -1), script("dies_at_start")] } },
      agentTools: { mcp: { enabled: true, allowedServers: ["other"] } },
    },
    ({ log }) => {
      assert.equal(
        log().filter(({ type }) => type === "error").length,
        1,
        "the model's, at the end",
      );
      assert.ok(!JSON.stringify(log()).includes("MCP_SERVER_FAILED"));
      return Promise.resolve();
    },
  ));

Deno.test("a rule denies a server's tools and hides them", () =>
  withRun(
    {
      replies: [call("mcp__good__echo", { text: "x" })],
      servers: { good: GOOD },
      options: { rules: [{ action: "deny", tool: "mcp__good__*" }] },
    },
    ({ server, log }) => {
      assert.ok(!JSON.stringify(server.requests[0]?.body.tools).includes("mcp__good"));
      const [result] = results(log());
      assert.equal(result?.ok === false && result.error.code, "E_TOOL_UNKNOWN");
      return Promise.resolve();
    },
  ));
