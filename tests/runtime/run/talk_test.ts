import assert from "node:assert/strict";
import { join } from "node:path";
import { connectionFromEnvironment } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { loadCheckedFiles } from "../../../runtime/package/load_checked.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody, type Person } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import type { RunOutcome } from "../../../runtime/run/session.ts";
import {
  type OpenRequest,
  type OpenRun,
  openRun,
  startLoadedRun,
  type StartRequest,
} from "../../../runtime/run/start_run.ts";
import { addWords, wordsLeft } from "../../../runtime/run/waiting_words.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { validate } from "../../../schemas/validate.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { talkPackage } from "../../talk_package.ts";

interface Stage {
  readonly project: string;
  readonly server: ModelServer;
  start(request: Partial<StartRequest>): Promise<OpenRun>;
  drive(run: OpenRun, person?: Partial<Person>): Promise<RunOutcome>;
  /** Takes the run up again and drives it. */
  goOn(run: OpenRun, request?: Partial<OpenRequest>): Promise<RunOutcome>;
  log(run: OpenRun): RunEvent[];
  /** Roles and texts of a request, from the first. */
  request(index: number): { role: string; content: string }[];
  offered(index: number): string[];
}

async function onStage(
  replies: readonly Reply[],
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-talk-" });
  const [project, dataDir] = [join(dir, "project"), join(dir, "data")];
  await Deno.mkdir(project);
  await using server = startModelServer({ replies });
  const model = { model: "m", baseUrl: server.baseUrl };
  const loaded = loadCheckedFiles(await talkPackage(), "talk");
  const drive = (run: OpenRun, person: Partial<Person> = {}) =>
    executeRun(run, {
      llm: openLlm({ ...connectionFromEnvironment(model, {}), maxRetries: 0 }),
      person: { ...nobody, ...person },
      listener: () => {},
      signal: new AbortController().signal,
    });
  try {
    await work({
      project,
      server,
      drive,
      start: (request) =>
        startLoadedRun(loaded, {
          projectDir: project,
          dataDir,
          connection: { provider: "openai", ...model },
          options: DEFAULT_RUN_OPTIONS,
          ...request,
        }),
      goOn: async (run, request = {}) =>
        await drive(await openRun(dataDir, run.folder, { allowAll: false, ...request })),
      log: (run) => readRunLog(run.folder.logPath),
      request: (index) => server.requests[index]?.body.messages as never,
      offered: (index) => toolNames(server.requests[index]?.body.tools),
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function toolNames(tools: unknown): string[] {
  return (tools as { function: { name: string } }[] ?? []).map((tool) => tool.function.name).sort();
}

const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});
const agentId = "host";
const DONE = call("state_complete_node", { nodeId: "script" });

Deno.test("A chat without words waits for them and asks no model", () =>
  onStage([], async ({ start, drive, server, log }) => {
    const run = await start({ entry: "chat" });
    const outcome = await drive(run);
    assert.deepEqual([outcome.phase, outcome.code], ["waiting", "CHAT"]);
    assert.equal(server.requests.length, 0);
    const started = log(run)[0];
    assert.equal(started?.type === "run_started" && started.runType, "chat");
  }));

Deno.test("A chat tells the persona and the words as they are, and goes on until a person ends it", () =>
  onStage([{ text: "Hello!" }, { text: "A moon." }], async (stage) => {
    const run = await stage.start({ entry: "chat", input: "Who are you?" });
    assert.equal((await stage.drive(run)).code, "CHAT");
    assert.equal((await stage.goOn(run, { advice: "What is Io?" })).code, "CHAT");
    const said = stage.request(1).filter(({ role }) => role !== "system");
    assert.deepEqual(said.map(({ content }) => content), ["Who are you?", "Hello!", "What is Io?"]);
    assert.match(JSON.stringify(stage.request(1)), /\\"runType\\": \\"chat\\"/);
    assert.equal(stage.request(1).filter(({ role }) => role === "system").length, 1);
    assert.equal((await stage.goOn(run, { endsTalk: true })).phase, "completed");
    assert.equal(stage.server.requests.length, 2);
    await assert.rejects(stage.goOn(run), { code: "RUN_PHASE" });
    for (const event of stage.log(run)) assert.deepEqual(validate("run_event", event), []);
  }));

Deno.test("A chat offers tools that read, and refuses to know any other", () =>
  onStage([
    call("fs_read", { path: "@project/a.md" }),
    call("fs_write", { path: "@project/a.md", content: "spoiled" }),
    { text: "It says hello." },
  ], async (stage) => {
    await Deno.writeTextFile(join(stage.project, "a.md"), "hello");
    const run = await stage.start({ entry: "chat", input: "What does a.md say?" });
    assert.equal((await stage.drive(run)).code, "CHAT");
    assert.deepEqual(stage.offered(0), ["fs_list", "fs_read", "fs_search"]);
    assert.match(JSON.stringify(stage.request(1)), /hello/);
    assert.match(JSON.stringify(stage.request(2)), /E_TOOL_UNKNOWN/);
    assert.equal(await Deno.readTextFile(join(stage.project, "a.md")), "hello");
  }));

Deno.test("A chat that was killed in the middle of an answer asks for it again, with the same words", () =>
  onStage([{ mood: "status", status: 500 }, { text: "Here I am." }], async (stage) => {
    const run = await stage.start({ entry: "chat", input: "Are you there?" });
    assert.equal((await stage.drive(run)).phase, "failed");
    assert.equal((await stage.goOn(run)).code, "CHAT");
    const said = stage.request(1).filter(({ role }) => role !== "system");
    assert.deepEqual(said.map(({ content }) => content), ["Are you there?"]);
    assert.equal((await stage.goOn(run)).code, "CHAT");
    assert.equal(stage.server.requests.length, 2);
  }));

Deno.test("Words that wait for a run are read once, in order, whoever drives it", () =>
  onStage([{ text: "One." }, { text: "Two." }], async (stage) => {
    const run = await stage.start({ entry: "chat" });
    await stage.drive(run);
    addWords(run.folder, "First");
    await Deno.writeTextFile(join(run.folder.dir, "words.jsonl"), '{"inputId":"x","te', {
      append: true,
    });
    addWords(run.folder, "Second");
    assert.deepEqual(wordsLeft(run.folder, stage.log(run)).map(({ text }) => text), [
      "First",
      "Second",
    ]);
    await stage.goOn(run);
    assert.deepEqual(wordsLeft(run.folder, stage.log(run)), []);
    await stage.goOn(run);
    const said = stage.request(0).filter(({ role }) => role === "user");
    assert.deepEqual(said.map(({ content }) => content), ["First\n\nSecond"]);
    assert.equal(stage.server.requests.length, 1);
  }));

Deno.test("Words reach a workflow that goes on, before its next request", () =>
  onStage([call("fs_list", { path: "@project" }), { text: "Hm." }, { text: "Hm!" }], async (
    stage,
  ) => {
    const run = await stage.start({ workflowId: "main" });
    addWords(run.folder, "Use short words");
    assert.equal((await stage.drive(run)).code, "ENGINE_IDLE");
    assert.match(JSON.stringify(stage.request(0)), /USER_INPUT.*Use short words/);
  }));

Deno.test("A menu item begins what it names, with the agent's own tools", () =>
  onStage([], async ({ start, project }) => {
    await Deno.writeTextFile(join(project, "moons.csv"), "name\nIo\nEuropa\n");
    const rows: [input: string, workflowId: string, talk: unknown][] = [
      ["1", "main", undefined],
      ["*haiku", "@script", {
        runType: "script",
        title: "haiku.md",
        file: "@pkg/assets/haiku.md",
        text: "# Haiku\n\nWrite one haiku about the moon.\n",
      }],
      ["ex", "@script", {
        runType: "script",
        title: "explain",
        text: "Explain the tour in one sentence.",
      }],
      ["list", "@script", {
        runType: "script",
        title: "List the files of @project",
        text: "List the files of @project",
      }],
      ["How are you today?", "@chat", { runType: "chat" }],
    ];
    for (const [input, workflowId, talk] of rows) {
      const { record } = await start({ agentId, input });
      assert.deepEqual([record.workflowId, record.talk], [workflowId, talk], input);
    }
    const { record } = await start({ agentId, input: "moons" });
    assert.deepEqual(record.data, {
      path: "@project/moons.csv",
      format: "csv",
      bytes: 15,
      preview: "name\nIo\nEuropa\n",
      truncated: false,
    });
  }));

Deno.test("A menu item that starts nothing says why, and makes no run", () =>
  onStage([], async ({ start, project }) => {
    const rows: [input: string, code: string, message: RegExp][] = [
      ["", "MENU_UNCLEAR", /Choose from the menu.*1\. \[T\] Take the tour/],
      ["99", "MENU_UNCLEAR", /Choose a number from 1 to 10/],
      ["write", "MENU_UNCLEAR", /Which of these do you mean\?; 9\. Write the plan; 10\./],
      ["checked", "ENGINE_PRECONDITION", /needed\.md/],
      ["moons", "ENGINE_PRECONDITION", /data file "\{project-root\}\/moons\.csv"/],
      ["again", "MENU_BUILTIN", /crewagent resume last/],
      ["bye", "MENU_BUILTIN", /dismissed/],
    ];
    for (const [input, code, message] of rows) {
      await assert.rejects(start({ agentId, input }), { code, message }, input);
    }
    await Deno.writeTextFile(join(project, "needed.md"), "here");
    assert.equal((await start({ agentId, input: "checked" })).record.workflowId, "main");
    await Deno.writeFile(join(project, "moons.csv"), new Uint8Array([0xff, 0xfe, 0]));
    await assert.rejects(start({ agentId, input: "moons" }), { message: /no text in UTF-8/ });
  }));

Deno.test("A menu's data is not read through a link out of the project", () =>
  onStage([], async ({ start, project }) => {
    await Deno.writeTextFile(join(project, "..", "outside.csv"), "secret\n");
    await Deno.symlink(join(project, "..", "outside.csv"), join(project, "moons.csv"));
    await assert.rejects(start({ agentId, input: "moons" }), { code: "ENGINE_PRECONDITION" });
  }));

Deno.test("A script does its work with all tools, is reminded once and ends by the model's word", () =>
  onStage([
    call("fs_write", { path: "@project/artifacts/haiku.md", content: "moon\n" }),
    { text: "There it is." },
    DONE,
  ], async (stage) => {
    const run = await stage.start({ agentId, input: "haiku" });
    assert.equal((await stage.drive(run)).phase, "completed");
    assert.match(JSON.stringify(stage.request(0)), /SCRIPT.*Write one haiku about the moon/);
    assert.ok(stage.offered(0).includes("fs_write"));
    assert.match(stage.request(2).at(-1)?.content ?? "", /called no tool/);
    assert.equal(await Deno.readTextFile(join(stage.project, "artifacts/haiku.md")), "moon\n");
  }));

Deno.test("A script is told the data that its menu item loads", () =>
  onStage([DONE], async (stage) => {
    await Deno.writeTextFile(join(stage.project, "moons.csv"), "name\nIo\n");
    const run = await stage.start({ agentId, input: "moons" });
    assert.equal((await stage.drive(run)).phase, "completed");
    assert.match(JSON.stringify(stage.request(0)), /DATA_CONTEXT.*moons\.csv.*Io/);
  }));

Deno.test("Only a chat is ended by a person; a script goes on or stays as it is", () =>
  onStage([{ text: "Hm." }, { text: "Hm!" }], async (stage) => {
    const run = await stage.start({ agentId, input: "haiku" });
    assert.equal((await stage.drive(run)).code, "ENGINE_IDLE");
    await assert.rejects(stage.goOn(run, { endsTalk: true }), { code: "RUN_PHASE" });
  }));

Deno.test("A simulation chats and does scripts, labelled as what it is", () =>
  onStage([], async ({ start, log }) => {
    const connection = { provider: "simulate", model: "simulation" };
    const llm = openLlm({
      provider: "simulate",
      model: "simulation",
      contextWindowTokens: 32_000,
      decisions: {},
    });
    const needs = { person: nobody, listener: () => {}, signal: new AbortController().signal };
    const chat = await start({ entry: "chat", input: "Hello?", connection });
    assert.equal((await executeRun(chat, { ...needs, llm })).code, "CHAT");
    assert.match(
      JSON.stringify(log(chat)),
      /\[simulation\] Here the agent would answer: .*Hello\?/,
    );
    const script = await start({ agentId, input: "haiku", connection });
    assert.equal((await executeRun(script, { ...needs, llm })).phase, "completed");
  }));
