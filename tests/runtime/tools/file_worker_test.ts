import { deepEqual, equal, match, ok } from "node:assert/strict";
import { FileWorker } from "../../../runtime/tools/file_worker.ts";
import type { Place } from "../../../runtime/tools/mounts.ts";
import { PATIENCE_MS } from "../../patience.ts";

/** A diff that takes minutes to be found wanting: it fits almost everywhere, and nowhere. */
const HANGING = {
  text: "a\n".repeat(400_000),
  patch: `@@ -1,1 +1,1 @@\n${" a\n".repeat(40_000)}-b\n`,
  name: "x",
};

const FILE: Place = { mount: "project", parts: ["a.md"] };
const never = () => new AbortController().signal;

async function withWorker(
  use: (files: FileWorker, project: string) => Promise<void>,
): Promise<void> {
  const project = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-worker-" }));
  const files = new FileWorker({ project, pkg: project, hidden: [], confined: true });
  await Deno.writeTextFile(`${project}/a.md`, "text");
  await use(files, project).finally(() => files.close());
  await Deno.remove(project, { recursive: true });
}

Deno.test("FileWorker.run() answers E_TOOL_TIMEOUT for a hung worker and goes on with a new one", async () => {
  await withWorker(async (files) => {
    const started = performance.now();
    const hung = await files.run("patch", HANGING, { timeoutMs: 200, signal: never() });
    ok(!hung.ok);
    equal(hung.error.code, "E_TOOL_TIMEOUT");
    match(hung.error.message, /longer than 0\.2 s/);
    ok(performance.now() - started < PATIENCE_MS);
    const next = await files.run("stat", { place: FILE }, { timeoutMs: 60_000, signal: never() });
    deepEqual(next, { ok: true, value: { kind: "file", bytes: 4, realName: "@project/a.md" } });
  });
});

Deno.test("FileWorker.run() answers E_INTERRUPTED when it is aborted, and goes on with a new worker", async () => {
  await withWorker(async (files) => {
    const { signal } = { signal: AbortSignal.timeout(100) };
    const stopped = await files.run("patch", HANGING, { timeoutMs: 60_000, signal });
    ok(!stopped.ok);
    equal(stopped.error.code, "E_INTERRUPTED");
    ok((await files.run("stat", { place: FILE }, { timeoutMs: 60_000, signal: never() })).ok);
  });
});

Deno.test("FileWorker.run() does not begin after an abort", async () => {
  await withWorker(async (files) => {
    const limits = { timeoutMs: 1000, signal: AbortSignal.abort() };
    const refused = await files.run("stat", { place: FILE }, limits);
    ok(!refused.ok);
    equal(refused.error.code, "E_INTERRUPTED");
  });
});

Deno.test("FileWorker.run() finishes a write that is aborted on its way", async () => {
  await withWorker(async (files, project) => {
    const abort = new AbortController();
    const bytes = new Uint8Array(20_000_000).fill(97);
    const place: Place = { mount: "project", parts: ["new.md"] };
    const request = { place, bytes, sha256Before: null };
    const writing = files.run("replace", request, { timeoutMs: 60_000, signal: abort.signal });
    abort.abort();
    ok((await writing).ok);
    equal((await Deno.stat(`${project}/new.md`)).size, 20_000_000);
  });
});

Deno.test("FileWorker.run() keeps requests apart that overlap", async () => {
  await withWorker(async (files) => {
    const limits = { timeoutMs: 60_000, signal: never() };
    const missing: Place = { mount: "project", parts: ["none.md"] };
    const answers = await Promise.all([
      files.run("stat", { place: FILE }, limits),
      files.run("stat", { place: missing }, limits),
      files.run("diff", { name: "x", before: null, after: new Uint8Array([97, 10]) }, limits),
    ]);
    deepEqual(answers, [
      { ok: true, value: { kind: "file", bytes: 4, realName: "@project/a.md" } },
      { ok: true, value: null },
      { ok: true, value: "--- (new file)\n+++ x\n@@ -0,0 +1,1 @@\n+a\n" },
    ]);
  });
});
