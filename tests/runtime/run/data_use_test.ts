import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../../runtime/commands/paths.ts";
import { installedDir, installPackage } from "../../../runtime/package/install.ts";
import { loadChecked } from "../../../runtime/package/load_checked.ts";
import { dataUse } from "../../../runtime/run/data_use.ts";
import {
  DEFAULT_RUN_OPTIONS,
  listRuns,
  lockRun,
  runFolder,
} from "../../../runtime/run/run_folder.ts";
import { type OpenRun, openRun, startRun } from "../../../runtime/run/start_run.ts";
import { emptyTrash, restoreRun, trashFolder, trashRun } from "../../../runtime/run/trash.ts";
import { removeUnusedPackages, unusedPackages } from "../../../runtime/run/unused_packages.ts";
import { inTemporaryFolder, outputOf } from "../commands/output.ts";

const [HELLO, STORY] = ["hello-branch", "create-story"].map((name) =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url))
) as [string, string];

async function withRun(
  test: (place: { dataDir: string; run: OpenRun; runId: string }) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (dir) => {
    const [dataDir, projectDir] = [join(dir, "data"), join(dir, "project")];
    await Deno.mkdir(projectDir);
    const connection = { provider: "simulate", model: "simulation" };
    const options = DEFAULT_RUN_OPTIONS;
    const run = await startRun({ source: HELLO, projectDir, dataDir, connection, options });
    await test({ dataDir, run, runId: run.record.runId });
  });
}

/** When every copy that lies there now is old. */
const later = () => new Date(Date.now() + 2 * 60 * 60 * 1000);

Deno.test("trashRun() takes a run out of the list, and restoreRun() puts it back as it was", () =>
  withRun(({ dataDir, run, runId }) => {
    trashRun(dataDir, runId);
    assert.deepEqual(listRuns(dataDir), []);
    assert.deepEqual(listRuns(trashFolder(dataDir)), [run.record]);
    assert.throws(() => trashRun(dataDir, runId), { code: "RUN_NOT_FOUND" });
    restoreRun(dataDir, runId);
    assert.deepEqual(listRuns(dataDir), [run.record]);
    assert.throws(() => restoreRun(dataDir, runId), { code: "RUN_NOT_FOUND" });
    return Promise.resolve();
  }));

Deno.test("trashRun() leaves a run that somebody drives, and no name leads out of the folder", () =>
  withRun(({ dataDir, run, runId }) => {
    using _driver = lockRun(run.folder);
    assert.throws(() => trashRun(dataDir, runId), { code: "RUN_BUSY" });
    for (const name of ["..", `../runs/${runId}`, "", ".", `${runId}/..`]) {
      assert.throws(() => trashRun(dataDir, name), { code: "RUN_NOT_FOUND" }, name);
      assert.throws(() => restoreRun(dataDir, name), { code: "RUN_NOT_FOUND" }, name);
    }
    assert.deepEqual(listRuns(dataDir).map((record) => record.runId), [runId]);
    return Promise.resolve();
  }));

Deno.test("emptyTrash() removes what lies there, also what an emptying that was cut off has left", () =>
  withRun(async ({ dataDir, runId }) => {
    assert.deepEqual(await emptyTrash(dataDir), []);
    trashRun(dataDir, runId);
    await Deno.remove(runFolder(trashFolder(dataDir), runId).recordPath);
    assert.deepEqual(await emptyTrash(dataDir), [runId]);
    assert.deepEqual([...Deno.readDirSync(join(trashFolder(dataDir), "runs"))], []);
  }));

Deno.test("removeUnusedPackages() keeps what a run needs, in the trash or not, and what is young", () =>
  withRun(async ({ dataDir, run, runId }) => {
    const story = await loadChecked(STORY);
    await installPackage(story, dataDir);
    const { hash } = run.record.package;
    assert.deepEqual(await unusedPackages(dataDir, new Date()), []);
    assert.deepEqual((await unusedPackages(dataDir, later())).map(({ name }) => name), [
      story.hash,
    ]);
    trashRun(dataDir, runId);
    const gone = await removeUnusedPackages(dataDir, later());
    assert.deepEqual(gone.map(({ name }) => name), [story.hash]);
    assert.ok((gone[0]?.bytes ?? 0) > 1000);
    assert.deepEqual([...Deno.readDirSync(join(dataDir, "packages"))].map(({ name }) => name), [
      hash,
    ]);
    restoreRun(dataDir, runId);
    assert.equal((await openRun(dataDir, run.folder, { allowAll: false })).package.hash, hash);
    trashRun(dataDir, runId);
    await emptyTrash(dataDir);
    assert.deepEqual((await removeUnusedPackages(dataDir, later())).map(({ name }) => name), [
      hash,
    ]);
  }));

Deno.test("installPackage() makes a copy look new, so that it outlives the moment before its run", () =>
  withRun(async ({ dataDir, run, runId }) => {
    trashRun(dataDir, runId);
    await emptyTrash(dataDir);
    const dir = installedDir(dataDir, run.package.hash);
    await Deno.utime(dir, new Date(0), new Date(0));
    assert.equal((await unusedPackages(dataDir, new Date())).length, 1);
    await installPackage(run.package, dataDir);
    assert.deepEqual(await unusedPackages(dataDir, new Date()), []);
  }));

Deno.test({
  name: "removeUnusedPackages() removes nothing while a run cannot be asked what it needs",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withRun(async ({ dataDir, run }) => {
      await Deno.remove(run.folder.recordPath);
      await Deno.mkdir(run.folder.recordPath);
      await assert.rejects(removeUnusedPackages(dataDir, later()), { code: "RUN_FOLDER_DAMAGED" });
      assert.equal([...Deno.readDirSync(join(dataDir, "packages"))].length, 1);
    }),
});

Deno.test("dataUse() counts every byte once, and crewagent paths shows where it lies", () =>
  withRun(async ({ dataDir }) => {
    await Deno.writeTextFile(join(dataDir, "policy.json"), "x".repeat(1234));
    const use = await dataUse(dataDir);
    const total = use.parts.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.equal(total, use.bytes);
    assert.equal(use.parts.find(({ part }) => part === "other")?.bytes, 1234);
    assert.ok((use.parts.find(({ part }) => part === "runs")?.bytes ?? 0) > 500);
    const { out, exitCode } = await outputOf(command, ["--data", dataDir]);
    assert.equal(exitCode, 0);
    assert.match(out, /runs +[\d.]+ kB +runs with their logs: .*runs\n/);
    assert.equal(
      JSON.parse((await outputOf(command, ["--json", "--data", dataDir])).out).bytes,
      total,
    );
  }));
