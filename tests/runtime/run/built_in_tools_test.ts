import assert from "node:assert/strict";
import { join } from "node:path";
import type { AgentTools } from "../../../schemas/package.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody, type Person } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { startRun } from "../../../runtime/run/start_run.ts";
import { makeChain } from "../../bench/chain.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

/** Runs a package of one step whose agent has these tools, on a project with a table. */
async function runWith(
  tools: AgentTools,
  replies: readonly Reply[],
  { options = {}, person = {} }: { options?: Partial<RunOptions>; person?: Partial<Person> } = {},
): Promise<{ log: RunEvent[]; offered: string; results: string[] }> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-tools-" });
  await using server = startModelServer({ replies });
  const model = { model: "m", baseUrl: server.baseUrl };
  try {
    const source = await makeChain(join(dir, "package"), 1);
    const agents = join(source, "agents.json");
    const document = JSON.parse(await Deno.readTextFile(agents));
    document.schemaVersion = "1.2";
    document.agents[0].tools = tools;
    await Deno.writeTextFile(agents, JSON.stringify(document));
    const projectDir = join(dir, "project");
    await Deno.mkdir(projectDir);
    await Deno.writeTextFile(join(projectDir, "sales.csv"), "month,sum\nMay,10\nJune,32\n");
    const run = await startRun({
      source,
      projectDir,
      dataDir: join(dir, "data"),
      connection: { provider: "openai", ...model },
      options: { ...DEFAULT_RUN_OPTIONS, ...options },
    });
    await executeRun(run, {
      llm: openLlm({ ...connectionFromEnvironment(model, {}), maxRetries: 0 }),
      person: { ...nobody, ...person },
      listener: () => {},
      signal: new AbortController().signal,
    });
    const log = readRunLog(run.folder.logPath);
    const results = log.flatMap((event) =>
      event.type === "tool_result" ? [JSON.stringify(event.result)] : []
    );
    return { log, offered: JSON.stringify(server.requests[0]?.body.tools), results };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});

Deno.test("a run offers csv, js and terminal only where agent and run turn them on", async () => {
  const names = ["csv_read", "js_run", "terminal_run"];
  const all: AgentTools = {
    csv: { enabled: true },
    js: { enabled: true },
    terminal: { enabled: true, allow: ["echo"] },
  };
  const rows: [tools: AgentTools, options: Partial<RunOptions>, offered: readonly string[]][] = [
    [{}, { terminal: true }, []],
    [all, {}, ["csv_read", "js_run"]],
    [all, { terminal: true }, names],
  ];
  for (const [tools, options, expected] of rows) {
    const { offered } = await runWith(tools, [], { options });
    assert.deepEqual(names.filter((name) => offered.includes(`"${name}"`)), expected);
  }
});

Deno.test("a run reads a table and calculates with it", async () => {
  const { results } = await runWith({ csv: { enabled: true }, js: { enabled: true } }, [
    call("csv_read", { path: "@project/sales.csv" }),
    call("js_run", { code: "input.reduce((sum, n) => sum + n, 0)", input: [10, 32] }),
  ]);
  assert.match(results[0] ?? "", /"June"/);
  assert.match(results[1] ?? "", /42/);
});

Deno.test("a run takes a lone read for fs_read beside csv_read, and logs the repair", async () => {
  const { log, results } = await runWith({ csv: { enabled: true } }, [
    call("read", { path: "@project/sales.csv" }),
  ]);
  assert.match(results[0] ?? "", /"content":"month,sum/);
  const answers = log.filter((event) => event.type === "assistant_message");
  assert.deepEqual(answers[0]?.repairs, ['Read the name "read" as "fs_read"']);
  assert.equal(answers[0]?.message.toolCalls?.[0]?.name, "fs_read");
});

Deno.test("a run asks before each program, whatever was allowed for the run", async () => {
  const terminal = { enabled: true, allow: ["echo"] };
  let asked = 0;
  const { results } = await runWith(
    { terminal },
    [
      call("terminal_run", { command: ["echo", "one"] }),
      call("terminal_run", { command: ["echo", "two"] }),
      call("terminal_run", { command: ["ls", "/"] }),
    ],
    {
      options: { terminal: true },
      person: {
        approve() {
          asked += 1;
          return Promise.resolve({ decision: "allow", scope: "run" });
        },
      },
    },
  );
  assert.match(results[0] ?? "", /one/);
  assert.match(results[1] ?? "", /two/);
  assert.match(results[2] ?? "", /"ok":false/);
  assert.ok(asked >= 2, `${asked}`);
});
