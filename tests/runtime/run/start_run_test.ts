import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { packPackage } from "../../../runtime/package/pack.ts";
import { unpackPackage } from "../../../runtime/package/unpack.ts";
import { stateDocumentPath } from "../../../runtime/run/active_workflow.ts";
import { DEFAULT_RUN_OPTIONS, listRuns } from "../../../runtime/run/run_folder.ts";
import { openRun, type StartRequest, startRun } from "../../../runtime/run/start_run.ts";
import { readState } from "../../../runtime/state/read_state.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/create-story", import.meta.url));

interface Place {
  readonly dir: string;
  request(changes?: Partial<StartRequest>): StartRequest;
  /** A copy of the example whose files a test may spoil. */
  copy(): Promise<string>;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(join(dir, "project"));
  try {
    await work({
      dir,
      request: (changes = {}) => ({
        source: EXAMPLE,
        projectDir: join(dir, "project"),
        dataDir: join(dir, "data"),
        connection: { provider: "simulate", model: "simulation" },
        options: DEFAULT_RUN_OPTIONS,
        ...changes,
      }),
      async copy() {
        const file = join(dir, "copy.bmad");
        await packPackage(EXAMPLE, { output: file });
        await unpackPackage(file, join(dir, "copy"));
        return join(dir, "copy");
      },
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("startRun() makes a run with the package's state, its id and the project's name", () =>
  inPlace(async ({ request, dir }) => {
    const run = await startRun(request());
    const read = readState(await Deno.readTextFile(stateDocumentPath(run.folder, "create-story")));
    assert.ok(read.ok);
    assert.equal(read.state.runId, run.record.runId);
    assert.equal(read.state.project_name, "project");
    assert.deepEqual(read.state.stepsCompleted, []);
    assert.equal(run.record.phase, "idle");
    assert.deepEqual(listRuns(join(dir, "data")).map(({ runId }) => runId), [run.record.runId]);
  }));

Deno.test("startRun() takes a .bmad file and installs it under the same hash as its folder", () =>
  inPlace(async ({ request, dir }) => {
    const file = join(dir, "story.bmad");
    await packPackage(EXAMPLE, { output: file });
    const fromFile = await startRun(request({ source: file }));
    const fromFolder = await startRun(request());
    assert.equal(fromFile.record.package.hash, fromFolder.record.package.hash);
    assert.equal(fromFile.packageDir, fromFolder.packageDir);
  }));

Deno.test("startRun() blocks before anything is made where the package cannot run", () =>
  inPlace(async ({ request, copy, dir }) => {
    const source = await copy();
    const rows: [file: string, from: string, to: string, message: RegExp][] = [
      ["agents.json", '"id": "story-writer"', '"id": "someone"', /story-writer/],
      [
        "workflows/create-story/steps/summary.md",
        "nodeId: summary",
        "nodeId: other",
        /summary\.md/,
      ],
      [
        "workflows/create-story/workflow.graph.json",
        '"to": "summary"',
        '"to": "nowhere"',
        /nowhere/,
      ],
      ["bmad.json", '"version"', '"vversion"', /bmad\.json/],
    ];
    for (const [file, from, to, message] of rows) {
      const path = join(source, file);
      const good = await Deno.readTextFile(path);
      assert.ok(good.includes(from), `${file} holds ${from}`);
      await Deno.writeTextFile(path, good.replace(from, to));
      await assert.rejects(startRun(request({ source })), { code: "PKG_INVALID", message });
      await Deno.writeTextFile(path, good);
    }
    await Deno.remove(join(source, "workflows/create-story/steps/summary.md"));
    await assert.rejects(startRun(request({ source })), {
      code: "PKG_INVALID",
      message: /summary\.md/,
    });
    assert.deepEqual(listRuns(join(dir, "data")), []);
  }));

Deno.test("startRun() says what would be right for a wrong workflow, agent or project", () =>
  inPlace(async ({ request, dir }) => {
    await Deno.writeTextFile(join(dir, "file"), "");
    const rows: [changes: Partial<StartRequest>, error: { code: string; message: RegExp }][] = [
      [{ workflowId: "x" }, {
        code: "ENGINE_PRECONDITION",
        message: /no workflow "x".*create-story/,
      }],
      [{ agentId: "x" }, { code: "ENGINE_PRECONDITION", message: /no agent "x".*story-writer/ }],
      [{ projectDir: join(dir, "none") }, {
        code: "PROJECT_NOT_FOUND",
        message: /cannot be opened/,
      }],
      [{ projectDir: join(dir, "file") }, { code: "PROJECT_NOT_FOUND", message: /is a file/ }],
      [{ source: join(dir, "none") }, { code: "PKG_NOT_FOUND", message: /none/ }],
    ];
    for (const [changes, error] of rows) await assert.rejects(startRun(request(changes)), error);
  }));

Deno.test("openRun() refuses a completed run and one whose project has gone", () =>
  inPlace(async ({ request, dir }) => {
    const run = await startRun(request());
    await Deno.rename(join(dir, "project"), join(dir, "moved"));
    const open = () => openRun(join(dir, "data"), run.folder, { allowAll: false });
    await assert.rejects(open(), { code: "PROJECT_NOT_FOUND" });
    const done = JSON.stringify({ ...run.record, phase: "completed" });
    await Deno.writeTextFile(run.folder.recordPath, done);
    await assert.rejects(open(), { code: "RUN_PHASE", message: /is completed/ });
  }));
