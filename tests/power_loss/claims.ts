// What must hold of a data folder and a project right after a power cut, before anything is resumed:
// nothing that the log calls done is missing, and nothing has changed that the log does not announce.
import { createHash } from "node:crypto";
import { toPathPart } from "../../schemas/ids.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { DiskState } from "./disk.ts";

/** The run as it would have gone on: what is known of it besides what survived. */
export interface WholeRun {
  /** The files of the project before the run began, by path in the project. */
  readonly before: ReadonlyMap<string, Uint8Array>;
  /** SHA-256 of every state document that was saved, in order. */
  readonly stateHashes: readonly string[];
  /** The installed package, by path on the disk. */
  readonly package: DiskState;
}

/** Where things are on the disk. */
export const HOME = "home";
/** The project's folder on the disk; paths of the model's mount `@project/` are below it. */
export const PROJECT = "project";

/** The run's folder, if a run has survived: one with a record. */
export function survivingRun(state: DiskState): string | undefined {
  return [...state.keys()].map((path) => RUN_RECORD.exec(path)?.[1]).find((dir) => dir);
}

const RUN_RECORD = new RegExp(`^(${HOME}/runs/[^/]+)/run\\.json$`);
const MOUNT = "@project/";
/** What a write that was cut off leaves beside its target; no tool shows it. */
const TEMPORARY = /(^|\/)\.crewagent-[^/]*$/;

/** The files below a folder of the disk, by path on the disk. */
export function filesBelow(state: DiskState, folder: string): DiskState {
  return new Map([...state].filter(([path]) => path.startsWith(`${folder}/`)));
}

/** The files of the project by path in the project, temporary ones left out. */
export function projectFiles(state: DiskState): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [path, content] of filesBelow(state, PROJECT)) {
    if (content !== null && !TEMPORARY.test(path)) {
      files.set(path.slice(PROJECT.length + 1), content);
    }
  }
  return files;
}

/** Every claim that does not hold, as a sentence. */
export function brokenClaims(state: DiskState, whole: WholeRun): string[] {
  const runDir = survivingRun(state);
  if (runDir === undefined) return unannounced(state, { whole, events: [] });
  const { events: log } = readLog(state.get(`${runDir}/log.jsonl`));
  return [
    ...(parseJson(textOf(state, `${runDir}/run.json`)) ? [] : ["run.json is no JSON"]),
    ...withoutState(state, runDir),
    ...damagedPackage(state, whole),
    ...unannounced(state, { whole, events: log }),
    ...undone(state, { whole, events: log }),
    ...withoutBlob(state, { runDir, events: log }),
    ...stateBehindLog(state, { runDir, whole, events: log }),
    ...stateUnexplained(state, { runDir, whole, events: log }),
  ];
}

/**
 * A log's events, a torn last line left out, up to the first line that is not the next event.
 * @returns also the number of that line
 */
export function readLog(
  content: Uint8Array | null | undefined,
): { events: RunEvent[]; damagedLine?: number } {
  const lines = new TextDecoder().decode(content ?? new Uint8Array()).split("\n").slice(0, -1);
  const events: RunEvent[] = [];
  for (const line of lines) {
    const event: RunEvent | undefined = parseJson(line);
    if (event?.seq !== events.length + 1) return { events, damagedLine: events.length + 1 };
    events.push(event);
  }
  return { events };
}

/** Files of the installed package that a run cannot do without. */
function damagedPackage(state: DiskState, whole: WholeRun): string[] {
  return [...whole.package].flatMap(([path, content]) =>
    content === null || hashOf(state.get(path)) === hashOf(content)
      ? []
      : [`${path} ${describe(state.get(path))}`]
  );
}

interface Known {
  readonly whole: WholeRun;
  readonly events: readonly RunEvent[];
}

/** Files of the project that changed without a word in the log: they could not be put back. */
function unannounced(state: DiskState, { whole, events }: Known): string[] {
  const files = projectFiles(state);
  const paths = new Set([...files.keys(), ...whole.before.keys()]);
  return [...paths].flatMap((path) => {
    const allowed = [hashOf(whole.before.get(path)), ...changesOf(events, path).map(lastHash)];
    if (allowed.includes(hashOf(files.get(path)))) return [];
    return [`${path} ${describe(files.get(path))}, which the log does not announce`];
  });
}

