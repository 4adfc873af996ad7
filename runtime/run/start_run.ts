// Prepares a run: package checked and installed, folder and state made. Nothing is executed here.
import { basename } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { BreakpointRequest } from "../../schemas/breakpoint.ts";
import type { Agent } from "../../schemas/package.ts";
import { writeFileAtomic } from "../disk/durable.ts";
import type { RunResumed } from "../../schemas/run_event.ts";
import { installedDir, installPackage } from "../package/install.ts";
import type { LoadedPackage } from "../package/load.ts";
import { loadChecked } from "../package/load_checked.ts";
import { initialState } from "../state/initial_state.ts";
import { checkBreakpoint, setBreakpoint } from "./breakpoints.ts";
import { saveCallStack } from "./call_stack.ts";
import { withDiskFailures } from "./disk_failure.ts";
import { chooseBeginning, chooseWorkflow } from "./beginning.ts";
import { withTalk } from "./talk.ts";
import { inputValues } from "./workflow_inputs.ts";
import {
  type ConnectionRecord,
  createRunFolder,
  newestRunId,
  readRecord,
  type RunFolder,
  type RunOptions,
  type RunRecord,
  saveRecord,
} from "./run_folder.ts";
import { stateDocumentPath } from "./active_workflow.ts";
import { packageToGoOn } from "./package_to_go_on.ts";

/** What a person asks for. */
export interface StartRequest {
  /** A `.bmad` file or a package folder. */
  readonly source: string;
  readonly projectDir: string;
  readonly dataDir: string;
  readonly connection: ConnectionRecord;
  readonly options: RunOptions;
  readonly workflowId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly input?: string | undefined;
  /** Talk with the agent, whatever the words. */
  readonly entry?: "chat" | undefined;
  /** Values for what the workflow declares (`declaredInputs`); checked if they are given. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Set before the run begins. */
  readonly breakpoints?: readonly BreakpointRequest[] | undefined;
}

/** A run that can be executed. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly package: LoadedPackage;
  readonly packageDir: string;
  /** Invisible to the run's tools: a model that wrote there could edit its own state and log. */
  readonly dataDir: string;
  /** A person's words for the model, said when the run was taken up again. */
  readonly advice?: string;
  /** A chat is ended, not gone on with. */
  readonly endsTalk?: true;
  /** The run goes on with another package than it had. */
  readonly packageChange?: NonNullable<RunResumed["packageChange"]>;
  /** Nodes of the workflow the run began with. */
  readonly nodeCount: number;
}

/**
 * Checks everything a run needs and makes its folder, phase `idle`.
 * @throws AppError `PKG_*` for a package that cannot run, `PROJECT_NOT_FOUND`, `ENGINE_PRECONDITION`,
 * `MENU_UNCLEAR` and `MENU_BUILTIN` if the agent's menu starts nothing yet, `INPUTS_INVALID`,
 * `BREAKPOINT_INVALID`, `FILE_WRITE_FAILED` if the data folder cannot be written
 */
export async function startRun(request: StartRequest): Promise<OpenRun> {
  return await withDiskFailures(async () =>
    await prepareRun(await loadChecked(request.source), request)
  );
}

/** `startRun` of a package in memory. @throws as `startRun`, but for what concerns its source */
export async function startLoadedRun(
  loaded: LoadedPackage,
  request: Omit<StartRequest, "source">,
): Promise<OpenRun> {
  return await withDiskFailures(() => prepareRun(loaded, request));
}

