import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import type { ModelPrices } from "../../../schemas/profile.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import type { ToolRule } from "../../../schemas/tool_policy.ts";
import { validate } from "../../../schemas/validate.ts";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { decideApproval } from "../../../runtime/run/answer_run.ts";
import { stateDocumentPath } from "../../../runtime/run/active_workflow.ts";
import { openConsent } from "../../../runtime/run/consent.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { forkRun } from "../../../runtime/run/fork_run.ts";
import { changeEngineLimits } from "../../../runtime/run/limits_file.ts";
import { nobody, type Person } from "../../../runtime/run/person.ts";
import {
  DEFAULT_RUN_OPTIONS,
  lockRun,
  readRecord,
  type RunOptions,
} from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import type { RunOutcome } from "../../../runtime/run/session.ts";
import { type OpenRun, openRun, startRun } from "../../../runtime/run/start_run.ts";
import { readToolPolicy } from "../../../runtime/run/tool_policy_file.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

const HELLO = fileURLToPath(new URL("../../../examples/hello-branch", import.meta.url));

interface Stage {
  readonly project: string;
  readonly server: ModelServer;
  readonly run: OpenRun;
  drive(person?: Partial<Person>): Promise<RunOutcome>;
  /** `source` is a package to go on with. */
  resume(person?: Partial<Person>, source?: string): Promise<RunOutcome>;
  log(): RunEvent[];
  results(): unknown[];
}

