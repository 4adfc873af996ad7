import assert from "node:assert/strict";
import { join } from "node:path";
import { connectionFromEnvironment, simulatedConnection } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS } from "../../../runtime/run/run_folder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import { startRun } from "../../../runtime/run/start_run.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { formAPackage, stepText, type Texts, writeTexts } from "../package/sample_package.ts";

const CHECKS = `outputs: [artifacts/story.md]
setsVariables: [score]
checks:
  - output: artifacts/story.md
    headings: [Goal]
    notMatches: TODO
  - variable: score
    range: {min: 0, max: 10}`;

/** One step with checks, then the end. */
function storyPackage(checks = CHECKS): Texts {
  const step = stepText("one", "step").replace('"1.1"', '"1.2"');
  return { ...formAPackage(), "steps/one.md": step.replace("type: step", `type: step\n${checks}`) };
}

interface Stage {
  readonly dir: string;
  readonly source: string;
  readonly project: string;
}

async function onStage(texts: Texts, work: (stage: Stage) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  const stage = { dir, source: join(dir, "package"), project: join(dir, "project") };
  await Deno.mkdir(stage.project);
  await writeTexts(stage.source, texts);
  try {
    await work(stage);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function write(content: string): Reply {
  const args = { path: "@project/artifacts/story.md", content };
  return { toolCalls: [{ name: "fs_write", arguments: args }] };
}

function finish(nodeId: string, more: Record<string, unknown> = {}): Reply {
  return { toolCalls: [{ name: "state_complete_node", arguments: { nodeId, ...more } }] };
}

function resultsOf(log: readonly RunEvent[]): unknown[] {
  return log.flatMap((event) => event.type === "tool_result" ? [event.result] : []);
}

Deno.test("executeRun() refuses a story that fails its checks; the model mends it and goes on", () =>
  onStage(storyPackage(), async ({ dir, source, project }) => {
    await using server = startModelServer({
      replies: [
        write("# Story\n\nTODO\n"),
        finish("one", { next: "two", variables: { score: 12 } }),
        write("# Story\n\n## Goal\n\nRest.\n"),
        finish("one", { next: "two", variables: { score: 8 } }),
        finish("two"),
      ],
    });
    const run = await startRun({
      source,
      projectDir: project,
      dataDir: join(dir, "data"),
      connection: { provider: "openai", model: "test-model", baseUrl: server.baseUrl },
      options: DEFAULT_RUN_OPTIONS,
    });
    const connection = connectionFromEnvironment(
      { model: "test-model", baseUrl: server.baseUrl },
      {},
    );
    const { phase } = await executeRun(run, {
      llm: openLlm({ ...connection, maxRetries: 0 }),
      person: nobody,
      listener: () => {},
      signal: new AbortController().signal,
    });

    const log = readRunLog(run.folder.logPath);
    assert.equal(phase, "completed");
    const refusal = JSON.stringify(resultsOf(log)[1]);
    assert.match(refusal, /E_STEP_INCOMPLETE/);
    assert.match(refusal, /lacks the heading \\"Goal\\"; its headings are \\"Story\\"/);
    assert.match(refusal, /line 3 does: \\"TODO\\"/);
    assert.match(refusal, /variable \\"score\\" is 12, but has to be a number from 0 to 10/);
    assert.equal(log.filter(({ type }) => type === "state_rejected").length, 1);
    const told = JSON.stringify(server.requests[2]?.body);
    assert.match(told, /lacks the heading/, "the model reads why");
    const brief = JSON.stringify(server.requests[0]?.body);
    assert.match(brief, /Finishing is refused until every line of checks holds/);
    assert.match(brief, /@project\/artifacts\/story\.md: exists; has the headings/);
    assert.doesNotMatch(JSON.stringify(server.requests.at(-1)?.body), /every line of checks/);
  }));

Deno.test("executeRun() only warns of failed checks in a simulation, which writes placeholders", () =>
  onStage(storyPackage(), async ({ dir, source, project }) => {
    const connection = simulatedConnection();
    const run = await startRun({
      source,
      projectDir: project,
      dataDir: join(dir, "data"),
      connection: { provider: connection.provider, model: connection.model },
      options: { ...DEFAULT_RUN_OPTIONS, allowAll: true },
    });
    const { phase } = await executeRun(run, {
      llm: openLlm(connection),
      person: nobody,
      listener: () => {},
      signal: new AbortController().signal,
    });

    assert.equal(phase, "completed");
    const warned = JSON.stringify(resultsOf(readRunLog(run.folder.logPath)));
    assert.match(warned, /"warnings":\[".*lacks the heading/);
  }));

Deno.test("startRun() refuses a package with a check that cannot be made", () =>
  onStage(storyPackage("checks: [{variable: a, matches: '['}]"), async (stage) => {
    await assert.rejects(
      startRun({
        source: stage.source,
        projectDir: stage.project,
        dataDir: join(stage.dir, "data"),
        connection: { provider: "openai", model: "m" },
        options: DEFAULT_RUN_OPTIONS,
      }),
      { code: "PKG_INVALID", message: /The pattern "\[" is no regular expression/ },
    );
  }));
