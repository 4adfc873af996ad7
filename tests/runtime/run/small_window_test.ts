import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { tokenFactor } from "../../../runtime/run/calibration.ts";
import { foldConversation } from "../../../runtime/run/conversation.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { startRun } from "../../../runtime/run/start_run.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

const CALLS = 300;
const WINDOW = 8192;
const WIDER = 16_384;

Deno.test("a node of 300 tool calls stays inside a window of 8k tokens, sends no orphan, and finishes", async () => {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-window-" });
  await Deno.mkdir(join(dir, "project"));
  let turn = 0;
  let largest = 0;
  const orphans: string[] = [];
  await using server = startModelServer({
    reply({ body }): Reply {
      const messages = body.messages ?? [];
      largest = Math.max(largest, JSON.stringify(messages).length);
      const asked = new Set<string>();
      for (const message of messages) {
        const { tool_calls = [], tool_call_id } = message;
        for (const { id } of tool_calls) asked.add(id);
        if (tool_call_id !== undefined && !asked.has(tool_call_id)) orphans.push(tool_call_id);
      }
      turn += 1;
      if (turn === CALLS + 1) {
        const finish = { nodeId: "ask-wish", next: "choose", variables: { wish: "a fact" } };
        return { toolCalls: [{ name: "state_complete_node", arguments: finish }] };
      }
      const path = `@project/artifacts/note-${turn % 7}.md`;
      return {
        text: `Note ${turn}.`,
        toolCalls: [
          turn % 3 === 0
            ? { name: "fs_read", arguments: { path } }
            : { name: "fs_write", arguments: { path, content: `line ${turn}\n`.repeat(60) } },
        ],
      };
    },
  });
  try {
    const run = await startRun({
      source: fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url)),
      projectDir: join(dir, "project"),
      dataDir: join(dir, "data"),
      connection: { provider: "openai", model: "m", baseUrl: server.baseUrl },
      options: { ...DEFAULT_RUN_OPTIONS, maxTurns: CALLS + 1, maxTurnsPerNode: CALLS + 1 },
    });
    await executeRun(run, {
      llm: openLlm({
        ...connectionFromEnvironment({ model: "m", baseUrl: server.baseUrl }, {}),
        contextWindowTokens: WINDOW,
      }),
      person: nobody,
      listener: () => {},
      signal: new AbortController().signal,
    });
    const log = readRunLog(run.folder.logPath);
    const estimates = log.flatMap((event) =>
      event.type === "request_sent" ? [event.estimatedTokens] : []
    );
    assert.equal(estimates.length, CALLS + 1);
    assert.ok(Math.max(...estimates) <= WINDOW, `${Math.max(...estimates)} tokens`);
    assert.ok(largest / 3 <= WINDOW, `${largest} characters`);
    assert.deepEqual(orphans, []);
    const left = log.find((event) => event.type === "node_completed");
    assert.equal(left?.type === "node_completed" && left.next, "choose");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a model that counts far more tokens than estimated is never sent more than its window, also by the log alone", async () => {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-window-" });
  await Deno.mkdir(join(dir, "project"));
  const counted: number[] = [];
  await using server = startModelServer({
    reply({ body }): Reply {
      // About twice the estimate, as small vocabularies count rare scripts.
      const promptTokens = Math.ceil(JSON.stringify([body.messages, body.tools]).length / 1.7);
      counted.push(promptTokens);
      const path = `@project/artifacts/note-${counted.length}.md`;
      const content = `line ${counted.length}\n`.repeat(60);
      return {
        toolCalls: [{ name: "fs_write", arguments: { path, content } }],
        usage: { promptTokens, completionTokens: 5 },
      };
    },
  });
  try {
    const connection = { model: "m", baseUrl: server.baseUrl };
    const run = await startRun({
      source: fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url)),
      projectDir: join(dir, "project"),
      dataDir: join(dir, "data"),
      connection: { provider: "openai", ...connection },
      options: { ...DEFAULT_RUN_OPTIONS, maxTurns: 100, maxTurnsPerNode: 100 },
    });
    await executeRun(run, {
      llm: openLlm({ ...connectionFromEnvironment(connection, {}), contextWindowTokens: WIDER }),
      person: nobody,
      listener: () => {},
      signal: new AbortController().signal,
    });
    assert.equal(counted.length, 100);
    assert.ok(Math.max(...counted) <= WIDER, `${Math.max(...counted)} tokens of ${WIDER}`);
    const { calibration } = foldConversation(readRunLog(run.folder.logPath)).read();
    assert.ok(tokenFactor(calibration, "m") > 1.5, `${tokenFactor(calibration, "m")}`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