/** A run of hello-branch whose model gives these replies; 400 after the last. */
async function onStage(
  { replies, options = {}, prices }: {
    replies: readonly Reply[];
    options?: Partial<RunOptions>;
    prices?: ModelPrices;
  },
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
    connection: {
      provider: "openai",
      model: "test-model",
      baseUrl: server.baseUrl,
      ...(prices && { prices }),
    },
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
      resume: async (person, source) =>
        await drive(await openRun(run.dataDir, run.folder, { allowAll: false, source }), person),
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

Deno.test("executeRun() pauses at the installation's limit, whatever the run asks for", () =>
  onStage({ replies: [readStep, readStep], options: { maxTurns: 50 } }, async (stage) => {
    changeEngineLimits(stage.run.dataDir, { maxTurns: 1 });
    const { phase, code } = await stage.drive();
    assert.deepEqual([phase, code, stage.server.requests.length], [
      "paused",
      "ENGINE_MAX_TURNS",
      1,
    ]);
    assert.equal(readRecord(stage.run.folder).options.maxTurns, 50);
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

Deno.test("executeRun() pauses when a budget is spent, and a resume grants as much again", async () => {
  const prices = { inputPerMillion: 1000, outputPerMillion: 1000 };
  const rows: [options: Partial<RunOptions>, reason: RegExp][] = [
    [{ maxTokens: 1 }, /\d+ tokens, of 1\. Resuming it grants/],
    [{ maxCostUsd: 0.0001 }, /\$0\.\d+, of \$0\.0001/],
    [{ maxMinutes: 1e-9 }, /minutes, of 1e-9/],
  ];
  for (const [options, reason] of rows) {
    await onStage({ replies: [readStep, readStep, readStep], options, prices }, async (stage) => {
      const first = await stage.drive();
      assert.deepEqual([first.phase, first.code], ["paused", "BUDGET_EXCEEDED"]);
      assert.match(first.reason ?? "", reason);
      const asked = stage.server.requests.length;
      await stage.resume();
      const more = options.maxMinutes === undefined ? 1 : 0;
      assert.equal(stage.server.requests.length, asked + more);
    });
  }
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

Deno.test("executeRun() tells the model why a person refused, also from another process", () => {
  const write = calls(["fs_write", { path: "@project/NOTES.md", content: "hello" }]);
  return onStage({ replies: [write] }, async (stage) => {
    await stage.drive();
    const { dataDir, folder } = stage.run;
    decideApproval(dataDir, folder, { decision: "deny", scope: "once", reason: "use docs/" });
    await stage.resume();
    assert.deepEqual(codes(stage.results()), ["E_TOOL_DENIED"]);
    assert.match(JSON.stringify(stage.results()), /The reason: use docs\//);
    await assert.rejects(Deno.stat(join(stage.project, "NOTES.md")));
  });
});

Deno.test("executeRun() begins nothing while policy, limits or MCP configuration cannot be read", () =>
  onStage({ replies: [readStep] }, async (stage) => {
    for (
      const [file, code] of [
        ["policy.json", "POLICY_INVALID"],
        ["limits.json", "LIMITS_INVALID"],
        ["mcp.json", "MCP_CONFIG_INVALID"],
      ]
    ) {
      const path = join(stage.run.dataDir, file ?? "");
      await Deno.writeTextFile(path, "{");
      await assert.rejects(stage.drive(), { code });
      assert.deepEqual(stage.log(), []);
      assert.equal(readRecord(stage.run.folder).phase, "idle");
      await Deno.remove(path);
    }
    await stage.drive();
    assert.deepEqual(codes(stage.results()), ["ok"]);
  }));

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
      const path = known === "done" ? { path: "@project/artifacts/log.md" } : {};
      assert.deepEqual(result.error.details, { known, ...path });
      assert.match(result.error.message, message);
      assert.equal(await Deno.readTextFile(file).catch(() => null), after, "nothing was repeated");
    });
  }
});

Deno.test("executeRun() answers every call of a visit that the state shows as left when it is resumed", () => {
  const late: [string, Record<string, unknown>] = ["fs_list", { path: "@project" }];
  return onStage(
    { replies: [calls(finishAsk, late)], options: { context: "run" } },
    async (stage) => {
      await stage.drive();
      const log = stage.run.folder.logPath;
      const lines = (await Deno.readTextFile(log)).split("\n");
      const cut = lines.findIndex((line) => line.includes('"state_changed"'));
      await Deno.writeTextFile(log, `${lines.slice(0, cut).join("\n")}\n`);

      await stage.resume();

      assert.deepEqual(codes(stage.results()), ["E_INTERRUPTED", "E_NODE_CHANGED"]);
      const [first] = stage.results() as [{ error: { details: unknown } }];
      assert.deepEqual(first.error.details, { known: "done" });
      const messages = stage.server.requests.at(-1)?.body.messages ?? [];
      const text = JSON.stringify(messages);
      const asked = text.split('"type":"function"').length - 1;
      const answered = messages.filter(({ role }) => role === "tool").length;
      assert.deepEqual([asked, answered], [2, 2]);
    },
  );
});

Deno.test("executeRun() sets a damaged log aside and starts the node afresh from its state", () =>
  onStage({ replies: [calls(finishAsk), readStep, readStep] }, async (stage) => {
    await stage.drive();
    const log = stage.run.folder.logPath;
    const text = await Deno.readTextFile(log);
    const lines = text.split("\n");
    lines[5] = lines[5]?.slice(0, 20) ?? "";
    await Deno.writeTextFile(log, lines.join("\n"));
    assert.throws(() => readRunLog(log), { code: "RUN_FOLDER_DAMAGED", message: /Line 6/ });

    await stage.resume();

    const types = stage.log().map(({ type }) => type);
    assert.deepEqual(types.slice(5, 8), ["log_damaged", "run_resumed", "phase_changed"]);
    const entered = stage.log().findLast((event) => event.type === "node_entered");
    assert.equal(entered?.nodeId, "choose");
    const kept = [...Deno.readDirSync(stage.run.folder.dir)].find(({ name }) =>
      name.startsWith("log.jsonl.damaged-")
    );
    assert.equal(await Deno.readTextFile(join(stage.run.folder.dir, kept!.name)), lines.join("\n"));
  }));

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

Deno.test("executeRun() hides a denied tool from the model and refuses what a rule denies", () => {
  const rules: ToolRule[] = [
    { action: "deny", tool: "fs.edit" },
    { action: "deny", tool: "fs.read", arguments: { path: "@project/secrets/**" } },
  ];
  const replies = [
    calls(
      ["fs_edit", { path: "@project/a", oldText: "a", newText: "b" }],
      ["fs_read", { path: "@project/secrets/key" }],
      ["fs_read", { path: "@project/link" }],
      ["fs_read", { path: "@project/open" }],
    ),
  ];
  return onStage({ replies, options: { rules, allowAll: true } }, async (stage) => {
    await Deno.mkdir(join(stage.project, "secrets"));
    await Deno.writeTextFile(join(stage.project, "secrets", "key"), "hush");
    await Deno.writeTextFile(join(stage.project, "open"), "hello");
    await Deno.symlink("secrets/key", join(stage.project, "link"));
    await stage.drive();
    assert.deepEqual(codes(stage.results()), [
      "E_TOOL_UNKNOWN",
      "E_TOOL_DENIED",
      "E_TOOL_DENIED",
      "ok",
    ]);
    const sent = JSON.stringify(stage.server.requests);
    assert.ok(!sent.includes('"name":"fs_edit","description"'));
    assert.ok(sent.includes('"name":"fs_read","description"'));
    assert.ok(!JSON.stringify(stage.results()).includes("hush"));
    assert.match(JSON.stringify(stage.results()[1]), /deny fs\.read path=@project\/secrets/);
  });
});

Deno.test("executeRun() asks before a read where a rule says so, and waits where nobody is there", () => {
  const rules: ToolRule[] = [{ action: "ask", tool: "fs.read" }];
  return onStage({ replies: [readStep], options: { rules } }, async (stage) => {
    assert.equal((await stage.drive()).code, "APPROVAL");
    await stage.resume({ approve: () => Promise.resolve({ decision: "allow", scope: "once" }) });
    assert.deepEqual(codes(stage.results()), ["ok"]);
  });
});

Deno.test("executeRun() asks once for what is always allowed, also in the next run", () => {
  const write = calls(["fs_write", { path: "@project/NOTES.md", content: "a" }]);
  return onStage({ replies: [write] }, async (stage) => {
    await stage.drive({ approve: () => Promise.resolve({ decision: "allow", scope: "always" }) });
    const [standing] = readToolPolicy(stage.run.dataDir).always;
    assert.equal(standing?.path, "@project/NOTES.md");
    const { package: { hash }, agentId } = stage.run.record;
    const consent = openConsent(stage.run.dataDir, hash, { allowAll: false });
    const call = { tool: "fs.write", path: "@project/NOTES.md", arguments: {} };
    assert.equal(consent.judge(call, agentId).consent, "allow");
  });
});

/** The run's package with another text in a step, or without a node that the run needs. */
async function changedPackage(
  stage: Stage,
  change: (dir: string) => Promise<void>,
): Promise<string> {
  const dir = join(stage.project, "..", "changed");
  await Deno.mkdir(join(dir, "steps"), { recursive: true });
  for (const path of stage.run.package.files.keys()) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.copyFile(join(HELLO, path), join(dir, path));
  }
  await change(dir);
  return dir;
}

Deno.test("openRun() refuses a run whose copy of the package was changed, with a verdict and the way on", () =>
  onStage({ replies: [readStep] }, async (stage) => {
    await stage.drive();
    const step = join(stage.run.packageDir, "steps", "ask-wish.md");
    await Deno.chmod(step, 0o644);
    await Deno.writeTextFile(step, `${await Deno.readTextFile(step)}\nDo something else.\n`);
    await assert.rejects(stage.resume(), {
      code: "PKG_INTEGRITY",
      message: /What is there now is compatible: .*--package FILE/,
    });
    await stage.resume({}, HELLO);
    const event = stage.log().find(({ type }) => type === "run_resumed");
    assert.ok(event?.type === "run_resumed");
    assert.equal(event.packageChange?.verdict, "same");
    assert.deepEqual(codes(stage.results()), ["ok"]);
  }));

Deno.test("openRun() goes on with a package that fits, and says what differs", () =>
  onStage({ replies: [readStep, calls(finishAsk)] }, async (stage) => {
    const source = await changedPackage(stage, async (dir) => {
      const step = join(dir, "steps", "ask-wish.md");
      await Deno.writeTextFile(step, `${await Deno.readTextFile(step)}\nBe brief.\n`);
    });
    await stage.drive();
    await stage.resume({}, source);
    const event = stage.log().find(({ type }) => type === "run_resumed");
    assert.ok(event?.type === "run_resumed");
    assert.deepEqual(event.packageChange?.reasons, ["steps/ask-wish.md was changed"]);
    assert.notEqual(readRecord(stage.run.folder).package.hash, stage.run.record.package.hash);
    await stage.resume();
  }));

Deno.test("openRun() refuses a package that lacks the node where the run is, and changes nothing", () =>
  onStage({ replies: [readStep] }, async (stage) => {
    await stage.drive();
    const source = await changedPackage(stage, async (dir) => {
      for (const path of ["workflow.graph.json", "steps/ask-wish.md"]) {
        const text = await Deno.readTextFile(join(dir, path));
        await Deno.writeTextFile(
          join(dir, path),
          text.replaceAll('ask-wish"', 'wish"')
            .replaceAll("nodeId: ask-wish", "nodeId: wish"),
        );
      }
    });
    await assert.rejects(stage.resume({}, source), {
      code: "PKG_INCOMPATIBLE",
      message: /no node "ask-wish", where the run is/,
    });
    assert.equal(readRecord(stage.run.folder).package.hash, stage.run.record.package.hash);
  }));

Deno.test("forkRun() begins a run with the state of a visit, and leaves the first run as it is", () =>
  onStage({ replies: [calls(finishAsk), readStep] }, async (stage) => {
    await stage.drive();
    const { dataDir, folder } = stage.run;
    const before = await Deno.readTextFile(folder.logPath);
    const fork = forkRun({ dataDir, folder, nodeId: "ask-wish", allowAll: false });
    const record = readRecord(fork);
    assert.equal(record.forkedFrom?.runId, stage.run.record.runId);
    assert.notEqual(record.runId, stage.run.record.runId);
    const state = await Deno.readTextFile(stateDocumentPath(fork, record.workflowId));
    assert.match(state, new RegExp(`runId: .*${record.runId}`));
    assert.match(state, /stepsCompleted: \[\]/);
    assert.equal(await Deno.readTextFile(folder.logPath), before);
    assert.throws(() => forkRun({ dataDir, folder, nodeId: "nowhere", allowAll: false }), {
      code: "USAGE",
      message: /It was at: ask-wish, choose/,
    });
  }));
