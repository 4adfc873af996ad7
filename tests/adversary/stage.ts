// Plays one seed: a run with a hostile model behind a real server, taken up again whenever it stops, and
// at the end an honest model that has to be able to finish it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "../../schemas/run_event.ts";
import { connectionFromEnvironment, simulatedConnection } from "../../runtime/llm/connection.ts";
import type { Llm } from "../../runtime/llm/llm.ts";
import { openLlm } from "../../runtime/llm/open_llm.ts";
import { readCallStack } from "../../runtime/run/call_stack.ts";
import { executeRun } from "../../runtime/run/execute_run.ts";
import type { Person } from "../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../../runtime/run/run_folder.ts";
import { type OpenRun, openRun, startRun } from "../../runtime/run/start_run.ts";
import { startModelServer } from "../model_server/model_server.ts";
import { hostileModel } from "./hostile_model.ts";
import { type Breach, openJudge } from "./invariants.ts";
import { writeMaze } from "./maze.ts";
import { fickle, hasOpenCalls, HELPFUL } from "./people.ts";
import { type Random, randomOf } from "./random.ts";
import { judgeRequests } from "./request_rules.ts";
import type { Attack } from "./scene.ts";
import { armWorld, tidyProject, watchWorld } from "./world.ts";

/** Packages that are attacked, in turn. */
export const PACKAGES = ["maze", "create-story", "review-loop", "two-workflows"] as const;

/** What is played. */
export interface Play {
  readonly seed: number;
  readonly groups: readonly (readonly Attack[])[];
  /** How often the model works honestly, 0 to 1; 0.08 unless told. */
  readonly honesty?: number;
  readonly maxTurns: number;
  readonly package?: (typeof PACKAGES)[number];
  readonly options?: Partial<RunOptions>;
  /** Prompt and answer together; a million unless told. */
  readonly windowTokens?: number;
  /** The person also gives advice while calls of the same message are still open. */
  readonly advisesMidway?: boolean;
  /** In the maze, one of two edges to the same node has a condition that is false. */
  readonly isBackDoorClosed?: boolean;
  /** The person stops the run when it logs the first of these; else now and then, by chance. */
  readonly stopAt?: RunEvent["type"];
}

/** How it went. */
export interface Played {
  readonly turns: number;
  /** Phase and code of each stop under the hostile model. */
  readonly stops: readonly string[];
  /** What the hostile model did: number of the request, node, attack. */
  readonly moves: readonly string[];
  /** Everything the run logged. */
  readonly events: readonly RunEvent[];
  readonly breaches: readonly Breach[];
  /** Who finished the run; `nobody` is a failure. */
  readonly finishedBy: "hostile model" | "simulation" | "good model" | "nobody";
}

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
/** So large that a flood of a megabyte has room. */
const WINDOW = 1_000_000;

