// What a run did, over the API: its tool calls, the changes of its project, its artifacts and who wrote
// their lines, and all of it as one file.
import { exportRun as exportedRun } from "../../runtime/run/export_run.ts";
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { EXPORT_EXTENSION } from "../../runtime/run/run_story.ts";
import { openProjectFiles } from "../../runtime/tools/project_files.ts";
import type { AppContext } from "../app_context.ts";
import { artifactsOfRun, type WrittenFile, writtenFile } from "../artifact_writers.ts";
import { attachment } from "../http/attachment.ts";
import { dataResponse } from "../http/respond.tsx";
import { type ChangedRun, changesOfRun, fileOfRun } from "../run_changes.ts";
import { fitsCalls, toolCalls } from "../tool_calls.ts";
import type { ApiRequest } from "./operation.ts";

/** The caller's run, in a project that the caller may still look into. */
async function runOf(c: AppContext, { params }: ApiRequest): Promise<ChangedRun> {
  const { services: { liveRuns, projects, config: { dataDir } }, user } = c.var;
  const { record } = await liveRuns.get(user, params.runId ?? "");
  await projects.admit(user, record.projectDir);
  return { dataDir, record };
}

/** `GET /runs/{runId}/tool-calls`. */
export async function listToolCalls(
  c: AppContext,
  { params, query }: ApiRequest,
): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user } = c.var;
  const { record: { runId } } = await liveRuns.get(user, params.runId ?? "");
  const { tool = "", outcome = "", after = 0, limit = 100 } = query as {
    tool?: string;
    outcome?: string;
    after?: number;
    limit?: number;
  };
  const fitting = toolCalls(readRunLog(runFolder(dataDir, runId).logPath)).filter((call) =>
    call.seq > after && fitsCalls(call, { tool, outcome })
  );
  const page = fitting.slice(0, limit);
  return dataResponse({
    calls: page.map(({ lastSeq: _lastSeq, ...call }) => call),
    next: fitting.length > limit ? page.at(-1)?.seq ?? null : null,
  });
}

/** `GET /runs/{runId}/changes`. */
export async function listChanges(c: AppContext, request: ApiRequest): Promise<Response> {
  return dataResponse(await changesOfRun(await runOf(c, request)));
}

/** `GET /runs/{runId}/artifacts`. */
export async function listArtifacts(c: AppContext, request: ApiRequest): Promise<Response> {
  return dataResponse(await artifactsOfRun(await runOf(c, request)));
}

/** `GET /runs/{runId}/artifacts/{path}`. */
export async function readArtifact(c: AppContext, request: ApiRequest): Promise<Response> {
  const { path = "" } = request.params;
  const bytes = await fileOfRun(await runOf(c, request), path);
  const headers = {
    "content-type": "application/octet-stream",
    "content-disposition": attachment(path.split("/").at(-1) ?? "artifact"),
  };
  return new Response(bytes, { headers });
}

/** `GET /runs/{runId}/provenance/{path}`. */
export async function showProvenance(c: AppContext, request: ApiRequest): Promise<Response> {
  const { path = "" } = request.params;
  const run = await runOf(c, request);
  await fileOfRun(run, path);
  const { dataDir, record } = run;
  const { projectDir } = record;
  const file = await writtenFile({ dataDir, projectDir, runs: [record], path });
  return dataResponse(shownProvenance(file));
}

/** `GET /provenance?projectDir=&path=`: over all runs of the caller on this project. */
export async function traceFile(c: AppContext, { query }: ApiRequest): Promise<Response> {
  const { services: { liveRuns, projects, config: { dataDir } }, user } = c.var;
  const { projectDir: asked = "", path = "" } = query as { projectDir?: string; path?: string };
  const projectDir = await projects.admit(user, asked);
  const runs = (await liveRuns.list(user)).map(({ record }) => record)
    .filter((record) => record.projectDir === projectDir);
  return dataResponse(shownProvenance(await writtenFile({ dataDir, projectDir, runs, path })));
}

function shownProvenance({ path, sha256, lastWriter, lines }: WrittenFile) {
  return { path, sha256, lastWriter, lines };
}

/** `GET /runs/{runId}/export`. */
export async function exportRun(c: AppContext, request: ApiRequest): Promise<Response> {
  const { dataDir, record: { runId, projectDir } } = await runOf(c, request);
  const files = openProjectFiles(projectDir, dataDir);
  try {
    const { bytes } = await exportedRun(runFolder(dataDir, runId), files);
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": "application/zip",
        "content-disposition": attachment(`${runId}${EXPORT_EXTENSION}`),
      },
    });
  } finally {
    files.close();
  }
}
