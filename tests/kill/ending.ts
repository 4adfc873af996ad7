// What a finished run has left: project files, effects by its log, state documents. Reads the disk by
// itself, so that a mistake in the product's own reading does not hide.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import type { FileChanged, RunEvent } from "../../schemas/run_event.ts";

/** A change of a project file that did happen. */
export interface Effect {
  readonly path: string;
  /** `null`: the file was removed. */
  readonly sha256After: string | null;
}

/** Everything by which two runs of a workload are compared. */
export interface Ending {
  /** Text of the project's files by path. */
  readonly files: ReadonlyMap<string, string>;
  /** In the order in which they were announced. */
  readonly effects: readonly Effect[];
  /** Front matter of the state documents by workflow, without times and the run's id. */
  readonly states: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly phase: string;
  readonly events: readonly RunEvent[];
  /** What is wrong with the log by itself. */
  readonly faults: readonly string[];
}

/** True once the data folder holds a run that can be resumed. */
export function hasRun(home: string): boolean {
  return runFolders(home).length > 0;
}

/** Lines that the log of a run holds so far; 0 if there is none. */
export function loggedEvents(home: string): number {
  const [folder] = runFolders(home);
  return folder === undefined
    ? 0
    : (readText(join(folder, "log.jsonl")) ?? "").split("\n").length - 1;
}

/** Reads what is left. A run that is not there at all is a fault, not an error. */
export function readEnding({ home, project }: { home: string; project: string }): Ending {
  const files = readFiles(project);
  const folders = runFolders(home);
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) {
    const faults = [`There are ${folders.length} runs, not one`];
    return { files, effects: [], states: new Map(), phase: "none", events: [], faults };
  }
  const { events, faults } = readLog(join(folder, "log.jsonl"));
  const changes = events.flatMap((event) => event.type === "file_changed" ? [event] : []);
  const { effects, unexplained } = effectsOf(changes, files);
  return {
    files,
    effects,
    states: readStates(join(folder, "state", "workflows")),
    phase: JSON.parse(readText(join(folder, "run.json")) ?? "{}").phase,
    events,
    faults: [...faults, ...faultsOf(events), ...unexplained, ...reissued(events, files)],
  };
}

/**
 * Which announced changes did happen: those whose content the next announcement for the same file
 * found there or, for the last one, the file holds now.
 */
export function effectsOf(
  changes: readonly Pick<FileChanged, "path" | "sha256Before" | "sha256After">[],
  files: ReadonlyMap<string, string>,
): { effects: Effect[]; unexplained: string[] } {
  const unexplained: string[] = [];
  const effects = changes.flatMap(({ path, sha256Before, sha256After }, index): Effect[] => {
    const next = changes.slice(index + 1).find((later) => later.path === path);
    const text = files.get(path.replace(/^@project\//, ""));
    const found = next ? next.sha256Before : text === undefined ? null : sha256Of(text);
    if (found === sha256After) return [{ path, sha256After }];
    if (found !== sha256Before) {
      unexplained.push(`${path} holds neither what it was nor what change ${index + 1} announced`);
    }
    return [];
  });
  return { effects, unexplained };
}

/** Files by path; what a killed write leaves beside its target is invisible to tools, and here. */
function readFiles(dir: string, below = ""): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(join(dir, below))) {
    const path = `${below}${entry.name}`;
    if (entry.name.startsWith(".crewagent-")) continue;
    if (!entry.isDirectory) files.set(path, Deno.readTextFileSync(join(dir, path)));
    else for (const [name, text] of readFiles(dir, `${path}/`)) files.set(name, text);
  }
  return files;
}

function runFolders(home: string): string[] {
  const runs = join(home, "runs");
  return namesIn(runs).map((name) => join(runs, name))
    .filter((folder) => namesIn(folder).includes("run.json"));
}

function namesIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function readLog(path: string): { events: RunEvent[]; faults: string[] } {
  const faults: string[] = [];
  const lines = (readText(path) ?? "").split("\n");
  if (lines.pop() !== "") faults.push("The log ends with half a line");
  const events = lines.flatMap((line, index): RunEvent[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      faults.push(`Line ${index + 1} of the log is not JSON`);
      return [];
    }
  });
  return { events, faults };
}

/** Gaps, second results, and calls without one that no stop explains. */
function faultsOf(events: readonly RunEvent[]): string[] {
  const faults: string[] = [];
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) faults.push(`seq ${events[gap]?.seq} stands at place ${gap + 1} of the log`);
  const results = events.flatMap((event) => event.type === "tool_result" ? [event.callId] : []);
  const answered = new Set(results);
  if (answered.size !== results.length) faults.push("A call has two results");
  const open = new Set<string>();
  for (const event of events) {
    // A stop between the end of a node and the result of the call that ended it leaves none.
    if (event.type === "run_resumed") open.clear();
    if (event.type !== "assistant_message") continue;
    for (const { id } of event.message.toolCalls ?? []) if (!answered.has(id)) open.add(id);
  }
  if (open.size > 0) faults.push(`No result for ${[...open].join(", ")}`);
  return faults;
}

/**
 * Calls of `tests/mcp_servers/appends.ts` that the server got more often than the log says that the
 * model made them: each leaves its line in the file it names.
 */
export function reissued(
  events: readonly RunEvent[],
  files: ReadonlyMap<string, string>,
): string[] {
  const made = new Map<string, number>();
  for (const event of events) {
    if (event.type !== "tool_call" || !event.tool.startsWith("mcp__")) continue;
    const { path, text } = event.arguments as { path?: string; text: string };
    // A call that a stop kept from its server stands in the log without arguments.
    if (path === undefined) continue;
    const key = JSON.stringify([path.replace(/^@project\//, ""), text]);
    made.set(key, (made.get(key) ?? 0) + 1);
  }
  return [...made].flatMap(([key, count]) => {
    const [path, text] = JSON.parse(key) as [string, string];
    const got = (files.get(path) ?? "").split("\n").filter((line) => line === text).length;
    return got > count
      ? [`A call made ${count} times reached its server ${got} times: ${text}`]
      : [];
  });
}

function readStates(dir: string): Map<string, Readonly<Record<string, unknown>>> {
  return new Map(
    namesIn(dir).map((name) => {
      const read = readFrontMatter(readText(join(dir, name, "workflow.md")) ?? "");
      return [name, read.ok ? withoutTimes(read.value.data) : { unreadable: read.problem.message }];
    }),
  );
}

function withoutTimes(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { runId: _runId, date: _date, updatedAt: _updatedAt, ...rest } = data;
  const decisions = Array.isArray(data.decisionLog) ? data.decisionLog : [];
  return { ...rest, decisionLog: decisions.map(({ decidedAt: _decidedAt, ...entry }) => entry) };
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
