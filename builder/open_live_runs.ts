// Owns every running promise of the server: who drives which run, and how it is stopped. The contract is
// in `live_runs.ts`.
import { connectionOfRecord } from "../runtime/commands/connection_of_record.ts";
import { openLlm } from "../runtime/llm/open_llm.ts";
import { loadCheckedFiles } from "../runtime/package/load_checked.ts";
import { answerQuestion, decideApproval, openMatter } from "../runtime/run/answer_run.ts";
import type { OpenMatter } from "../runtime/run/answer_run.ts";
import { simulatedPerson } from "../runtime/run/answers.ts";
import { executeRun } from "../runtime/run/execute_run.ts";
import { forkRun } from "../runtime/run/fork_run.ts";
import { nobody } from "../runtime/run/person.ts";
import {
  isDriven,
  readRecord,
  type RunFolder,
  runFolder,
  type RunRecord,
} from "../runtime/run/run_folder.ts";
import {
  type OpenRequest,
  type OpenRun,
  openRun,
  startLoadedRun,
} from "../runtime/run/start_run.ts";
import { CHAT_WAITS } from "../runtime/run/talk.ts";
import { addWords, wordsLeft } from "../runtime/run/waiting_words.ts";
import { readRunLog } from "../runtime/run/run_log.ts";
import { readBreakpoints, removeBreakpoint } from "../runtime/run/breakpoints.ts";
import type { RunPlace } from "../runtime/run/run_place.ts";
import { standingOfLost } from "../runtime/run/standing.ts";
import type { RunState, StateEdit } from "../runtime/run/state_edit.ts";
import type { Breakpoint, BreakpointRequest } from "../schemas/breakpoint.ts";
import type { Spent } from "../runtime/run/usage.ts";
import { AppError, messageOf } from "../schemas/error.ts";
import type { Agent } from "../schemas/package.ts";
import { RUN_ID_PATTERN } from "../schemas/ids.ts";
import type { RunDelta } from "../schemas/run_event.ts";
import type {
  ApprovalReply,
  ForkStart,
  LiveRuns,
  NodeRetry,
  QuestionReply,
  ResumeRequest,
  RunMap,
  RunStart,
  RunToRequest,
  RunView,
  WaitingRun,
} from "./live_runs.ts";
import type { Projects, RunUser } from "./projects.ts";
import { RunControls } from "./run_controls.ts";
import { RunFeed, type RunHearing } from "./run_feed.ts";
import { openRunIndex, type RunIndex } from "./run_index.ts";
import type { Store } from "./store/store.ts";

/** What runs are made of. */
export interface LiveRunsParts {
  readonly store: Pick<Store, "packages" | "runOwners">;
  readonly projects: Projects;
  readonly dataDir: string;
  /** Takes one line for the server's log. */
  readonly log: (line: string) => void;
}

/** Opens the runs of a data folder. Nothing is started: what was interrupted waits for a person. */
export function openLiveRuns(parts: LiveRunsParts): LiveRuns {
  return new DrivenRuns(parts);
}

/** A run that this process drives. */
interface Drive {
  readonly stop: AbortController;
  readonly pause: AbortController;
  /** What the model has streamed of an answer that is not whole yet, for who comes in the middle. */
  readonly streamed: Record<RunDelta["type"], string>;
  /** Settles, without a rejection, when the run is driven no more. */
  readonly done: Promise<void>;
}

const NOTHING_STREAMED = { text_delta: "", reasoning_delta: "" };

/** What was streamed is logged as a whole then, or is asked for anew. */
const ENDS_STREAM: ReadonlySet<string> = new Set([
  "request_sent",
  "assistant_message",
  "phase_changed",
]);

