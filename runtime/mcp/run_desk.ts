// Runs for somebody who is not at the terminal: started, answered and looked at by calls, while they go
// on in this process. What serves it (MCP over stdio) is `run_server.ts`.
import { AppError, messageOf } from "../../schemas/error.ts";
import type { Question } from "../../schemas/question.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { LlmConnection } from "../llm/connection.ts";
import { openLlm } from "../llm/open_llm.ts";
import { type LoadedPackage } from "../package/load.ts";
import { loadChecked } from "../package/load_checked.ts";
import { answerQuestion, decideApproval, openMatter } from "../run/answer_run.ts";
import { changedFiles } from "../run/changes.ts";
import { executeRun } from "../run/execute_run.ts";
import { nobody, type Person } from "../run/person.ts";
import {
  type ConnectionRecord,
  findRun,
  readRecord,
  type RunFolder,
  type RunOptions,
} from "../run/run_folder.ts";
import { readRunLog } from "../run/run_log.ts";
import { type OpenRun, openRun, startRun } from "../run/start_run.ts";
import { openProjectFiles } from "../tools/project_files.ts";

/** What a desk works with. */
export interface RunDeskOptions {
  readonly dataDir: string;
  /** The one folder that runs of this desk may work on. */
  readonly projectDir: string;
  /** `.bmad` files or folders. */
  readonly sources: readonly string[];
  readonly connection: ConnectionRecord;
  /** The model behind `connection`, with its key. */
  readonly model: LlmConnection;
  readonly options: RunOptions;
  /** Answers before the caller is asked: the simulation's. */
  readonly person?: Person;
  /** How long a call waits for the run to stop before it tells how far it is. */
  readonly waitMs: number;
}

/** A package as it is offered. */
export interface OfferedPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly workflows: readonly { readonly id: string; readonly description: string }[];
  readonly agents: readonly { readonly id: string; readonly title: string }[];
}

/** How a run stands. */
export interface RunStatus {
  readonly runId: string;
  readonly phase: RunPhase;
  readonly code?: string;
  readonly reason?: string;
  /** Where it is or was last. */
  readonly nodeId?: string;
  readonly turns: number;
  /** What it waits for; answer it and it goes on. */
  readonly waitsFor?: WaitsFor;
  /** Project files that the run has made or changed, as mount paths. */
  readonly artifacts: readonly string[];
}

/** A question, or a tool call that needs consent. */
export type WaitsFor =
  | { readonly kind: "question"; readonly question: Question }
  | {
    readonly kind: "approval";
    readonly tool: string;
    readonly path?: string;
    readonly diff?: string;
  };

/** What is asked of a new run. */
export interface DeskStart {
  readonly package: string;
  readonly workflow?: string | undefined;
  readonly agent?: string | undefined;
  readonly input?: string | undefined;
}

/** Words, or a decision on a tool call. */
export interface DeskAnswer {
  readonly text?: string | undefined;
  readonly decision?: "allow" | "deny" | undefined;
}

/** Runs behind calls. Failures are `AppError`; a run's own failure is part of its status. */
export interface RunDesk {
  packages(): readonly OfferedPackage[];
  start(request: DeskStart): Promise<RunStatus>;
  /** Answers what the run waits for, or tells its model something, and lets it go on. */
  answer(runId: string, answer: DeskAnswer): Promise<RunStatus>;
  status(runId: string): RunStatus;
  /** The text of a file that the run made or changed. @throws AppError `FILE_NOT_FOUND` */
  readArtifact(runId: string, path: string): Promise<string>;
  /** Stops what runs and waits until it has stopped; a run can be resumed later. */
  close(): Promise<void>;
}

