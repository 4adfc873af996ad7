// A place for live runs: a real store, a project folder, a model server with a script, the owner "mina"
// and the member "otto", who has nothing.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LiveRuns, RunStart, RunView } from "../../builder/live_runs.ts";
import { openLiveRuns } from "../../builder/open_live_runs.ts";
import { openProjects, type Projects } from "../../builder/projects.ts";
import type { Store } from "../../builder/store/store.ts";
import type { User } from "../../builder/store/user.ts";
import { readFolder } from "../../runtime/package/folder.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import { type ModelServer, startModelServer } from "../model_server/model_server.ts";
import type { Reply, ReplyFunction } from "../model_server/script.ts";
import { openCheapStore } from "./store/temporary_store.ts";

/** What a test of live runs has. */
export interface LiveScene {
  readonly dir: string;
  readonly dataDir: string;
  readonly projectDir: string;
  readonly store: Store;
  readonly projects: Projects;
  readonly live: LiveRuns;
  readonly model: ModelServer;
  readonly mina: User;
  readonly otto: User;
  /** Asks for a run of hello-branch with the model server. */
  readonly request: RunStart;
  /** Waits until mina's run is in one of these phases and driven no more. */
  settled(runId: string, ...phases: readonly RunPhase[]): Promise<RunView>;
  /** Another server on the same data, as after a restart. */
  reopened(): LiveRuns;
  readonly log: string[];
}

/** The files of an example. */
export function examplePackage(name: string) {
  const dir = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  return readFolder(dir, name);
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A reply that calls one tool. */
export const call = (name: string, args: Record<string, unknown>): Reply => ({
  toolCalls: [{ name, arguments: args }],
});

/** A reply that begins and never ends. */
export const STALLS: Reply = { text: "slow ".repeat(20), mood: "stall" };

/** Runs a test in a place of its own. */
export async function withLive(
  script: readonly Reply[] | ReplyFunction,
  test: (scene: LiveScene) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-live-" });
  const [dataDir, projectDir] = [join(dir, "data"), join(dir, "project")];
  await Deno.mkdir(projectDir);
  const store = await openCheapStore(dataDir);
  await using model = startModelServer(
    typeof script === "function" ? { reply: script } : { replies: script },
  );
  const projects = openProjects(store.settings, dataDir);
  const log: string[] = [];
  const opened: LiveRuns[] = [];
  const reopened = () => {
    const live = openLiveRuns({ store, projects, dataDir, log: (line) => log.push(line) });
    opened.push(live);
    return live;
  };
  try {
    const live = reopened();
    const mina = await store.users.createOwner({ username: "mina", password: "correct horse" });
    const otto = await store.users.createMember({ username: "otto", password: "correct horse" });
    const { packageId } = await store.packages.create(mina.userId, examplePackage("hello-branch"));
    const connection = { provider: "openai", model: "m", baseUrl: model.baseUrl };
    const request = { packageId, projectDir, connection, options: DEFAULT_RUN_OPTIONS };
    const settled: LiveScene["settled"] = async (runId, ...phases) => {
      let view = await live.get(mina, runId);
      await until(async () => {
        view = await live.get(mina, runId);
        return !view.isDrivenHere && phases.includes(view.phase);
      });
      return view;
    };
    const places = { dir, dataDir, projectDir, store, projects };
    await test({ ...places, live, model, mina, otto, request, settled, reopened, log });
  } finally {
    await Promise.all(opened.map((live) => live.close()));
    await store.close();
    await Deno.remove(dir, { recursive: true });
  }
}
