// What a person does to a run besides answering it: breakpoints, a node begun afresh, an edit of its
// state. Not here: whose run it is (`run_ownership.ts`) and who drives it (`run_drives.ts`).
import { setBreakpoint } from "../runtime/run/breakpoints.ts";
import { retryNode } from "../runtime/run/retry_node.ts";
import { readRecord, type RunFolder } from "../runtime/run/run_folder.ts";
import { readActiveState, readPlace, type RunPlace } from "../runtime/run/run_place.ts";
import type { OpenRun } from "../runtime/run/start_run.ts";
import {
  editState,
  readRunState,
  type RunState,
  type StateEdit,
} from "../runtime/run/state_edit.ts";
import type { LoadedPackage } from "../runtime/package/load.ts";
import { withTalk } from "../runtime/run/talk.ts";
import { openProjectFiles } from "../runtime/tools/project_files.ts";
import type { Breakpoint, BreakpointRequest } from "../schemas/breakpoint.ts";
import { AppError } from "../schemas/error.ts";
import type { NodeRetry, RunMap, RunToRequest } from "./live_runs.ts";
import { type RunPackage, RunPackages } from "./run_packages.ts";

/** Controls of the runs in a data folder; contracts as in `live_runs.ts`. */
export class RunControls {
  readonly #dataDir: string;
  readonly #packages: RunPackages;
  readonly #tell: (runId: string) => void;

  /** @param tell that a run stands otherwise than it was seen */
  constructor(dataDir: string, tell: (runId: string) => void) {
    this.#dataDir = dataDir;
    this.#packages = new RunPackages(dataDir);
    this.#tell = tell;
  }

  async setBreakpoint(folder: RunFolder, request: BreakpointRequest): Promise<Breakpoint> {
    const { runId, connection: { prices } } = readRecord(folder);
    const workflows = await this.#workflows(folder);
    const set = setBreakpoint(folder, request, { workflows, hasPrices: prices !== undefined });
    this.#tell(runId);
    return set;
  }

  /** The one-time breakpoint of "run to here". */
  async setTarget(folder: RunFolder, { nodeId, ...asked }: RunToRequest): Promise<void> {
    if (readRecord(folder).phase === "completed") {
      throw new AppError("RUN_PHASE", "The run is completed, so it comes to no node any more");
    }
    const workflowId = asked.workflowId ?? (await this.place(folder)).workflowId;
    await this.setBreakpoint(folder, { at: "before", nodeId, workflowId, once: true });
  }

  async retry({ folder, record, package: { workflows } }: OpenRun, request: NodeRetry) {
    const { revert, force = false } = request;
    if (!revert) return await retryNode({ folder, workflows });
    const files = openProjectFiles(record.projectDir, this.#dataDir);
    try {
      return await retryNode({ folder, workflows, revert: { files, force } });
    } finally {
      files.close();
    }
  }

  async state(folder: RunFolder): Promise<RunState> {
    return readRunState(folder, await this.#workflows(folder));
  }

  async editState(folder: RunFolder, edit: StateEdit): Promise<RunState> {
    const state = await editState(folder, await this.#workflows(folder), edit);
    this.#tell(readRecord(folder).runId);
    return state;
  }

  async place(folder: RunFolder): Promise<RunPlace> {
    return readPlace(folder, await this.#workflows(folder));
  }

  async map(folder: RunFolder): Promise<RunMap> {
    const { loaded: { workflows }, graph } = await this.#packageOf(folder);
    const { workflow, nodeId, callers, read } = readActiveState(folder, workflows);
    const place = { workflowId: workflow.id, nodeId, callers };
    const { decisionLog: decisions = [], stepsCompleted } = read.state;
    return { place, decisions, stepsCompleted, graph };
  }

  /** The package as the run has it. @throws AppError `PKG_INTEGRITY` */
  async loaded(folder: RunFolder): Promise<LoadedPackage> {
    return (await this.#packages.of(readRecord(folder))).loaded;
  }

  async #workflows(folder: RunFolder) {
    return (await this.#packageOf(folder)).loaded.workflows;
  }

  /** With the workflow that the shell makes for a chat or a script. */
  async #packageOf(folder: RunFolder): Promise<RunPackage> {
    const record = readRecord(folder);
    const { loaded, graph } = await this.#packages.of(record);
    return { loaded: withTalk(loaded, record.talk), graph };
  }
}