/** Opens a desk. @throws AppError `PKG_*` if a source is no package that can run */
export async function openRunDesk(options: RunDeskOptions): Promise<RunDesk> {
  const { dataDir, projectDir, waitMs } = options;
  const offered = await Promise.all(options.sources.map(async (source) => ({
    source,
    loaded: await loadChecked(source),
  })));
  const abort = new AbortController();
  const driven = new Map<string, Promise<void>>();
  const failures = new Map<string, string>();

  const drive = (run: OpenRun) => {
    const { runId } = run.record;
    failures.delete(runId);
    const work = executeRun(run, {
      llm: openLlm(options.model),
      person: options.person ?? nobody,
      listener: () => {},
      signal: abort.signal,
    }).then(() => {}, (thrown) => void failures.set(runId, messageOf(thrown)))
      .finally(() => driven.delete(runId));
    driven.set(runId, work);
    return work;
  };
  const statusAfter = async (folder: RunFolder, work: Promise<void>) => {
    const timer = Promise.withResolvers<void>();
    const id = setTimeout(timer.resolve, waitMs);
    await Promise.race([work, timer.promise]);
    clearTimeout(id);
    return statusOf(folder, failures);
  };

  return {
    packages: () => offered.map(({ loaded }) => describe(loaded)),
    async start(request) {
      const found = offered.find(({ loaded }) => loaded.manifest.name === request.package);
      if (!found) {
        const names = offered.map(({ loaded }) => loaded.manifest.name).join(", ");
        throw new AppError(
          "PKG_NOT_FOUND",
          `There is no package "${request.package}" here. There are: ${names}`,
        );
      }
      const run = await startRun({
        source: found.source,
        projectDir,
        dataDir,
        connection: options.connection,
        options: options.options,
        workflowId: request.workflow,
        agentId: request.agent,
        input: request.input,
      });
      return await statusAfter(run.folder, drive(run));
    },
    async answer(runId, { text, decision }) {
      const folder = ownRun(dataDir, runId, projectDir);
      if (driven.has(runId)) {
        throw new AppError("RUN_BUSY", "The run is going on; ask for its status until it waits");
      }
      const matter = openMatter(folder);
      if (decision !== undefined) decideApproval(dataDir, folder, { decision, scope: "once" });
      else if (matter?.kind === "question") answerQuestion(folder, text ?? "");
      else if (matter?.kind === "approval") {
        throw new AppError("ANSWERS_INVALID", 'The run needs a decision: "allow" or "deny"');
      }
      const advice = matter ? undefined : text;
      const run = await openRun(dataDir, folder, { allowAll: false, advice });
      return await statusAfter(folder, drive(run));
    },
    status: (runId) => statusOf(ownRun(dataDir, runId, projectDir), failures),
    async readArtifact(runId, path) {
      const folder = ownRun(dataDir, runId, projectDir);
      const known = changedFiles(readRunLog(folder.logPath)).some((file) => file.path === path);
      const files = openProjectFiles(readRecord(folder).projectDir, dataDir);
      try {
        const file = known ? await files.load(path) : null;
        if (file) return new TextDecoder().decode(file.bytes);
      } finally {
        files.close();
      }
      throw new AppError("FILE_NOT_FOUND", `The run made no file "${path}" that is still there`);
    },
    async close() {
      abort.abort();
      await Promise.all(driven.values());
    },
  };
}

/** A desk tells of its own project only. */
function ownRun(dataDir: string, runId: string, projectDir: string): RunFolder {
  const folder = findRun(dataDir, runId);
  if (readRecord(folder).projectDir === Deno.realPathSync(projectDir)) return folder;
  throw new AppError("RUN_NOT_FOUND", `The run "${runId}" belongs to another project`);
}

function statusOf(folder: RunFolder, failures: ReadonlyMap<string, string>): RunStatus {
  const { runId, phase, code, reason } = readRecord(folder);
  const events = readRunLog(folder.logPath);
  const nodeId = events.findLast((event) => event.type === "node_entered")?.nodeId;
  const why = failures.get(runId) ?? reason;
  const waitsFor = phase === "waiting" ? waitsForOf(folder) : undefined;
  return {
    runId,
    phase,
    ...(code !== undefined && { code }),
    ...(why !== undefined && phase !== "completed" && { reason: why }),
    ...(nodeId !== undefined && { nodeId }),
    turns: events.filter(({ type }) => type === "request_sent").length,
    ...(waitsFor && { waitsFor }),
    artifacts: changedFiles(events).filter(({ after }) => after !== null).map(({ path }) => path),
  };
}

function waitsForOf(folder: RunFolder): WaitsFor | undefined {
  const matter = openMatter(folder);
  if (matter?.kind === "question") return { kind: "question", question: matter.question };
  if (matter?.kind !== "approval") return undefined;
  const { tool, path, diff } = matter;
  return { kind: "approval", tool, ...(path && { path }), ...(diff && { diff }) };
}

function describe({ manifest, workflows, agents }: LoadedPackage): OfferedPackage {
  return {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description ?? "",
    workflows: workflows.map(({ id, description, displayName }) => ({
      id,
      description: description ?? displayName ?? "",
    })),
    agents: agents.map(({ id, metadata }) => ({ id, title: metadata.title })),
  };
}
