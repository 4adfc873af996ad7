// A run of an example that the simulation or a scripted model drives, for tests of its controls.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { connectionOfRecord } from "../../../runtime/commands/connection_of_record.ts";
import type { Decisions } from "../../../runtime/llm/connection.ts";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { simulatedPerson } from "../../../runtime/run/answers.ts";
import { executeRun } from "../../../runtime/run/execute_run.ts";
import { nobody } from "../../../runtime/run/person.ts";
import { DEFAULT_RUN_OPTIONS, type RunOptions } from "../../../runtime/run/run_folder.ts";
import type { RunListener } from "../../../runtime/run/run_recorder.ts";
import { readRunLog } from "../../../runtime/run/run_log.ts";
import type { RunOutcome } from "../../../runtime/run/session.ts";
import { type OpenRun, openRun, startRun } from "../../../runtime/run/start_run.ts";
import type { BreakpointRequest } from "../../../schemas/breakpoint.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import { validate } from "../../../schemas/validate.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";

/** What a test of controls has. */
export interface ControlScene {
  readonly project: string;
  readonly run: OpenRun;
  readonly server: ModelServer;
  /** Drives from where the run stands, as a process that takes it up does. */
  drive(listener?: RunListener): Promise<RunOutcome>;
  log(): RunEvent[];
  /** Phase and reason of each stop, driving it at most this often. */
  stops(times: number): Promise<string[]>;
}

/** How the run is made. Without replies it is a simulation. */
export interface ControlPlan {
  readonly example?: string;
  readonly replies?: readonly Reply[];
  readonly breakpoints?: readonly BreakpointRequest[];
  readonly options?: Partial<RunOptions>;
  /** What the simulation decides, visit by visit. */
  readonly decisions?: Decisions;
}

/** Runs a test with a run; every event of its log has to fit the schema in the end. */
export async function withControls(
  plan: ControlPlan,
  test: (scene: ControlScene) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-control-" });
  const project = join(dir, "project");
  await Deno.mkdir(project);
  const { example = "hello-branch", replies, breakpoints, options, decisions = {} } = plan;
  await using server = startModelServer({ replies: replies ?? [] });
  const scripted = { provider: "openai", model: "m", baseUrl: server.baseUrl };
  const prices = { inputPerMillion: 1, outputPerMillion: 1 };
  const run = await startRun({
    source: fileURLToPath(new URL(`../../../examples/${example}`, import.meta.url)),
    projectDir: project,
    dataDir: join(dir, "data"),
    connection: replies ? { ...scripted, prices } : { provider: "simulate", model: "simulation" },
    options: { ...DEFAULT_RUN_OPTIONS, allowAll: true, ...options },
    breakpoints,
  });
  const { dataDir, folder, record: { runId } } = run;
  const drive = async (listener: RunListener = () => {}) => {
    const opened = await openRun(dataDir, folder, { allowAll: false });
    return await executeRun(opened, {
      llm: openLlm(connectionOfRecord(opened.record.connection, { dataDir, runId, decisions })),
      person: replies ? nobody : simulatedPerson,
      listener,
      signal: new AbortController().signal,
    });
  };
  const log = () => readRunLog(folder.logPath);
  const stops = async (times: number) => {
    const found: string[] = [];
    let phase = "";
    for (let time = 0; time < times && phase !== "completed"; time++) {
      const outcome = await drive();
      phase = outcome.phase;
      found.push(outcome.reason ? `${phase}: ${outcome.reason}` : phase);
    }
    return found;
  };
  try {
    await test({ project, run, server, drive, log, stops });
    for (const event of log()) assert.deepEqual(validate("run_event", event), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A reply that calls one tool. */
export function call(name: string, args: Record<string, unknown>): Reply {
  return { toolCalls: [{ name, arguments: args }] };
}
