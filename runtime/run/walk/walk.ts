// One real walk: the engine drives a simulated model through a package, on folders that are gone
// afterwards. Not here: where to walk (`plan_walks.ts`), what to make of it (`simulate_package.ts`).
import { join } from "node:path";
import { simulatedConnection } from "../../llm/connection.ts";
import { openLlm } from "../../llm/open_llm.ts";
import { type Answers, answersPerson, simulatedPerson } from "../answers.ts";
import { executeRun } from "../execute_run.ts";
import { firstOf } from "../person.ts";
import { DEFAULT_RUN_OPTIONS } from "../run_folder.ts";
import type { RunOutcome } from "../session.ts";
import { startRun } from "../start_run.ts";
import type { PlannedWalk } from "./plan_walks.ts";
import { traceWalk, type WalkTrace } from "./walk_trace.ts";

/** How a walk is made. */
export interface WalkOptions {
  /** A `.bmad` file or a package folder. */
  readonly source: string;
  /** For the questions of the workflow; each walk has them all anew. */
  readonly answers: Answers;
  /** Visits of nodes after which a walk does not come to an end. */
  readonly maxVisits: number;
  readonly signal: AbortSignal;
}

/** A walk that is over. */
export interface Walk {
  readonly trace: WalkTrace;
  /** Why it did not complete; `null` if it did. */
  readonly failure: string | null;
}

/**
 * Walks once, in a temporary project and data folder. Everything is allowed there (`--yes`), and only
 * `maxVisits` limits the number of turns.
 * @throws AppError what `startRun` and `executeRun` throw
 */
export async function walkOnce(plan: PlannedWalk, options: WalkOptions): Promise<Walk> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-simulate-" });
  try {
    return await walkIn(dir, plan, options);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function walkIn(dir: string, plan: PlannedWalk, options: WalkOptions): Promise<Walk> {
  const projectDir = join(dir, "project");
  await Deno.mkdir(projectDir);
  const run = await startRun({
    source: options.source,
    projectDir,
    dataDir: join(dir, "data"),
    connection: { provider: "simulate", model: "simulation" },
    workflowId: plan.workflowId,
    options: { ...DEFAULT_RUN_OPTIONS, allowAll: true, maxTurns: Number.MAX_SAFE_INTEGER },
  });
  const trace = traceWalk();
  const limit = new AbortController();
  const outcome = await executeRun(run, {
    llm: openLlm(simulatedConnection(plan.decisions)),
    person: firstOf(answersPerson(options.answers), simulatedPerson),
    signal: AbortSignal.any([options.signal, limit.signal]),
    listener(event) {
      if (!("seq" in event)) return;
      trace.hear(event);
      if (trace.read().visits.length > options.maxVisits) limit.abort();
    },
  });
  return { trace: trace.read(), failure: failureOf(outcome, trace.read(), options) };
}

function failureOf(
  { phase, code, reason }: RunOutcome,
  { lastWords }: WalkTrace,
  { maxVisits }: WalkOptions,
): string | null {
  if (phase === "completed") return null;
  if (phase === "interrupted") {
    return `It does not come to an end: it was stopped after ${maxVisits} visits of nodes`;
  }
  // The simulation says itself why it gave up; the engine only knows that it did.
  if (code === "ENGINE_IDLE") return lastWords.replace(/^\[simulation\] /, "").replace(/\.$/, "");
  return reason ?? phase;
}
