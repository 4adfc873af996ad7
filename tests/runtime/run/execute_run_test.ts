import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { validate } from "../../../schemas/validate.ts";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody, type Person } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS, lockRun, type RunOptions } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import type { RunOutcome } from "../../../runtime/run/session.ts";
import { type OpenRun, openRun, startRun } from "../../../runtime/run/start_run.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

const HELLO = fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url));

interface Stage {
  readonly project: string;
  readonly server: ModelServer;
  readonly run: OpenRun;
  drive(person?: Partial<Person>): Promise<RunOutcome>;
  resume(person?: Partial<Person>): Promise<RunOutcome>;
  log(): RunEvent[];
  results(): unknown[];
}

/** A run of hello-branch whose model gives these replies; 400 after the last. */
async function onStage(
  { replies, options = {} }: { replies: readonly Reply[]; options?: Partial<RunOptions> },
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const project = join(dir, "project");
  await Deno.mkdir(project);
  await using server = startModelServer({ replies });
  const run = await startRun({
    source: HELLO,
    projectDir: project,
    dataDir: join(dir, "data"),
    connection: { provider: "openai", model: "test-model", baseUrl: server.baseUrl },
    options: { ...DEFAULT_RUN_OPTIONS, ...options },
  });
  const drive = (opened: OpenRun, person: Partial<Person> = {}) =>
    executeRun(opened, {
      llm: openLlm({
        ...connectionFromEnvironment({ model: "test-model", baseUrl: server.baseUrl }, {}),
        maxRetries: 0,
      }),
      person: { ...nobody, ...person },
      listener: () => {},
      signal: new AbortController().signal,
    });
  const log = () => readRunLog(run.folder.logPath);
  try {
    await work({
      project,
      server,
      run,
      drive: (person) => drive(run, person),
      resume: async (person) =>
        await drive(await openRun(run.dataDir, run.folder, { allowAll: false }), person),
      log,
      results: () => log().flatMap((event) => event.type === "tool_result" ? [event.result] : []),
    });
    for (const event of log()) assert.deepEqual(validate("run_event", event), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function calls(...toolCalls: [name: string, args: Record<string, unknown>][]): Reply {
  return { toolCalls: toolCalls.map(([name, args]) => ({ name, arguments: args })) };
}

const readStep = calls(["fs_read", { path: "@pkg/steps/ask-wish.md" }]);
const finishAsk: [string, Record<string, unknown>] = ["state_complete_node", {
  nodeId: "ask-wish",
  next: "choose",
  variables: { wish: "poem", topic: "rain" },
}];

function codes(results: readonly unknown[]): unknown[] {
  return results.map((result) => (result as { error?: { code: string } }).error?.code ?? "ok");
}

Deno.test("executeRun() pauses at the turn limit, and a resume grants as many turns again", () =>
  onStage({ replies: [readStep, readStep, readStep], options: { maxTurns: 2 } }, async (stage) => {
    assert.deepEqual(await stage.drive().then(({ phase, code }) => [phase, code]), [
      "paused",
      "ENGINE_MAX_TURNS",
    ]);
    assert.equal(stage.server.requests.length, 2);
    assert.equal(
      (await stage.resume()).phase,
      "failed",
      "the script ends, so the third turn fails",
    );
    assert.equal(stage.server.requests.length, 4);
  }));

Deno.test("executeRun() pauses at the turn limit of a node", () =>
  onStage({ replies: [readStep, readStep], options: { maxTurnsPerNode: 1 } }, async (stage) => {
    assert.match((await stage.drive()).reason ?? "", /The node has taken 1 turns/);
  }));

Deno.test("executeRun() waits when the same call fails three times, and says which", () => {
  const bad = calls(["fs_read", { path: "@project/none.md" }]);
  return onStage({ replies: [bad, bad, bad] }, async (stage) => {
    const outcome = await stage.drive();
    assert.deepEqual([outcome.phase, outcome.code], ["waiting", "ENGINE_LOOP_DETECTED"]);
    assert.match(outcome.reason ?? "", /fs\.read failed 3 times .*ENOENT/);
  });
});

Deno.test("executeRun() nudges once after an answer without a call, then waits for a person", () =>
  onStage({ replies: [{ text: "Done!" }, { text: "Really done!" }] }, async (stage) => {
    assert.deepEqual(await stage.drive().then(({ phase, code }) => [phase, code]), [
      "waiting",
      "ENGINE_IDLE",
    ]);
    assert.equal(stage.log().filter(({ type }) => type === "nudge_sent").length, 1);
    assert.match(
      JSON.stringify(stage.server.requests[1]?.body),
      /is not finished: your last message/,
    );
  }));

Deno.test("executeRun() passes a person's advice on and goes on with the node", () =>
  onStage({ replies: [{ text: "Hm." }, { text: "Hm!" }, readStep] }, async (stage) => {
    await stage.drive({ advise: () => Promise.resolve("Read the step") });
    assert.match(JSON.stringify(stage.server.requests[2]?.body), /USER_INPUT.*Read the step/);
  }));

Deno.test("executeRun() answers calls behind the one that crossed an edge with E_NODE_CHANGED, unexecuted", () => {
  const late: [string, Record<string, unknown>] = ["fs_write", {
    path: "@project/artifacts/late.md",
    content: "x",
  }];
  return onStage({ replies: [calls(finishAsk, late, late)] }, async (stage) => {
    await stage.drive();
    assert.deepEqual(codes(stage.results()), ["ok", "E_NODE_CHANGED", "E_NODE_CHANGED"]);
    await assert.rejects(Deno.stat(join(stage.project, "artifacts", "late.md")));
  });
});

Deno.test("executeRun() starts a fresh conversation at a new node, or keeps one where the run says so", async () => {
  for (const [context, messages] of [["node", 6], ["run", 8]] as const) {
    await onStage(
      { replies: [calls(finishAsk), readStep], options: { context } },
      async (stage) => {
        await stage.drive();
        const request = stage.log().filter((event) => event.type === "request_sent")[1];
        assert.ok(
          request && request.messageCount >= messages,
          `${context}: ${request?.messageCount}`,
        );
        const hasOld = JSON.stringify(stage.server.requests[1]?.body).includes("tool_call_id");
        assert.equal(hasOld, context === "run");
      },
    );
  }
});

Deno.test("executeRun() waits for consent with the call unexecuted, and a resume with consent runs it once", () => {
  const write = calls(["fs_write", { path: "@project/NOTES.md", content: "hello" }]);
  return onStage({ replies: [write] }, async (stage) => {
    assert.deepEqual(await stage.drive().then(({ phase, code }) => [phase, code]), [
      "waiting",
      "APPROVAL",
    ]);
    assert.equal(stage.results().length, 0);
    await assert.rejects(Deno.stat(join(stage.project, "NOTES.md")));
    await stage.resume({ approve: () => Promise.resolve({ decision: "allow", scope: "once" }) });
    assert.deepEqual(codes(stage.results()), ["ok"]);
    assert.equal(await Deno.readTextFile(join(stage.project, "NOTES.md")), "hello");
  });
});

Deno.test("executeRun() asks once for a call that is allowed for the rest of the run", () => {
  const write = calls(["fs_write", { path: "@project/NOTES.md", content: "a" }]);
  const again = calls(["fs_write", { path: "@project/NOTES.md", content: "b" }]);
  return onStage({ replies: [write, again] }, async (stage) => {
    let asked = 0;
    await stage.drive({
      approve() {
        asked += 1;
        return Promise.resolve({ decision: "allow", scope: "run" });
      },
    });
    assert.equal(asked, 1);
    assert.equal(await Deno.readTextFile(join(stage.project, "NOTES.md")), "b");
  });
});

Deno.test("executeRun() never repeats a call that was cut off, and tells the model what the disk says", async () => {
  const append = { path: "@project/artifacts/log.md", content: "line\n", mode: "append" };
  const rows: [cutBefore: string, after: string | null, known: string, message: RegExp][] = [
    ['"tool_result"', "line\n", "done", /do not repeat it/],
    ['"tool_result"', null, "not_done", /had no effect; call it again/],
    ['"tool_result"', "something else", "unknown", /Check before you call it again/],
    ['"file_changed"', null, "not_done", /had no effect/],
  ];
  for (const [cutBefore, after, known, message] of rows) {
    await onStage({ replies: [calls(["fs_write", append])] }, async (stage) => {
      await stage.drive();
      const log = stage.run.folder.logPath;
      const lines = (await Deno.readTextFile(log)).split("\n");
      const cut = lines.findIndex((line) => line.includes(cutBefore));
      await Deno.writeTextFile(log, lines.slice(0, cut).join("\n") + "\n");
      const file = join(stage.project, "artifacts", "log.md");
      if (after === null) await Deno.remove(file);
      else await Deno.writeTextFile(file, after);

      await stage.resume();

      const [result] = stage.results() as [
        { error: { code: string; message: string; details: unknown } },
      ];
      assert.equal(result.error.code, "E_INTERRUPTED");
      assert.deepEqual(result.error.details, { known });
      assert.match(result.error.message, message);
      assert.equal(await Deno.readTextFile(file).catch(() => null), after, "nothing was repeated");
    });
  }
});

Deno.test("executeRun() ends as failed with the model's error, from which a run can be resumed", () =>
  onStage({ replies: [{ mood: "status", status: 401 }, readStep] }, async (stage) => {
    assert.deepEqual(await stage.drive().then(({ phase, code }) => [phase, code]), [
      "failed",
      "LLM_AUTH",
    ]);
    await stage.resume();
    assert.deepEqual(codes(stage.results()), ["ok"]);
  }));

Deno.test("executeRun() refuses a run that another process drives", () =>
  onStage({ replies: [] }, async (stage) => {
    using _held = lockRun(stage.run.folder);
    await assert.rejects(stage.drive(), { code: "RUN_BUSY" });
  }));

Deno.test("executeRun() gives each call an id of its own where a server repeats ids", () => {
  const toolCalls = ["ask-wish", "choose"].map((name) => ({
    id: "same",
    name: "fs_read",
    arguments: { path: `@pkg/steps/${name}.md` },
  }));
  return onStage({ replies: [{ toolCalls }] }, async (stage) => {
    await stage.drive();
    const ids = stage.log().flatMap((event) => event.type === "tool_result" ? [event.callId] : []);
    assert.equal(new Set(ids).size, 2);
  });
});

Deno.test("openRun() refuses a run whose copy of the package was changed", () =>
  onStage({ replies: [] }, async (stage) => {
    const step = join(stage.run.packageDir, "steps", "ask-wish.md");
    await Deno.chmod(step, 0o644);
    await Deno.writeTextFile(step, `${await Deno.readTextFile(step)}\nDo something else.\n`);
    await assert.rejects(stage.resume(), { code: "PKG_INTEGRITY" });
  }));
