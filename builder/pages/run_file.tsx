// The page of a file that a run made. Not here: the run (`run.tsx`), and other files of its project.
import { FileOfRunPage } from "../../views/run/file_of_run.tsx";
import type { AppContext } from "../app_context.ts";
import { writtenFile } from "../artifact_writers.ts";
import { htmlResponse } from "../http/respond.tsx";
import { fileOfRun } from "../run_changes.ts";
import { readableText } from "../readable_text.ts";

/** `GET /runs/:runId/file?path=`: a file that the run made or changed, by whichever run it is now. */
export async function showFileOfRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user, frame } = c.var;
  const { record } = await liveRuns.get(user, c.req.param("runId") ?? "");
  const { projectDir, runId } = record;
  const path = c.req.query("path") ?? "";
  const content = await fileOfRun({ dataDir, record }, path);
  const runs = (await liveRuns.list(user)).map((view) => view.record)
    .filter((other) => other.projectDir === projectDir);
  const { lines, lastWriter } = await writtenFile({ dataDir, projectDir, runs, path });
  const text = readableText(content) ?? null;
  const packageName = record.package.name;
  const props = { frame, runId, packageName, path, text, bytes: content.length, lines, lastWriter };
  return await htmlResponse(<FileOfRunPage {...props} />);
}