class DrivenRuns implements LiveRuns {
  readonly #parts: LiveRunsParts;
  readonly #drives = new Map<string, Drive>();
  /** Runs that are taken up: answered already, and about to be driven. */
  readonly #opening = new Set<string>();
  /** Why a run could not be driven, where nothing of it could be logged. */
  readonly #failures = new Map<string, string>();
  readonly #feeds = new Map<string, RunFeed>();
  /** Who spoke to a run while it was driven: it is taken up for their words if it stops before it heard them. */
  readonly #speakers = new Map<string, RunUser>();
  /** Run id → user id, of those that were asked for. */
  readonly #owners = new Map<string, string>();
  readonly #controls: RunControls;
  readonly #index: RunIndex;
  #isClosed = false;

  constructor(parts: LiveRunsParts) {
    this.#parts = parts;
    this.#controls = new RunControls(parts.dataDir, (runId) => this.#feeds.get(runId)?.standing());
    this.#index = openRunIndex(parts.dataDir);
  }

  async start(user: RunUser, request: RunStart): Promise<string> {
    const { store: { packages }, projects, dataDir } = this.#parts;
    const { packageId, connection, options, breakpoints } = request;
    const { workflowId, agentId, input, entry, inputs } = request;
    const { name } = await packages.get(user.userId, packageId);
    const { files } = await packages.files(user.userId, packageId);
    const projectDir = await projects.admit(user, request.projectDir);
    const loaded = loadCheckedFiles(files, name);
    const what = { workflowId, agentId, input, entry, inputs, breakpoints };
    const run = await startLoadedRun(loaded, { projectDir, dataDir, connection, options, ...what });
    await projects.remember(user, projectDir);
    return await this.#begin(user, run);
  }

