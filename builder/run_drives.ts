// Drives runs: every running promise of the server is here, with who listens to it. Not here: whose a run
// is and what may be asked of it (`open_live_runs.ts`).
import { connectionOfRecord } from "../runtime/commands/connection_of_record.ts";
import { openLlm } from "../runtime/llm/open_llm.ts";
import { type OpenMatter, openMatter } from "../runtime/run/answer_run.ts";
import { simulatedPerson } from "../runtime/run/answers.ts";
import { executeRun } from "../runtime/run/execute_run.ts";
import { nobody } from "../runtime/run/person.ts";
import {
  isDriven,
  readRecord,
  type RunFolder,
  runFolder,
  type RunRecord,
} from "../runtime/run/run_folder.ts";
import { readRunLog } from "../runtime/run/run_log.ts";
import { standingOfLost } from "../runtime/run/standing.ts";
import { type OpenRequest, type OpenRun, openRun } from "../runtime/run/start_run.ts";
import { wordsLeft } from "../runtime/run/waiting_words.ts";
import { AppError, messageOf } from "../schemas/error.ts";
import type { RunDelta } from "../schemas/run_event.ts";
import type { ResumeRequest, RunView } from "./live_runs.ts";
import type { Projects, RunUser } from "./projects.ts";
import { RunFeed, type RunHearing } from "./run_feed.ts";

/** What driving takes. */
export interface RunDrivesParts {
  readonly projects: Pick<Projects, "admit">;
  readonly dataDir: string;
  /** Takes one line for the server's log. */
  readonly log: (line: string) => void;
}

/** A run that this process drives. */
export interface RunDrive {
  readonly stop: AbortController;
  readonly pause: AbortController;
  /** What the model has streamed of an answer that is not whole yet, for who comes in the middle. */
  readonly streamed: Record<RunDelta["type"], string>;
  /** Settles, without a rejection, when the run is driven no more. */
  readonly done: Promise<void>;
}

/** How a run is taken up. */
interface TakingUp extends ResumeRequest, Pick<OpenRequest, "endsTalk"> {
  /** Done while nobody else can take the run up. */
  readonly prepare?: (run: OpenRun) => Promise<void>;
}

const NOTHING_STREAMED = { text_delta: "", reasoning_delta: "" };

/** What was streamed is logged as a whole then, or is asked for anew. */
const ENDS_STREAM: ReadonlySet<string> = new Set([
  "request_sent",
  "assistant_message",
  "phase_changed",
]);

/** The drives of one data folder. What was driven when the process ended waits for a person. */
export class RunDrives {
  readonly #parts: RunDrivesParts;
  readonly #drives = new Map<string, RunDrive>();
  /** Runs that are taken up: answered already, and about to be driven. */
  readonly #opening = new Set<string>();
  /** Why a run could not be driven, where nothing of it could be logged. */
  readonly #failures = new Map<string, string>();
  readonly #feeds = new Map<string, RunFeed>();
  /** Who spoke to a run while it was driven: it is taken up for their words if it stops before it heard them. */
  readonly #speakers = new Map<string, RunUser>();
  #isClosed = false;

  constructor(parts: RunDrivesParts) {
    this.#parts = parts;
  }

  /** The drive of a run, if this process drives it. */
  driveOf(runId: string): RunDrive | undefined {
    return this.#drives.get(runId);
  }

  /** @throws AppError `RUN_BUSY` of a run that is driven here, or is about to be */
  requireStopped(runId: string): void {
    if (this.#goesOn(runId)) throw goesOn();
  }

  /** A record as the run really stands: going on, lost, or failed with nothing in its log. */
  view(record: RunRecord): RunView {
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

  /** What a run waits for a person to say, if that is not only words. */
  matterOf({ record: { runId }, phase }: RunView): OpenMatter | null {
    if (phase === "running" || phase === "completed" || phase === "idle") return null;
    return openMatter(runFolder(this.#parts.dataDir, runId));
  }

  /** Tells who looks on that a run stands otherwise than it was seen. */
  tell(runId: string): void {
    this.#feeds.get(runId)?.standing();
  }

  /** Takes a stopped run up, as a request of its user; who looks on is told, whether it worked or not. */
  async goOn(user: RunUser, folder: RunFolder, taking: TakingUp = {}): Promise<void> {
    const { dataDir, projects } = this.#parts;
    const { prepare, ...request } = taking;
    const { runId, projectDir } = readRecord(folder);
    this.#opening.add(runId);
    try {
      await projects.admit(user, projectDir);
      const run = await openRun(dataDir, folder, { allowAll: false, ...request });
      await prepare?.(run);
      this.drive(run);
    } finally {
      this.#opening.delete(runId);
      this.tell(runId);
    }
  }

  /** Takes a run up for words of its user that it has not read: now, or when it stops by itself. */
  async hear(user: RunUser, runId: string): Promise<void> {
    this.#speakers.set(runId, user);
    this.tell(runId);
    await this.#hear(runId);
  }

  /** Words that the run has not read take it up no more. */
  stopHearing(runId: string): void {
    this.#speakers.delete(runId);
  }

  /** Takes a run up for words that it has not read, if nothing else is asked first. */
  async #hear(runId: string): Promise<void> {
    const user = this.#speakers.get(runId);
    const folder = runFolder(this.#parts.dataDir, runId);
    if (!user || this.#isClosed || this.#goesOn(runId) || isDriven(folder)) return;
    this.#speakers.delete(runId);
    const view = this.view(readRecord(folder));
    if (view.phase === "completed" || this.matterOf(view)) return;
    if (wordsLeft(folder, readRunLog(folder.logPath)).length > 0) {
      await this.goOn(user, folder);
    }
  }

  /** What was said while it was driven, and it stopped by itself: a person who stopped it goes on later. */
  async #hearAfterwards(runId: string): Promise<void> {
    try {
      const { phase } = readRecord(runFolder(this.#parts.dataDir, runId));
      if (phase === "waiting") await this.#hear(runId);
    } catch (thrown) {
      this.#failures.set(runId, messageOf(thrown));
      this.tell(runId);
    }
  }

  /**
   * Drives an open run until it stops. Everything up to the first wait happens at once, so two requests
   * cannot drive one run.
   * @throws AppError `RUN_BUSY`, or `ENGINE_ABORTED` while the server ends
   */
  drive(run: OpenRun): void {
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
      this.tell(runId);
    }).then(() => this.#hearAfterwards(runId));
    this.#drives.set(runId, { stop, pause, streamed, done });
    this.tell(runId);
  }

  #goesOn(runId: string): boolean {
    return this.#drives.has(runId) || this.#opening.has(runId);
  }

  /**
   * Tells what is logged, then what is streamed just now, then what comes. Returns what ends it.
   * @throws AppError `RUN_FOLDER_DAMAGED`
   */
  subscribe(runId: string, hearing: RunHearing): () => void {
    const { logPath } = runFolder(this.#parts.dataDir, runId);
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

  /** Stops what is driven, waits for it, and ends all subscriptions; nothing is driven afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { stop } of this.#drives.values()) stop.abort();
    await Promise.all([...this.#drives.values()].map(({ done }) => done));
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }
}

function goesOn(): AppError {
  return new AppError("RUN_BUSY", "The run is going on; wait until it stops, or stop it");
}
