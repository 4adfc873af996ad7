// What a person may ask of their runs: each request is checked, and passed on to what drives the run. Not
// here: the contract (`live_runs.ts`) and the driving (`run_drives.ts`).
import { loadCheckedFiles } from "../runtime/package/load_checked.ts";
import { answerQuestion, decideApproval, openMatter } from "../runtime/run/answer_run.ts";
import type { OpenMatter } from "../runtime/run/answer_run.ts";
import { forkRun } from "../runtime/run/fork_run.ts";
import { readRecord, type RunFolder } from "../runtime/run/run_folder.ts";
import { type OpenRun, openRun, startLoadedRun } from "../runtime/run/start_run.ts";
import { CHAT_WAITS } from "../runtime/run/talk.ts";
import { addWords } from "../runtime/run/waiting_words.ts";
import { readBreakpoints, removeBreakpoint } from "../runtime/run/breakpoints.ts";
import type { RunPlace } from "../runtime/run/run_place.ts";
import type { RunState, StateEdit } from "../runtime/run/state_edit.ts";
import type { Breakpoint, BreakpointRequest } from "../schemas/breakpoint.ts";
import type { Spent } from "../runtime/run/usage.ts";
import { AppError } from "../schemas/error.ts";
import type { Agent } from "../schemas/package.ts";
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
import { type RunDrive, RunDrives } from "./run_drives.ts";
import type { RunHearing } from "./run_feed.ts";
import { openRunIndex, type RunIndex } from "./run_index.ts";
import { RunOwnership } from "./run_ownership.ts";
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

class DrivenRuns implements LiveRuns {
  readonly #parts: LiveRunsParts;
  readonly #drives: RunDrives;
  readonly #ownership: RunOwnership;
  readonly #controls: RunControls;
  readonly #index: RunIndex;