  async list(user: RunUser): Promise<readonly RunView[]> {
    const owners = await this.#parts.store.runOwners.all();
    return this.#index.records()
      .filter(({ runId }) => isOwn(user, owners.get(runId)))
      .map((record) => this.#view(record));
  }

  async get(user: RunUser, runId: string): Promise<RunView> {
    return this.#view(readRecord(await this.#own(user, runId)));
  }

  spent({ record: { runId } }: RunView): Promise<Spent> {
    return Promise.resolve(this.#index.spent(runId));
  }

  async matter(user: RunUser, runId: string): Promise<OpenMatter | null> {
    return this.#matterOf(await this.get(user, runId));
  }

  async waiting(user: RunUser): Promise<readonly WaitingRun[]> {
    const waiting = (await this.list(user)).filter(({ phase, code }) =>
      phase === "waiting" && code !== CHAT_WAITS
    );
    return waiting.map((view) => ({ ...view, matter: this.#matterOf(view) }));
  }

  async answer(user: RunUser, runId: string, { callId, text }: QuestionReply): Promise<void> {
    const folder = await this.#stopped(user, runId);
    requireOpen(folder, callId);
    answerQuestion(folder, text);
    await this.#goOn(user, folder, {});
  }

  async decide(user: RunUser, runId: string, reply: ApprovalReply): Promise<void> {
    const { callId, decision } = reply;
    const folder = await this.#stopped(user, runId);
    if (decision.scope === "always" && user.role !== "owner") {
      throw new AppError(
        "AUTH_FORBIDDEN",
        "Only the owner of this installation may allow a tool in all runs; allow it for this run",
      );
    }
    requireOpen(folder, callId);
    decideApproval(this.#parts.dataDir, folder, decision);
    await this.#goOn(user, folder, {});
  }

  async pause(user: RunUser, runId: string): Promise<void> {
    (await this.#driving(user, runId)).pause.abort();
  }

  async stop(user: RunUser, runId: string): Promise<void> {
    const drive = await this.#driving(user, runId);
    drive.stop.abort();
    await drive.done;
  }

  async resume(user: RunUser, runId: string, request: ResumeRequest = {}): Promise<void> {
    const folder = await this.#stopped(user, runId);
    const matter = this.#matterOf(this.#view(readRecord(folder)));
    if (matter) {
      const asked = matter.kind === "question" ? "an answer" : "a decision";
      throw new AppError("RUN_PHASE", `The run waits for ${asked}; give it, and the run goes on`);
    }
    await this.#goOn(user, folder, request);
  }

  async say(user: RunUser, runId: string, text: string): Promise<void> {
    const folder = await this.#own(user, runId);
    if (this.#view(readRecord(folder)).phase === "completed") {
      throw new AppError("RUN_PHASE", "The run is completed and hears nothing any more");
    }
    addWords(folder, text);
    this.#speakers.set(runId, user);
    this.#feeds.get(runId)?.standing();
    await this.#hear(runId);
  }

  async dismiss(user: RunUser, runId: string): Promise<void> {
    const folder = await this.#own(user, runId);
    const drive = this.#drives.get(runId);
    this.#speakers.delete(runId);
    drive?.stop.abort();
    await drive?.done;
    const { talk, phase } = readRecord(folder);
    if (talk?.runType !== "chat" || phase === "completed") return;
    await this.#goOn(user, await this.#stopped(user, runId), { endsTalk: true });
    await this.#drives.get(runId)?.done;
  }

  async agent(user: RunUser, runId: string): Promise<Agent | null> {
    const folder = await this.#own(user, runId);
    const { agentId } = readRecord(folder);
    try {
      const { agents } = await this.#controls.loaded(folder);
      return agents.find(({ id }) => id === agentId) ?? null;
    } catch (thrown) {
      if (thrown instanceof AppError) return null;
      throw thrown;
    }
  }

  async pick(user: RunUser, runId: string, says: string): Promise<string> {
    const { dataDir, projects } = this.#parts;
    const folder = await this.#own(user, runId);
    const record = readRecord(folder);
    const projectDir = await projects.admit(user, record.projectDir);
    const { connection, options, agentId } = record;
    const loaded = await this.#controls.loaded(folder);
    const asked = { projectDir, dataDir, connection, options, agentId, input: says };
    return await this.#begin(user, await startLoadedRun(loaded, asked));
  }

  async fork(user: RunUser, runId: string, { nodeId, input }: ForkStart): Promise<string> {
    const { dataDir, projects } = this.#parts;
    const folder = await this.#own(user, runId);
    await projects.admit(user, readRecord(folder).projectDir);
    const fork = forkRun({ dataDir, folder, nodeId, input, allowAll: false });
    return await this.#begin(user, await openRun(dataDir, fork, { allowAll: false }));
  }

  async breakpoints(user: RunUser, runId: string): Promise<readonly Breakpoint[]> {
    return readBreakpoints(await this.#own(user, runId));
  }

  async setBreakpoint(user: RunUser, runId: string, request: BreakpointRequest) {
    return await this.#controls.setBreakpoint(await this.#own(user, runId), request);
  }

  async removeBreakpoint(user: RunUser, runId: string, breakpointId: string): Promise<void> {
    removeBreakpoint(await this.#own(user, runId), breakpointId);
    this.#feeds.get(runId)?.standing();
  }

  async runTo(user: RunUser, runId: string, request: RunToRequest): Promise<void> {
    const view = await this.get(user, runId);
    await this.#controls.setTarget(await this.#own(user, runId), request);
    const isOpen = view.phase === "running" || this.#matterOf(view) !== null;
    if (!isOpen) await this.resume(user, runId);
  }

  async retry(user: RunUser, runId: string, request: NodeRetry = {}): Promise<readonly string[]> {
    const folder = await this.#stopped(user, runId);
    let paths: readonly string[] = [];
    await this.#goOn(user, folder, {}, async (run) => {
      paths = await this.#controls.retry(run, request);
    });
    return paths;
  }

  async state(user: RunUser, runId: string): Promise<RunState> {
    return await this.#controls.state(await this.#own(user, runId));
  }

  async editState(user: RunUser, runId: string, edit: StateEdit): Promise<RunState> {
    return await this.#controls.editState(await this.#stopped(user, runId), edit);
  }

  async place(user: RunUser, runId: string): Promise<RunPlace> {
    return await this.#controls.place(await this.#own(user, runId));
  }

  async map(user: RunUser, runId: string): Promise<RunMap> {
    return await this.#controls.map(await this.#own(user, runId));
  }

  async subscribe(user: RunUser, runId: string, hearing: RunHearing): Promise<() => void> {
    const { logPath } = await this.#own(user, runId);
    const feed = this.#feeds.get(runId) ??
      new RunFeed(logPath, () => this.#drives.has(runId));
    this.#feeds.set(runId, feed);
    const end = feed.subscribe(hearing);
    const streamed = Object.entries(this.#drives.get(runId)?.streamed ?? {});
    for (const [type, text] of streamed) {
      if (text) hearing.listener({ type: type as RunDelta["type"], runId, text });
    }
    return () => {
      end();
      if (feed.size === 0 && this.#feeds.get(runId) === feed) this.#feeds.delete(runId);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { stop } of this.#drives.values()) stop.abort();
    await Promise.all([...this.#drives.values()].map(({ done }) => done));
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }

  /** Whose it is comes before the first event, so that nobody else ever sees it. */
  async #begin(user: RunUser, run: OpenRun): Promise<string> {
    const { runId } = run.record;
    await this.#parts.store.runOwners.add(runId, user.userId);
    this.#drive(run);
    return runId;
  }

  /** Takes a run up for words that it has not read, if nothing else is asked first. */
  async #hear(runId: string): Promise<void> {
    const user = this.#speakers.get(runId);
    const folder = runFolder(this.#parts.dataDir, runId);
    if (!user || this.#isClosed || this.#goesOn(runId) || isDriven(folder)) return;
    this.#speakers.delete(runId);
    const view = this.#view(readRecord(folder));
    if (view.phase === "completed" || this.#matterOf(view)) return;
    if (wordsLeft(folder, readRunLog(folder.logPath)).length > 0) {
      await this.#goOn(user, folder, {});
    }
  }

  /** What was said while it was driven, and it stopped by itself: a person who stopped it goes on later. */
  async #hearAfterwards(runId: string): Promise<void> {
    try {
      const { phase } = readRecord(runFolder(this.#parts.dataDir, runId));
      if (phase === "waiting") await this.#hear(runId);
    } catch (thrown) {
      this.#failures.set(runId, messageOf(thrown));
      this.#feeds.get(runId)?.standing();
    }
  }

  /** `prepare` is done while nobody else can take the run up. */
  async #goOn(
    user: RunUser,
    folder: RunFolder,
    request: ResumeRequest & Pick<OpenRequest, "endsTalk">,
    prepare?: (run: OpenRun) => Promise<void>,
  ): Promise<void> {
    const { dataDir, projects } = this.#parts;
    const { runId, projectDir } = readRecord(folder);
    this.#opening.add(runId);
    try {
      await projects.admit(user, projectDir);
      const run = await openRun(dataDir, folder, { allowAll: false, ...request });
      await prepare?.(run);
      this.#drive(run);
    } finally {
      this.#opening.delete(runId);
      this.#feeds.get(runId)?.standing();
    }
  }

  /** Everything up to the first wait happens at once, so two requests cannot drive one run. */
  #drive(run: OpenRun): void {
    const { dataDir, log } = this.#parts;
    const { runId, connection } = run.record;
    if (this.#isClosed) throw new AppError("ENGINE_ABORTED", "The server is ending");
    if (this.#drives.has(runId)) throw goesOn();
    const llm = openLlm(connectionOfRecord(connection, { dataDir, runId }));
    const [stop, pause] = [new AbortController(), new AbortController()];
    const streamed = { ...NOTHING_STREAMED };
    this.#failures.delete(runId);
    const done = executeRun(run, {
      llm,
      person: connection.provider === "simulate" ? simulatedPerson : nobody,
      signal: stop.signal,
      pauseSignal: pause.signal,
      listener: (event) => {
        if (!("seq" in event)) streamed[event.type] += event.text;
        else if (ENDS_STREAM.has(event.type)) Object.assign(streamed, NOTHING_STREAMED);
        this.#feeds.get(runId)?.push(event);
      },
    }).then(() => {}, (thrown) => {
      this.#failures.set(runId, messageOf(thrown));
      if (!(thrown instanceof AppError)) log(`Run ${runId} failed: ${Deno.inspect(thrown)}`);
    }).finally(() => {
      this.#drives.delete(runId);
      this.#feeds.get(runId)?.standing();
    }).then(() => this.#hearAfterwards(runId));
    this.#drives.set(runId, { stop, pause, streamed, done });
    this.#feeds.get(runId)?.standing();
  }

  #goesOn(runId: string): boolean {
    return this.#drives.has(runId) || this.#opening.has(runId);
  }

  #view(record: RunRecord): RunView {
    const { runId, phase, code, reason } = record;
    const isDrivenHere = this.#goesOn(runId);
    if (isDrivenHere) {
      return { record, phase: "running", code: undefined, reason: undefined, isDrivenHere };
    }
    const failure = this.#failures.get(runId);
    const folder = runFolder(this.#parts.dataDir, runId);
    const isLost = phase === "running" && !isDriven(folder);
    const now = isLost ? standingOfLost(folder) : { phase, code, reason };
    const { phase: stands, code: why } = now;
    return { record, phase: stands, code: why, reason: failure ?? now.reason, isDrivenHere };
  }

  #matterOf({ record: { runId }, phase }: RunView): OpenMatter | null {
    if (phase === "running" || phase === "completed" || phase === "idle") return null;
    return openMatter(runFolder(this.#parts.dataDir, runId));
  }

  async #own(user: RunUser, runId: string): Promise<RunFolder> {
    if (RUN_ID_PATTERN.test(runId)) {
      const ownerId = await this.#ownerOf(runId);
      const folder = runFolder(this.#parts.dataDir, runId);
      if (isOwn(user, ownerId) && hasRecord(folder)) return folder;
    }
    throw new AppError("RUN_NOT_FOUND", "There is no such run among yours");
  }

  /** Whose a run is never changes, and a stream asks again and again. */
  async #ownerOf(runId: string): Promise<string | undefined> {
    const ownerId = this.#owners.get(runId) ??
      await this.#parts.store.runOwners.ownerOf(runId);
    if (ownerId !== undefined) this.#owners.set(runId, ownerId);
    return ownerId;
  }

  async #stopped(user: RunUser, runId: string): Promise<RunFolder> {
    const folder = await this.#own(user, runId);
    if (this.#goesOn(runId)) throw goesOn();
    return folder;
  }

  async #driving(user: RunUser, runId: string): Promise<Drive> {
    await this.#own(user, runId);
    const drive = this.#drives.get(runId);
    if (drive) return drive;
    throw new AppError("RUN_PHASE", "This server does not drive the run now, so it cannot stop it");
  }
}

function isOwn({ userId, role }: RunUser, ownerId: string | undefined): boolean {
  return ownerId === undefined ? role === "owner" : ownerId === userId;
}

function hasRecord({ recordPath }: RunFolder): boolean {
  try {
    return Deno.statSync(recordPath).isFile;
  } catch {
    return false;
  }
}

/** What was read in an old tab must not answer what is asked now. */
function requireOpen(folder: RunFolder, callId: string): void {
  if (openMatter(folder)?.callId === callId) return;
  throw new AppError(
    "RUN_PHASE",
    "This is answered already. Load the page again to see what is open",
  );
}

function goesOn(): AppError {
  return new AppError("RUN_BUSY", "The run is going on; wait until it stops, or stop it");
}
