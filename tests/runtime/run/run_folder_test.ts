import assert from "node:assert/strict";
import { join } from "node:path";
import {
  createRunFolder,
  DEFAULT_RUN_OPTIONS,
  findRun,
  listRuns,
  lockRun,
  newestRunId,
  readRecord,
  type RunRecord,
  saveRecord,
  sha256Of,
  storeBlob,
} from "../../../runtime/run/run_folder.ts";

const OLD = "20261119-101010-aaaaaa";
const NEW = "20261120-101010-bbbbbb";

function record(runId: string): RunRecord {
  return {
    formatVersion: 1,
    runId,
    projectDir: "/project",
    package: { name: "p", version: "1.0.0", hash: "h" },
    workflowId: "main",
    connection: { provider: "simulate", model: "simulation" },
    options: DEFAULT_RUN_OPTIONS,
    startedAt: "2026-11-20T10:10:10.000Z",
    updatedAt: "2026-11-20T10:10:10.000Z",
    phase: "idle",
  };
}

async function inDataFolder(work: (dataDir: string) => void): Promise<void> {
  const dataDir = await Deno.makeTempDir();
  try {
    for (const runId of [OLD, NEW]) {
      saveRecord(createRunFolder(dataDir, record(runId)), record(runId));
    }
    work(dataDir);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

Deno.test("findRun() takes an id, an unambiguous beginning or end of it, and last", () =>
  inDataFolder((dataDir) => {
    const rows: [wanted: string, found: string][] = [
      [OLD, OLD],
      ["20261119", OLD],
      ["aaaaaa", OLD],
      ["20261120-1", NEW],
      ["last", NEW],
    ];
    for (const [wanted, found] of rows) {
      assert.match(findRun(dataDir, wanted).dir, new RegExp(found));
    }
  }));

Deno.test("findRun() refuses what fits none or several, and never looks outside the runs", () =>
  inDataFolder((dataDir) => {
    const rows: [wanted: string, message: RegExp][] = [
      ["2026", /"2026" fits 2 runs: 20261120-101010-bbbbbb, 20261119/],
      ["nothing", /No run "nothing"/],
      ["../runs", /No run "\.\.\/runs"/],
      ["..", /No run "\.\."/],
      ["", /fits 2 runs/],
    ];
    for (const [wanted, message] of rows) {
      assert.throws(() => findRun(dataDir, wanted), { code: "RUN_NOT_FOUND", message });
    }
  }));

Deno.test("newestRunId() sorts behind every run there is, also if the clock was set back", () =>
  inDataFolder((dataDir) => {
    for (const now of ["2001-01-01T00:00:00Z", "2026-11-20T10:10:10Z", "2027-01-01T00:00:00Z"]) {
      assert.ok(newestRunId(dataDir, new Date(now)) > NEW, now);
    }
    Deno.mkdirSync(join(dataDir, "runs", "99999999-999999-zzzz"));
    Deno.writeTextFileSync(join(dataDir, "runs", "99999999-999999-zzzz", "run.json"), "{}");
    assert.match(newestRunId(dataDir, new Date("2027-01-01T00:00:00Z")), /^20270101-/);
  }));

Deno.test("listRuns() lists the newest first and leaves out folders that are no runs", () =>
  inDataFolder((dataDir) => {
    Deno.mkdirSync(join(dataDir, "runs", "20261121-101010-cccccc"));
    assert.match(findRun(dataDir, "last").dir, new RegExp(NEW));
    Deno.mkdirSync(join(dataDir, "runs", "notes"));
    assert.deepEqual(listRuns(dataDir).map(({ runId }) => runId), [NEW, OLD]);
    assert.deepEqual(listRuns(join(dataDir, "none")), []);
  }));

Deno.test("readRecord() tells a damaged record from a missing run", () =>
  inDataFolder((dataDir) => {
    const folder = findRun(dataDir, NEW);
    Deno.writeTextFileSync(folder.recordPath, '{"runId": ');
    assert.throws(() => readRecord(folder), { code: "RUN_FOLDER_DAMAGED" });
    Deno.removeSync(folder.recordPath);
    assert.throws(() => readRecord(folder), { code: "RUN_NOT_FOUND" });
  }));

Deno.test("lockRun() lets one driver in and says who it is", () =>
  inDataFolder((dataDir) => {
    const folder = findRun(dataDir, NEW);
    const first = lockRun(folder);
    assert.throws(() => lockRun(folder), {
      code: "RUN_BUSY",
      message: new RegExp(`pid ${Deno.pid}`),
    });
    first.close();
    lockRun(folder).close();
  }));

Deno.test("storeBlob() names bytes by their SHA-256 and stores them once", () =>
  inDataFolder((dataDir) => {
    const folder = findRun(dataDir, NEW);
    const bytes = new TextEncoder().encode("before");
    assert.equal(storeBlob(folder, bytes), sha256Of("before"));
    assert.equal(storeBlob(folder, bytes), sha256Of(bytes));
    assert.deepEqual([...Deno.readDirSync(folder.blobsDir)].map(({ name }) => name), [
      sha256Of("before"),
    ]);
  }));
