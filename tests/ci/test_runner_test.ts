import { deepEqual, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RUNNER = fileURLToPath(new URL("../../.ci/test.ts", import.meta.url));
const PASSES = 'Deno.test("passes", () => {});';
const FAILS = 'Deno.test("fails", () => { throw new Error("as it should"); });';
const SKIPS = 'Deno.test.ignore("is skipped", () => {});';

interface Told {
  readonly code: number;
  readonly said: string;
  readonly last: string;
}

/** Runs the tests of a folder with these files, one process for each. */
async function runTests(files: Readonly<Record<string, string>>): Promise<Told> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-runner-" });
  try {
    for (const [name, code] of Object.entries(files)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, name), code);
    }
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-RE", "--allow-run", "--allow-sys", RUNNER, "--files=1", folder],
      stderr: "null",
    }).output();
    const said = new TextDecoder().decode(stdout);
    return { code, said, last: said.trim().split("\n").at(-1) ?? "" };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the test runner adds up what its processes counted", async () => {
  const { code, last } = await runTests({
    "a_test.ts": PASSES + SKIPS,
    "below/b_test.ts": PASSES,
    "below/no_test_at_all.ts": FAILS,
  });
  deepEqual(code, 0);
  match(last, /^ok \| 2 passed \| 0 failed \| 1 ignored \(\d+s\)$/);
});

Deno.test("the test runner fails with one test, tells why, and runs the others", async () => {
  const { code, said, last } = await runTests({
    "a_test.ts": FAILS,
    "b_test.ts": PASSES,
    "c_test.ts": PASSES,
  });
  deepEqual(code, 1);
  match(said, /error: Error: as it should/);
  match(said, /^FAILED: .*a_test\.ts$/m);
  match(last, /^FAILED \| 2 passed \| 1 failed/);
});

Deno.test("the test runner fails with a process that ends without counting", async () => {
  for (const code of ["Deno.exit(0);", "nonsense;", "Deno.kill(Deno.pid, 'SIGKILL');"]) {
    const told = await runTests({ "a_test.ts": code, "b_test.ts": PASSES });
    deepEqual(told.code, 1, code);
    match(told.last, /^FAILED \| 1 passed/);
  }
});

Deno.test("the test runner fails where there is no test", async () => {
  const { code, last } = await runTests({ "no_test_at_all.ts": PASSES });
  deepEqual(code, 1);
  match(last, /^FAILED \| 0 passed/);
});
