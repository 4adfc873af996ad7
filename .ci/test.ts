// Runs tests in several processes at once:  .ci/test.ts [--files=N] [FLAG of `deno test`…] [PATH…]
//
//   --files=N   at most so many test files per process; 6 unless told
//   FLAG        goes to every `deno test`; the rights of the tests are such flags (deno.json)
//   PATH        files and folders with tests; `tests` but SKIPPED unless told
//
// As many processes work as the machine has processors; CREWAGENT_JOBS says another number. Not
// `deno test --parallel`: files would share one process, and with it the environment and the working
// directory, which some tests change. Types are `deno task check`'s.
//
// What a process says is printed as a whole when it ends. The last line is as `deno test` writes it.

import { availableParallelism } from "node:os";

/** What every `deno test` says at last. */
interface Sum {
  passed: number;
  steps: number;
  failed: number;
  failedSteps: number;
  ignored: number;
}

/** So many files take minutes even on a slow machine; what takes longer never ends. */
const STUCK_MS = 45 * 60_000;
const SKIPPED = ["tests/journeys", "tests/bench"];
const TEST_FILE = /_test\.tsx?$/;
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?(?: \| (\d+) ignored(?: \(\d+ steps?\))?)?.*\n?/m;

const startedAt = performance.now();
const flags = Deno.args.filter((arg) => arg.startsWith("-") && !arg.startsWith("--files="));
const paths = Deno.args.filter((arg) => !arg.startsWith("-"));
const perProcess = Number(Deno.args.find((arg) => arg.startsWith("--files="))?.slice(8) ?? 6);
const jobs = Number(Deno.env.get("CREWAGENT_JOBS") || availableParallelism());

const waiting = paths.length === 0
  ? groupsBelow("tests", SKIPPED)
  : paths.flatMap((path) => TEST_FILE.test(path) ? [[path]] : groupsBelow(path, []));
const sum: Sum = { passed: 0, steps: 0, failed: 0, failedSteps: 0, ignored: 0 };
const failures: string[] = [];

if (waiting.length === 0) failures.push("there are no tests");
await Promise.all(Array.from({ length: jobs }, work));
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`\n${sentence()}`);
Deno.exit(failures.length === 0 ? 0 : 1);

async function work(): Promise<void> {
  for (let files = waiting.shift(); files !== undefined; files = waiting.shift()) {
    await runTests(files);
  }
}

async function runTests(files: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", ...flags, ...files],
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(STUCK_MS),
  }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  console.log(said.replace(SUMMARY, "").trim());
  const found = SUMMARY.exec(said);
  if (code !== 0 || found === null) failures.push(files.join(" "));
  if (found !== null) add(found);
}

function add(found: RegExpExecArray): void {
  const [passed = 0, steps = 0, failed = 0, failedSteps = 0, ignored = 0] = found.slice(1)
    .map((number) => Number(number ?? 0));
  sum.passed += passed;
  sum.steps += steps;
  sum.failed += failed;
  sum.failedSteps += failedSteps;
  sum.ignored += ignored;
}

function sentence(): string {
  const { passed, steps, failed, failedSteps, ignored } = sum;
  const inSteps = (count: number) => count === 0 ? "" : ` (${count} steps)`;
  return [
    failures.length === 0 ? "ok" : "FAILED",
    `${passed} passed${inSteps(steps)}`,
    `${failed} failed${inSteps(failedSteps)}`,
    ...(ignored === 0 ? [] : [`${ignored} ignored`]),
  ].join(" | ") + ` (${Math.round((performance.now() - startedAt) / 1000)}s)`;
}

/** The test files below a folder, in groups that lie together. */
function groupsBelow(folder: string, skipped: readonly string[]): string[][] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  const pathOf = ({ name }: Deno.DirEntry) => `${folder}/${name}`;
  const files = entries.filter(({ isFile, name }) => isFile && TEST_FILE.test(name)).map(pathOf);
  const groups: string[][] = [];
  for (let first = 0; first < files.length; first += perProcess) {
    groups.push(files.slice(first, first + perProcess));
  }
  const folders = entries.filter(({ isDirectory }) => isDirectory).map(pathOf);
  const below = folders.filter((path) => !skipped.includes(path));
  return [...groups, ...below.flatMap((path) => groupsBelow(path, skipped))];
}
