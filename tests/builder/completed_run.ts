// A run that has come to its end without a model, for tests of what is left of it.
import { join } from "node:path";
import type { RunUser } from "../../builder/projects.ts";
import type { Services } from "../../builder/services.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import { examplePackage, until } from "./live_scene.ts";

/** A completed run and where it worked. */
export interface CompletedRun {
  readonly runId: string;
  readonly packageId: string;
  readonly projectDir: string;
}

/** Simulates hello-branch in a folder of its own beside the data folder. */
export async function completedRun(
  { liveRuns, store, config }: Services,
  user: RunUser,
): Promise<CompletedRun> {
  const { packageId } = await store.packages.create(user.userId, examplePackage("hello-branch"));
  const projectDir = join(config.dataDir, "..", "project");
  await Deno.mkdir(projectDir, { recursive: true });
  const connection = { provider: "simulate", model: "simulation" };
  const options = { ...DEFAULT_RUN_OPTIONS, allowAll: true };
  const runId = await liveRuns.start(user, { packageId, projectDir, connection, options });
  await until(async () => (await liveRuns.get(user, runId)).phase === "completed");
  return { runId, packageId, projectDir: await Deno.realPath(projectDir) };
}
