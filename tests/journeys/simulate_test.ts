import assert from "node:assert/strict";
import { join } from "node:path";
import { type Texts, writeTexts } from "../runtime/package/sample_package.ts";
import { packageOf } from "../runtime/run/walk/graphs.ts";
import { journey, runBinary, startBinary } from "./binary.ts";

/** Runs `simulate` with a temporary folder of its own, and fails if anything is left in it. */
async function simulate(args: readonly string[]) {
  const temporary = await Deno.makeTempDir({ prefix: "crewagent-journey-" });
  try {
    const result = await runBinary(["simulate", ...args], { env: { TMPDIR: temporary } });
    assert.deepEqual(foldersOfWalks(temporary), []);
    return result;
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

function foldersOfWalks(temporary: string): string[] {
  return [...Deno.readDirSync(temporary)].map(({ name }) => name)
    .filter((name) => name.startsWith("crewagent-simulate-"));
}

async function simulateTexts(texts: Texts, args: readonly string[] = []) {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-journey-" });
  try {
    await writeTexts(join(dir, "pkg"), texts);
    return await simulate([join(dir, "pkg"), ...args]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A random walk may enter the loop; no walk comes to `lost`. */
const LOOP = packageOf({
  main: [{ start: "decision", round: "step", end: "end", lost: "step" }, [
    ["start", "end", "out", { isDefault: true }],
    ["start", "round"],
    ["round", "round"],
    ["lost", "end"],
  ]],
});

journey("crewagent simulate --help says what it walks and what its exit codes mean", async () => {
  const { exitCode, stdout } = await simulate(["--help"]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^Usage: crewagent simulate PACKAGE/);
  for (const word of ["--walk random", "--seed N", "--runs N", "--json", "Exit codes"]) {
    assert.ok(stdout.includes(word), word);
  }
});

for (
  const name of ["create-story", "review-loop", "hello-branch", "two-workflows", "plain-letter"]
) {
  journey(`crewagent simulate takes every edge of examples/${name}`, async () => {
    const { exitCode, stdout, stderr } = await simulate([`examples/${name}`]);
    assert.equal(exitCode, 0, stdout + stderr);
    assert.equal(stderr, "");
    assert.doesNotMatch(stdout, /never/);
    for (const [, taken, total] of stdout.matchAll(/edges taken (\d+) of (\d+)/g)) {
      assert.equal(taken, total);
    }
    assert.match(stdout, new RegExp(`^${name} \\d.*: every workflow can complete`, "m"));
  });
}

journey("crewagent simulate --json prints the same report as data, twice the same", async () => {
  const args = [
    "examples/hello-branch",
    "--walk",
    "random",
    "--runs",
    "3",
    "--seed",
    "9",
    "--json",
  ];
  const [first, second] = [await simulate(args), await simulate(args)];
  assert.equal(first.exitCode, 0, first.stderr);
  assert.equal(first.stdout, second.stdout);
  const report = JSON.parse(first.stdout);
  assert.deepEqual([report.ok, report.walk, report.seed], [true, "random", 9]);
  assert.equal(report.workflows[0].walks, 3);
});

journey("crewagent simulate warns of what is never reached and ends with 0", async () => {
  const { exitCode, stdout } = await simulateTexts(LOOP);
  assert.equal(exitCode, 0, stdout);
  assert.match(stdout, /^main: 1 walk, nodes reached 2 of 4, edges taken 1 of 4$/m);
  assert.match(stdout, /Nodes never reached\n {4}round\n {4}lost\n/);
  assert.match(stdout, /start → round \(round\): no end can be reached from there\n/);
  assert.match(stdout, /lost → end \(end\): "lost" cannot be reached\n/);
  assert.match(stdout, /Loops without exit\n {4}round\n/);
});

journey("crewagent simulate ends with 1 when a random walk does not come to an end", async () => {
  const { exitCode, stdout } = await simulateTexts(LOOP, ["--walk", "random", "--runs", "8"]);
  assert.equal(exitCode, 1, stdout);
  assert.match(stdout, /Walks that did not complete\n {4}walk \d at round: It does not come to/);
  assert.match(stdout, /walked 1\.0\.0: \d walks? did not complete, seed 1\n$/);
});

journey("crewagent simulate ends with 1 when a workflow cannot complete", async () => {
  const { exitCode, stdout } = await simulateTexts(packageOf({
    main: [{ a: "step", call: "call:child", end: "end" }, [["a", "call"], ["call", "end"]]],
    child: [{ b: "step" }, []],
  }));
  assert.equal(exitCode, 1, stdout);
  assert.match(stdout, /^main: cannot complete, not walked\n/);
  assert.match(stdout, /Dead ends\n {4}call: the workflow "child" cannot complete\n/);
  assert.match(stdout, /Dead ends\n {4}b: no edge leaves it, and it is no end node\n/);
  assert.match(stdout, /walked 1\.0\.0: cannot complete: main, child\n$/);
});

journey("crewagent simulate ends with 3 for a package with an error in its files", async () => {
  const { "workflows/main/end.md": _, ...texts } = LOOP;
  const { exitCode, stdout } = await simulateTexts(texts);
  assert.equal(exitCode, 3, stdout);
  assert.match(
    stdout,
    /Not walked: workflows\/main\/workflow\.graph\.json: .*"workflows\/main\/end/,
  );
  const broken = await simulateTexts({ "bmad.json": "{" });
  assert.equal(broken.exitCode, 3);
  assert.match(broken.stderr, /PKG_INVALID: The package cannot be walked: bmad\.json: /);
});

journey("crewagent simulate ends with 2 for options that it does not understand", async () => {
  const rows: [string[], RegExp][] = [
    [[], /PACKAGE is missing/],
    [["a", "b"], /"b" is one argument too many/],
    [["a", "--walk", "some"], /--walk takes "all" or "random", not "some"/],
    [["a", "--seed", "1"], /--seed is for --walk random/],
    [["a", "--runs", "1"], /--runs is for --walk random/],
    [["a", "--walk", "random", "--runs", "0"], /--runs takes a whole number from 1 to 9999/],
    [["a", "--walk", "random", "--seed", "4294967296"], /--seed takes a whole number from 0 to/],
    [["a", "--walk", "random", "--seed", "x"], /--seed takes a whole number.*not "x"/],
  ];
  for (const [args, message] of rows) {
    const { exitCode, stderr } = await simulate(args);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, message);
  }
});

journey(
  "crewagent simulate tidies up when it is stopped in the middle, and ends with 130",
  async () => {
    const temporary = await Deno.makeTempDir({ prefix: "crewagent-journey-" });
    try {
      const args = ["simulate", "examples/review-loop", "--walk", "random", "--runs", "9999"];
      const started = await startBinary(args, { env: { TMPDIR: temporary } });
      while (foldersOfWalks(temporary).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      started.process.kill("SIGINT");
      const { exitCode, stdout, stderr } = await started.finished();
      assert.equal(exitCode, 130, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, /ENGINE_ABORTED: The simulation was stopped/);
      assert.deepEqual(foldersOfWalks(temporary), []);
    } finally {
      await Deno.remove(temporary, { recursive: true });
    }
  },
);