/** Changes whose call has an ok result in the log, but which are not on disk. */
function undone(state: DiskState, { events }: Known): string[] {
  const files = projectFiles(state);
  const done = new Set(
    events.flatMap((event) =>
      event.type === "tool_result" && event.result.ok ? [event.callId] : []
    ),
  );
  const paths = new Set(
    events.flatMap((event) => event.type === "file_changed" ? [event.path] : []),
  );
  return [...paths].flatMap((mountPath) => {
    const path = mountPath.slice(MOUNT.length);
    const changes = changesOf(events, path);
    const lastDone = changes.findLastIndex(({ callId }) => done.has(callId));
    if (lastDone < 0) return [];
    const allowed = changes.slice(lastDone).map(lastHash);
    if (allowed.includes(hashOf(files.get(path)))) return [];
    return [`The log says that ${path} is written, but it ${describe(files.get(path))}`];
  });
}

/** Contents that the log names, of files before a change and of states at a visit, but are not kept. */
function withoutBlob(
  state: DiskState,
  { runDir, events }: { runDir: string; events: readonly RunEvent[] },
): string[] {
  return events.flatMap((event) => {
    const sha256 = event.type === "file_changed"
      ? event.sha256Before
      : event.type === "node_entered"
      ? event.snapshot
      : undefined;
    const blob = state.get(`${runDir}/blobs/${sha256}`);
    if (!sha256 || hashOf(blob) === sha256) return [];
    return [`Line ${event.seq} of the log needs a blob that ${describe(blob)}`];
  });
}

/** The documents without which a run cannot go on. */
function withoutState(state: DiskState, runDir: string): string[] {
  const [, id] = /^activeWorkflowId: "?([^"\n]+)/m.exec(textOf(state, `${runDir}/state/run.md`)) ??
    [];
  if (id === undefined) return ["state/run.md names no active workflow"];
  const document = state.get(`${runDir}/state/workflows/${toPathPart(id)}/workflow.md`);
  return document?.length ? [] : [`The state of "${id}" ${describe(document)}`];
}

/** The last change of a state document in the log, if no document holds it or a later one. */
function stateBehindLog(
  state: DiskState,
  { runDir, whole, events }: Known & { runDir: string },
): string[] {
  const logged = stateHashes(events);
  const last = logged.at(-1);
  if (last === undefined) return [];
  const hashes = whole.stateHashes.slice(whole.stateHashes.indexOf(last));
  const documents = [...state].filter(([path]) => path.startsWith(`${runDir}/state/workflows/`));
  if (documents.some(([, content]) => hashes.includes(hashOf(content) ?? ""))) return [];
  return [
    `The log tells of ${logged.length} changes of the state, but the last one is not on disk`,
  ];
}

/** A state that is ahead of the log, while the log does not hold the call or return that led there. */
function stateUnexplained(
  state: DiskState,
  { runDir, whole, events }: Known & { runDir: string },
): string[] {
  // A resumed run answers the call itself, and what the cut took of the log stays unsaid.
  if (events.some(({ type }) => type === "run_resumed")) return [];
  const documents = [...filesBelow(state, `${runDir}/state/workflows`).values()];
  const saved = documents.map((content) => whole.stateHashes.indexOf(hashOf(content) ?? ""));
  const ahead = Math.max(-1, ...saved) -
    whole.stateHashes.indexOf(stateHashes(events).at(-1) ?? "");
  if (ahead <= 0) return [];
  const open = new Set<string>();
  for (const event of events) {
    if (event.type === "tool_call") open.add(event.callId);
    if (event.type === "tool_result") open.delete(event.callId);
  }
  const isReturning = events.some(({ type }) => type === "subworkflow_returned");
  if (ahead === 1 && (open.size > 0 || isReturning)) return [];
  return [`The state is ${ahead} changes ahead of the log, which does not tell why`];
}

/** SHA-256 of the state documents that a log tells of, in order. */
export function stateHashes(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => event.type === "state_changed" ? [event.sha256After] : []);
}

function changesOf(events: readonly RunEvent[], path: string) {
  return events.flatMap((event) =>
    event.type === "file_changed" && event.path === `${MOUNT}${path}` ? [event] : []
  );
}

function lastHash({ sha256After }: { readonly sha256After: string | null }): string | null {
  return sha256After;
}

function hashOf(content: Uint8Array | null | undefined): string | null {
  return content ? createHash("sha256").update(content).digest("hex") : null;
}

function textOf(state: DiskState, path: string): string {
  return new TextDecoder().decode(state.get(path) ?? new Uint8Array());
}

function describe(content: Uint8Array | null | undefined): string {
  if (!content) return "is missing";
  return content.length === 0 ? "is empty" : `holds ${content.length} other bytes`;
}

function parseJson(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