  constructor(parts: LiveRunsParts) {
    this.#parts = parts;
    this.#drives = new RunDrives(parts);
    this.#ownership = new RunOwnership(parts.store.runOwners, parts.dataDir);
    this.#controls = new RunControls(parts.dataDir, (runId) => this.#drives.tell(runId));
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
    const isOwn = await this.#ownership.ofUser(user);
    return this.#index.records()
      .filter(({ runId }) => isOwn(runId))
      .map((record) => this.#drives.view(record));
  }

  async get(user: RunUser, runId: string): Promise<RunView> {
    return this.#drives.view(readRecord(await this.#ownership.folderOf(user, runId)));
  }

  spent({ record: { runId } }: RunView): Promise<Spent> {
    return Promise.resolve(this.#index.spent(runId));
  }

  async matter(user: RunUser, runId: string): Promise<OpenMatter | null> {
    return this.#drives.matterOf(await this.get(user, runId));
  }

  async waiting(user: RunUser): Promise<readonly WaitingRun[]> {
    const waiting = (await this.list(user)).filter(({ phase, code }) =>
      phase === "waiting" && code !== CHAT_WAITS
    );
    return waiting.map((view) => ({ ...view, matter: this.#drives.matterOf(view) }));
  }

  async answer(user: RunUser, runId: string, { callId, text }: QuestionReply): Promise<void> {
    const folder = await this.#stopped(user, runId);
    requireOpen(folder, callId);
    answerQuestion(folder, text);
    await this.#drives.goOn(user, folder);
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
    await this.#drives.goOn(user, folder);
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
    const matter = this.#drives.matterOf(this.#drives.view(readRecord(folder)));
    if (matter) {
      const asked = matter.kind === "question" ? "an answer" : "a decision";
      throw new AppError("RUN_PHASE", `The run waits for ${asked}; give it, and the run goes on`);
    }
    await this.#drives.goOn(user, folder, request);
  }

  async say(user: RunUser, runId: string, text: string): Promise<void> {
    const folder = await this.#ownership.folderOf(user, runId);
    if (this.#drives.view(readRecord(folder)).phase === "completed") {
      throw new AppError("RUN_PHASE", "The run is completed and hears nothing any more");
    }
    addWords(folder, text);
    await this.#drives.hear(user, runId);
  }

  async dismiss(user: RunUser, runId: string): Promise<void> {
    const folder = await this.#ownership.folderOf(user, runId);
    const drive = this.#drives.driveOf(runId);
    this.#drives.stopHearing(runId);
    drive?.stop.abort();
    await drive?.done;
    const { talk, phase } = readRecord(folder);
    if (talk?.runType !== "chat" || phase === "completed") return;
    await this.#drives.goOn(user, await this.#stopped(user, runId), { endsTalk: true });
    await this.#drives.driveOf(runId)?.done;
  }

  async agent(user: RunUser, runId: string): Promise<Agent | null> {
    const folder = await this.#ownership.folderOf(user, runId);
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
    const folder = await this.#ownership.folderOf(user, runId);
    const record = readRecord(folder);
    const projectDir = await projects.admit(user, record.projectDir);
    const { connection, options, agentId } = record;
    const loaded = await this.#controls.loaded(folder);
    const asked = { projectDir, dataDir, connection, options, agentId, input: says };
    return await this.#begin(user, await startLoadedRun(loaded, asked));
  }

  async fork(user: RunUser, runId: string, { nodeId, input }: ForkStart): Promise<string> {
    const { dataDir, projects } = this.#parts;
    const folder = await this.#ownership.folderOf(user, runId);
    await projects.admit(user, readRecord(folder).projectDir);
    const fork = forkRun({ dataDir, folder, nodeId, input, allowAll: false });
    return await this.#begin(user, await openRun(dataDir, fork, { allowAll: false }));
  }

  async breakpoints(user: RunUser, runId: string): Promise<readonly Breakpoint[]> {
    return readBreakpoints(await this.#ownership.folderOf(user, runId));
  }

  async setBreakpoint(user: RunUser, runId: string, request: BreakpointRequest) {
    return await this.#controls.setBreakpoint(await this.#ownership.folderOf(user, runId), request);
  }

  async removeBreakpoint(user: RunUser, runId: string, breakpointId: string): Promise<void> {
    removeBreakpoint(await this.#ownership.folderOf(user, runId), breakpointId);
    this.#drives.tell(runId);
  }

  async runTo(user: RunUser, runId: string, request: RunToRequest): Promise<void> {
    const view = await this.get(user, runId);
    await this.#controls.setTarget(await this.#ownership.folderOf(user, runId), request);
    const isOpen = view.phase === "running" || this.#drives.matterOf(view) !== null;
    if (!isOpen) await this.resume(user, runId);
  }

  async retry(user: RunUser, runId: string, request: NodeRetry = {}): Promise<readonly string[]> {
    const folder = await this.#stopped(user, runId);
    let paths: readonly string[] = [];
    await this.#drives.goOn(user, folder, {
      prepare: async (run) => {
        paths = await this.#controls.retry(run, request);
      },
    });
    return paths;
  }

  async state(user: RunUser, runId: string): Promise<RunState> {
    return await this.#controls.state(await this.#ownership.folderOf(user, runId));
  }

  async editState(user: RunUser, runId: string, edit: StateEdit): Promise<RunState> {
    return await this.#controls.editState(await this.#stopped(user, runId), edit);
  }

  async place(user: RunUser, runId: string): Promise<RunPlace> {
    return await this.#controls.place(await this.#ownership.folderOf(user, runId));
  }

  async map(user: RunUser, runId: string): Promise<RunMap> {
    return await this.#controls.map(await this.#ownership.folderOf(user, runId));
  }

  async subscribe(user: RunUser, runId: string, hearing: RunHearing): Promise<() => void> {
    await this.#ownership.folderOf(user, runId);
    return this.#drives.subscribe(runId, hearing);
  }

  async close(): Promise<void> {
    await this.#drives.close();
  }

  /** Whose it is comes before the first event, so that nobody else ever sees it. */
  async #begin(user: RunUser, run: OpenRun): Promise<string> {
    const { runId } = run.record;
    await this.#parts.store.runOwners.add(runId, user.userId);
    this.#drives.drive(run);
    return runId;
  }

  async #stopped(user: RunUser, runId: string): Promise<RunFolder> {
    const folder = await this.#ownership.folderOf(user, runId);
    this.#drives.requireStopped(runId);
    return folder;
  }

  async #driving(user: RunUser, runId: string): Promise<RunDrive> {
    await this.#ownership.folderOf(user, runId);
    const drive = this.#drives.driveOf(runId);
    if (drive) return drive;
    throw new AppError("RUN_PHASE", "This server does not drive the run now, so it cannot stop it");
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