async function prepareRun(
  loaded: LoadedPackage,
  request: Omit<StartRequest, "source">,
): Promise<OpenRun> {
  const agent = chooseAgent(loaded, request.agentId);
  const breakpoints = request.breakpoints ?? [];
  const hasPrices = request.connection.prices !== undefined;
  const context = { workflows: loaded.workflows, hasPrices };
  for (const breakpoint of breakpoints) checkBreakpoint(breakpoint, context);
  const projectDir = await realProject(request.projectDir);
  const beginning = await chooseBeginning(loaded, agent, { ...request, projectDir });
  const { workflow, talk, input, data } = beginning;
  const variables = request.inputs && inputValues(loaded, workflow, request.inputs);
  const packageDir = await installPackage(loaded, request.dataDir);
  const now = new Date();
  const record: RunRecord = {
    formatVersion: 1,
    runId: newestRunId(request.dataDir, now),
    projectDir,
    package: { name: loaded.manifest.name, version: loaded.manifest.version, hash: loaded.hash },
    workflowId: workflow.id,
    agentId: agent.id,
    connection: request.connection,
    options: request.options,
    ...(input !== undefined && { input }),
    ...(talk && { talk }),
    ...(data && { data }),
    startedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    phase: "idle",
  };
  const folder = createRunFolder(request.dataDir, record);
  const state = initialState(workflow.documentText, {
    runId: record.runId,
    now,
    projectName: basename(projectDir),
    ...(variables && { variables }),
  });
  writeFileAtomic(stateDocumentPath(folder, workflow.id), state);
  saveCallStack(folder.stateDir, { activeWorkflowId: workflow.id, callers: [] });
  for (const breakpoint of breakpoints) setBreakpoint(folder, breakpoint, context);
  saveRecord(folder, record);
  const { dataDir } = request;
  const nodeCount = workflow.graph.nodes.length;
  return { folder, record, package: withTalk(loaded, talk), packageDir, dataDir, nodeCount };
}

/** How a run is to be taken up. */
export interface OpenRequest {
  /** From now on (`--yes`). */
  readonly allowAll: boolean;
  readonly advice?: string | undefined;
  /** Ends a chat: nothing is asked any more. */
  readonly endsTalk?: true | undefined;
  /** A `.bmad` file or a folder to go on with, instead of the copy that the run began with. */
  readonly source?: string | undefined;
  /** Another model; the run's own unless told. */
  readonly connection?: ConnectionRecord | undefined;
}

/**
 * Opens a run that has stopped.
 * @throws AppError `RUN_PHASE` if it is completed, `PROJECT_NOT_FOUND`, `PKG_INTEGRITY` with a verdict
 * if its copy of the package is damaged or `source` does not fit the run, other `PKG_*`
 */
export async function openRun(
  dataDir: string,
  folder: RunFolder,
  { allowAll, advice, source, connection, endsTalk }: OpenRequest,
): Promise<OpenRun> {
  const saved = readRecord(folder);
  if (saved.phase === "completed") {
    throw new AppError(
      "RUN_PHASE",
      `The run ${saved.runId} is completed; there is nothing to resume`,
    );
  }
  if (endsTalk && saved.talk?.runType !== "chat") {
    throw new AppError("RUN_PHASE", "Only a chat is ended so; stop this run, or let it complete");
  }
  await realProject(saved.projectDir);
  const options = { ...saved.options, allowAll: saved.options.allowAll || allowAll };
  const { loaded, change } = await packageToGoOn({ dataDir, folder, record: saved, source });
  const { name, version } = loaded.manifest;
  const record: RunRecord = {
    ...saved,
    options,
    package: { name, version, hash: loaded.hash },
    connection: connection ?? saved.connection,
  };
  const workflow = chooseWorkflow(loaded, record.workflowId);
  return {
    folder,
    record,
    package: loaded,
    packageDir: installedDir(dataDir, loaded.hash),
    dataDir,
    nodeCount: workflow.graph.nodes.length,
    ...(advice !== undefined && { advice }),
    ...(endsTalk && { endsTalk }),
    ...(change && { packageChange: change }),
  };
}

function chooseAgent(loaded: LoadedPackage, wanted: string | undefined): Agent {
  const found = wanted === undefined
    ? loaded.agents[0]
    : loaded.agents.find(({ id }) => id === wanted);
  if (found) return found;
  const ids = loaded.agents.map(({ id }) => id).join(", ");
  throw new AppError("ENGINE_PRECONDITION", `The package has no agent "${wanted}". It has: ${ids}`);
}

async function realProject(projectDir: string): Promise<string> {
  try {
    const real = await Deno.realPath(projectDir);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (cause) {
    throw new AppError(
      "PROJECT_NOT_FOUND",
      `The project folder "${projectDir}" cannot be opened. Make it first, or name another`,
      { cause },
    );
  }
  throw new AppError("PROJECT_NOT_FOUND", `The project "${projectDir}" is a file; name a folder`);
}
