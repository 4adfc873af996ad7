// Cuts the power at every instant of a run, in a model of a disk that forgets what was not synced, and
// resumes from what is left: the run ends as if nothing had happened. What the log claims is checked in
// every state that can be left; runs are resumed from some, or from all: CREWAGENT_POWER_CUTS=all.
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  brokenClaims,
  filesBelow,
  HOME,
  PROJECT,
  projectFiles,
  readLog,
  stateHashes,
  survivingRun,
  type WholeRun,
} from "../power_loss/claims.ts";
import { type Cut, cutsOf, someCuts } from "../power_loss/cuts.ts";
import {
  type DiskOperation,
  type DiskState,
  NO_CUT,
  openDisk,
  STRICT_CUT,
} from "../power_loss/disk.ts";
import { recordOperations } from "../power_loss/record.ts";
import { readState, replaceText, writeState } from "../power_loss/state_files.ts";
import { binaryPath, journey, runBinary } from "./binary.ts";
import type { RunEvent } from "../../schemas/run_event.ts";

/** Examples, each with a file that the project holds before and that the run writes over. */
const EXAMPLES = [
  { name: "create-story", overwrites: "artifacts/simulated/story.md" },
  { name: "two-workflows", overwrites: "artifacts/changes.md" },
  { name: "review-loop", overwrites: "artifacts/draft.md" },
] as const;

/** How many states of each recording a run is resumed from. */
const CUTS = Deno.env.get("CREWAGENT_POWER_CUTS") ?? "15";
/** Executables at once. */
const AT_ONCE = 2;

const RESUME = ["resume", "last", "--json"];
/** What the person asks for; the model has to hear it. */
const INPUT = "Begin with what is there.";
const OLD_CONTENT = "Written by hand, before the run.\n";

/** A run that was not cut, and everything it asked of its disk. */
interface Recording {
  readonly example: string;
  /** The folder that stands for the disk; `run.json` names it. */
  readonly stage: string;
  readonly before: DiskState;
  readonly operations: readonly DiskOperation[];
  readonly after: DiskState;
  readonly whole: WholeRun;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

function startArgs(example: string, stage: string): string[] {
  const project = join(stage, PROJECT);
  return [
    "run",
    `examples/${example}`,
    "--project",
    project,
    "--simulate",
    "--yes",
    "--json",
    "--input",
    INPUT,
  ];
}

/** A project that holds one file. */
function projectWith(path: string): DiskState {
  const names = [PROJECT, ...path.split("/")];
  const folders = names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join("/"));
  return new Map<string, Uint8Array | null>([
    ...folders.map((folder) => [folder, null] as const),
    [names.join("/"), new TextEncoder().encode(OLD_CONTENT)],
  ]);
}

async function record(
  { example, stage, before, args }: Pick<Recording, "example" | "stage" | "before"> & {
    args: readonly string[];
  },
): Promise<Recording> {
  writeState(stage, before);
  const operations = await recordOperations(binaryPath(), {
    args,
    cwd: root,
    env: { CREWAGENT_HOME: join(stage, HOME), NO_COLOR: "1" },
    root: stage,
    tracePath: `${stage}.trace`,
  });
  const after = readState(stage);
  const whole = {
    before: projectFiles(before),
    stateHashes: stateHashes(wholeLog(after)),
    package: filesBelow(after, `${HOME}/packages`),
  };
  return { example, stage, before, operations, after, whole };
}

/** Takes up a run that the power cut has torn from its log's last line, and records that. */
async function recordResume(
  stage: string,
  { cuts, first }: { cuts: readonly Cut[]; first: Recording },
): Promise<Recording> {
  const torn = cuts.filter(({ kind, state }) => kind.startsWith("torn") && survivingRun(state));
  const { state } = torn[Math.floor(torn.length / 2)] ?? assert.fail("no run survived");
  const before = replaceText(state, first.stage, stage);
  const recording = await record({ example: first.example, stage, before, args: RESUME });
  // What the cut took from the log may be in the state.
  const hashes = new Set([...first.whole.stateHashes, ...recording.whole.stateHashes]);
  const { before: projectBefore } = first.whole;
  const whole = { ...recording.whole, before: projectBefore, stateHashes: [...hashes] };
  return { ...recording, whole };
}

function wholeLog(state: DiskState): RunEvent[] {
  const { events, damagedLine } = readLog(state.get(`${survivingRun(state)}/log.jsonl`));
  assert.equal(damagedLine, undefined, `Line ${damagedLine} of the log is damaged`);
  assert.notEqual(events.length, 0, "The log is empty");
  return events;
}

