// Prepares a run: package checked and installed, folder and state made. Nothing is executed here.
import { basename } from "node:path";
import { AppError } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import { newRunId } from "../../schemas/ids.ts";
import type { Agent } from "../../schemas/package.ts";
import { checkPackage } from "../package/check.ts";
import { installedDir, installPackage } from "../package/install.ts";
import { type LoadedPackage, type LoadedWorkflow } from "../package/load.ts";
import { initialState } from "../state/initial_state.ts";
import { saveCallStack } from "./call_stack.ts";
import { writeFileAtomic } from "./data_folder.ts";
import { withDiskFailures } from "./disk_failure.ts";
import { type MenuStart, startFromMenu } from "./menu_start.ts";
import {
  type ConnectionRecord,
  createRunFolder,
  readRecord,
  type RunFolder,
  type RunOptions,
  type RunRecord,
  saveRecord,
} from "./run_folder.ts";
import { stateDocumentPath } from "./active_workflow.ts";

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
  /** Nodes of the workflow the run began with. */
  readonly nodeCount: number;
}

/**
 * Checks everything a run needs and makes its folder, phase `idle`.
 * @throws AppError `PKG_*` for a package that cannot run, `PROJECT_NOT_FOUND`, `ENGINE_PRECONDITION`,
 * `FILE_WRITE_FAILED` if the data folder cannot be written
 */
export async function startRun(request: StartRequest): Promise<OpenRun> {
  return await withDiskFailures(() => prepareRun(request));
}

async function prepareRun(request: StartRequest): Promise<OpenRun> {
  const loaded = await loadChecked(request.source);
  const agent = chooseAgent(loaded, request.agentId);
  const { workflow, input } = chooseStart(loaded, agent, request);
  const projectDir = await realProject(request.projectDir);
  const packageDir = await installPackage(loaded, request.dataDir);
  const now = new Date();
  const record: RunRecord = {
    formatVersion: 1,
    runId: newRunId(now),
    projectDir,
    package: { name: loaded.manifest.name, version: loaded.manifest.version, hash: loaded.hash },
    workflowId: workflow.id,
    agentId: agent.id,
    connection: request.connection,
    options: request.options,
    ...(input !== undefined && { input }),
    startedAt: now.toISOString(),
    updatedAt: now.toISOString(),
    phase: "idle",
  };
  const folder = createRunFolder(request.dataDir, record);
  const state = initialState(workflow.documentText, {
    runId: record.runId,
    now,
    projectName: basename(projectDir),
  });
  writeFileAtomic(stateDocumentPath(folder, workflow.id), state);
  saveCallStack(folder.stateDir, { activeWorkflowId: workflow.id, callers: [] });
  saveRecord(folder, record);
  const { dataDir } = request;
  const nodeCount = workflow.graph.nodes.length;
  return { folder, record, package: loaded, packageDir, dataDir, nodeCount };
}

/**
 * Opens a run that has stopped.
 * @throws AppError `RUN_PHASE` if it is completed, `PROJECT_NOT_FOUND`, `PKG_INTEGRITY` if its copy of
 * the package was changed, other `PKG_*` if it is damaged
 */
export async function openRun(
  dataDir: string,
  folder: RunFolder,
  options: { readonly allowAll: boolean; readonly advice?: string | undefined },
): Promise<OpenRun> {
  const saved = readRecord(folder);
  if (saved.phase === "completed") {
    throw new AppError(
      "RUN_PHASE",
      `The run ${saved.runId} is completed; there is nothing to resume`,
    );
  }
  const allowAll = saved.options.allowAll || options.allowAll;
  const record = { ...saved, options: { ...saved.options, allowAll } };
  await realProject(record.projectDir);
  const packageDir = installedDir(dataDir, record.package.hash);
  const loaded = await loadChecked(packageDir);
  if (loaded.hash !== record.package.hash) throw packageChanged(record);
  const workflow = chooseWorkflow(loaded, record.workflowId);
  const nodeCount = workflow.graph.nodes.length;
  const { advice } = options;
  const said = advice === undefined ? {} : { advice };
  return { folder, record, package: loaded, packageDir, dataDir, nodeCount, ...said };
}

/** The run's own copy is read-only and named by its hash, so only a hand from outside changes it. */
function packageChanged({ package: { name, version } }: RunRecord): AppError {
  return new AppError(
    "PKG_INTEGRITY",
    `The run's copy of the package "${name}" ${version} in the data folder was changed since the run began. Start a new run`,
  );
}

async function loadChecked(source: string): Promise<LoadedPackage> {
  const { package: loaded, findings } = await checkPackage(source);
  if (loaded && !hasErrors(findings)) return loaded;
  const errors = findings.filter(({ severity }) => severity === "error");
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new AppError(
    "PKG_INVALID",
    `The package cannot run: ${first?.file}: ${first?.message}${more}. See all with: crewagent check ${source}`,
    { details: { findings: errors } },
  );
}

function chooseWorkflow(loaded: LoadedPackage, wanted: string | undefined): LoadedWorkflow {
  const found = wanted === undefined
    ? loaded.workflows[0]
    : loaded.workflows.find(({ id }) => id === wanted);
  if (found) return found;
  const ids = loaded.workflows.map(({ id }) => id).join(", ");
  throw new AppError(
    "ENGINE_PRECONDITION",
    `The package has no workflow "${wanted}". It has: ${ids}`,
  );
}

/** Agent first: what is said goes through the agent's menu, unless a workflow is named as well. */
function chooseStart(loaded: LoadedPackage, agent: Agent, request: StartRequest): MenuStart {
  const { workflowId, agentId, input } = request;
  if (agentId !== undefined && workflowId === undefined && input !== undefined) {
    return startFromMenu(loaded, agent, input);
  }
  return { workflow: chooseWorkflow(loaded, workflowId), ...(input !== undefined && { input }) };
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