/** Plays a seed to its end and judges it. Throws nothing that the run throws: that is a breach, too. */
export async function play(request: Play): Promise<Played> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    return await playIn(root, request);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function playIn(root: string, request: Play): Promise<Played> {
  const { seed, maxTurns, windowTokens = WINDOW } = request;
  const name = request.package ?? PACKAGES[seed % PACKAGES.length] ?? "maze";
  const places = await armWorld(root, { isDataInside: seed % 4 >= 2 });
  const source = name === "maze"
    ? await writeMaze(join(root, "maze"), { isBackDoorClosed: request.isBackDoorClosed ?? false })
    : join(EXAMPLES, name);
  let answer: Parameters<typeof startModelServer>[0] & object = {};
  const moves: string[] = [];
  await using server = startModelServer({ reply: (asked) => answer.reply?.(asked) });
  const run = await startRun({
    source,
    projectDir: places.project,
    dataDir: places.data,
    connection: { provider: "openai", model: "hostile", baseUrl: server.baseUrl },
    options: { ...optionsOf(seed, name), ...request.options },
  });
  const graphs = new Map(run.package.workflows.map(({ id, graph }) => [id, graph]));
  const known = { ...places, runDir: run.folder.dir };
  const hostile = {
    seed,
    graphs: [...graphs.values()],
    places: known,
    readDocument: () => readActiveDocument(run),
    onMove: (number: number, node: string, attack: string) =>
      void moves.push(`${number} ${node}: ${attack}`),
  };
  const judge = openJudge({
    graphs,
    workflowId: run.record.workflowId,
    runDir: run.folder.dir,
    projectDir: places.project,
    options: run.record.options,
  });
  const breaches: Breach[] = [];
  const guarded = watchWorld(known);
  const breach = (rule: string, text: string) =>
    breaches.push({ rule, seq: judge.events.at(-1)?.seq ?? 0, text });
  const served = openLlm({
    ...connectionFromEnvironment({ model: "hostile", baseUrl: server.baseUrl }, {}),
    maxRetries: 0,
    contextWindowTokens: windowTokens,
    streaming: seed % 2 === 0,
  });
  const stops: string[] = [];
  let current = run;

  const drive = async (llm: Llm, person: Person, random?: Random): Promise<string> => {
    const stop = new AbortController();
    try {
      const { phase, code } = await executeRun(current, {
        llm,
        person,
        signal: stop.signal,
        listener(event) {
          judge.hear(event);
          if (random && "seq" in event && isStop(event, random)) stop.abort();
        },
      });
      if (phase === "running" || phase === "idle") breach("stop", `executeRun() ended ${phase}`);
      stops.push(code ? `${phase} ${code}` : phase);
      if (phase !== "completed") current = await reopen(current);
      return phase;
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
      breach("stop", `executeRun() threw: ${text.slice(0, 600)}`);
      stops.push("threw");
      current = await reopen(current);
      return "threw";
    }
  };

  const isStop = ({ type }: RunEvent, random: Random): boolean => {
    if (request.stopAt === undefined) {
      return run.record.options.context !== "run" && random.chance(0.001);
    }
    return type === request.stopAt &&
      judge.events.filter((event) => event.type === type).length < 2;
  };

  const { groups, honesty = 0.08 } = request;
  answer = { reply: hostileModel({ ...hostile, groups, honesty }) };
  let phase = "";
  let idle = 0;
  for (
    let stop = 0;
    phase !== "completed" && idle < 5 && server.requests.length < maxTurns;
    stop++
  ) {
    const taken = server.requests.length;
    const random = randomOf(seed, 1_000_000 + stop);
    phase = await drive(
      served,
      fickle(random, () => request.advisesMidway || !hasOpenCalls(judge.events)),
      random,
    );
    idle = server.requests.length === taken ? idle + 1 : 0;
  }
  const turns = server.requests.length;
  let finishedBy: Played["finishedBy"] = phase === "completed" ? "hostile model" : "nobody";
  const simulation = openLlm({ ...simulatedConnection(), contextWindowTokens: windowTokens });
  for (let attempt = 0; attempt < 6 && finishedBy === "nobody"; attempt += 1) {
    tidyProject(places.project);
    if (await drive(simulation, HELPFUL) === "completed") finishedBy = "simulation";
  }
  answer = { reply: hostileModel({ ...hostile, groups: [], honesty: 1 }) };
  for (let attempt = 0; attempt < 2 && finishedBy === "nobody"; attempt += 1) {
    if (await drive(served, HELPFUL) === "completed") finishedBy = "good model";
  }
  if (finishedBy === "nobody") breach("continue", `no honest model can finish: ${stops.slice(-6)}`);
  judgeDisk();
  for (const text of judgeRequests(server.requests, [root, Deno.cwd()])) breach("request", text);
  return {
    turns,
    stops,
    moves,
    events: judge.events,
    breaches: [...judge.breaches, ...breaches],
    finishedBy,
  };

  function judgeDisk(): void {
    const announced = new Set(
      judge.events.flatMap((event) => event.type === "file_changed" ? [event.path] : []),
    );
    for (const path of guarded.changed(announced)) breach("disk", `${path} was changed`);
    const log = judge.events.map((event) => `${JSON.stringify(event)}\n`).join("");
    if (Deno.readTextFileSync(run.folder.logPath) !== log) breach("disk", "log.jsonl differs");
    if ((({}) as { polluted?: unknown }).polluted) breach("disk", "Object.prototype is polluted");
  }
}

/** Options change from seed to seed; conditions bind only where the judge understands them all. */
function optionsOf(seed: number, name: string): RunOptions {
  return {
    ...DEFAULT_RUN_OPTIONS,
    context: seed % 3 === 0 ? "run" : "node",
    allowAll: seed % 5 === 0,
    conditionsBinding: name === "maze" && seed % 8 >= 4,
  };
}

function readActiveDocument({ folder }: OpenRun): string {
  const { activeWorkflowId } = readCallStack(folder.stateDir);
  const path = join(folder.stateDir, "workflows", activeWorkflowId, "workflow.md");
  return Deno.readTextFileSync(path);
}

async function reopen(run: OpenRun): Promise<OpenRun> {
  return await openRun(run.dataDir, run.folder, { allowAll: false });
}