/** The model of the disk has seen everything, or nothing it says is worth a test. */
function assertRecordedWhole({ before, operations, after }: Recording): void {
  const disk = openDisk(before);
  for (const operation of operations) disk.apply(operation);
  assert.deepEqual(disk.survivors(NO_CUT), new Map([...after].toSorted()));
}

/** Once the executable has ended, a power cut takes nothing; a lock has no meaning by then. */
function assertAllSynced({ before, operations, after }: Recording): void {
  const disk = openDisk(before);
  for (const operation of operations) disk.apply(operation);
  const lost = [...after].filter(([path]) => !/\/lock$|\.tmp$/.test(path));
  const kept = disk.survivors(STRICT_CUT);
  for (const [path, content] of lost) assert.deepEqual(kept.get(path), content, path);
}

function assertClaimsHold(cuts: readonly Cut[], { whole }: Recording): void {
  const broken = cuts.flatMap(({ name, state }) =>
    brokenClaims(state, whole).map((claim) => `${name}: ${claim}`)
  );
  assert.deepEqual(broken, []);
}

/** Resumes from what a cut has left, or starts if no run is left. Returns what went wrong. */
async function resumeFrom(cut: Cut, stage: string, recording: Recording): Promise<string[]> {
  writeState(stage, replaceText(cut.state, recording.stage, stage));
  try {
    const args = survivingRun(cut.state) ? RESUME : startArgs(recording.example, stage);
    const { exitCode, stderr } = await runBinary(args, { home: join(stage, HOME) });
    if (exitCode !== 0 && !stderr.includes("is completed")) {
      return [`${cut.name}: exit code ${exitCode}: ${stderr}`];
    }
    const after = readState(stage);
    assert.deepEqual(projectFiles(after), projectFiles(recording.after));
    return problemsOf(wholeLog(after)).map((problem) => `${cut.name}: ${problem}`);
  } catch (thrown) {
    return [`${cut.name}: ${thrown instanceof Error ? thrown.message : thrown}`];
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

function problemsOf(events: readonly RunEvent[]): string[] {
  const prompts = events.flatMap((event) =>
    event.type === "prompt_composed" ? event.messages.map(({ content }) => content) : []
  );
  const isHeard = prompts.some((text) => text?.includes(INPUT));
  return [
    ...callsWithoutOneResult(events),
    ...(isHeard ? [] : ["The model never heard the input"]),
  ];
}

/** Where the log was damaged the node began afresh, and what was open then has no result. */
function callsWithoutOneResult(events: readonly RunEvent[]): string[] {
  const results = events.flatMap((event) => event.type === "tool_result" ? [event.callId] : []);
  const damagedAt = events.findLast(({ type }) => type === "log_damaged")?.seq ?? 0;
  const calls = events.filter((event) => event.type === "tool_call");
  return calls.flatMap(({ seq, tool, callId }) => {
    const count = results.filter((id) => id === callId).length;
    if (count === 1 || (count === 0 && seq < damagedAt)) return [];
    return [`Line ${seq} of the log: the call of ${tool} has ${count} results`];
  });
}

/** Does the same to all, some at once; in order. */
async function forAll<T, R>(
  all: readonly T[],
  act: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  const work = async () => {
    for (const [index, one] of left) results[index] = await act(one, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function assertSurvivesCuts(cuts: readonly Cut[], recording: Recording): Promise<void> {
  assertRecordedWhole(recording);
  assertAllSynced(recording);
  assertClaimsHold(cuts, recording);
  const chosen = CUTS === "all" ? cuts : someCuts(cuts, Number(CUTS));
  const { stage } = recording;
  const failures = await forAll(
    chosen,
    (cut, index) => resumeFrom(cut, `${stage}-${index}`, recording),
  );
  assert.deepEqual(failures.flat(), []);
}

/** strace is Linux's; elsewhere the journey is skipped. */
const linuxJourney: typeof journey = Deno.build.os === "linux" ? journey : Deno.test.ignore;

for (const { name: example, overwrites } of EXAMPLES) {
  linuxJourney(
    `crewagent loses nothing of ${example} to a power cut at any instant, nor to another while it resumes`,
    async () => {
      const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "crewagent-power-" }));
      try {
        const stage = join(dir, "run");
        const before = projectWith(overwrites);
        const args = startArgs(example, stage);
        const first = await record({ example, stage, before, args });
        const cuts = cutsOf(first.before, first.operations);
        await assertSurvivesCuts(cuts, first);

        const second = await recordResume(join(dir, "resume"), { cuts, first });
        await assertSurvivesCuts(cutsOf(second.before, second.operations), second);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  );
}
