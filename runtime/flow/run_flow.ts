// Runs a flow on a story: the one function behind `POST /run`, whoever serves it.
import { AppError } from "../../schemas/error.ts";
import { checkFlowId } from "./flow_id.ts";
import type { FlowPorts } from "./flow_ports.ts";
import type { AgentResult, FlowListener, FlowRequest, FlowResult } from "./flow_result.ts";
import type { FlowSource } from "./flow_source.ts";
import { planFlow } from "./plan_flow.ts";
import { requireSound } from "./require_sound.ts";
import { type FlowRun, runStage } from "./run_stage.ts";
import { closeStory, openStory } from "./story_state.ts";

/** How a flow is run. */
export interface RunFlowOptions {
  readonly ports: FlowPorts;
  /** Stops the flow; what was completed stays, and the story can go on later. */
  readonly signal: AbortSignal;
  readonly onEvent?: FlowListener;
}

/**
 * Runs a flow until it has ended or waits for documents. Called again with the same story it goes on:
 * completed agents are not run again, the others are; a finished story answers its results. Another
 * input begins the story anew. What an agent does wrong is in its result.
 * @throws AppError `FLOW_NOT_FOUND`, `FLOW_INVALID`, `REQUEST_INVALID`, `FLOW_STORY_BUSY`,
 * `FLOW_MEMORY_UNAVAILABLE`, `ENGINE_ABORTED`
 */
export async function runFlow(
  source: FlowSource,
  request: FlowRequest,
  { ports, signal, onEvent = () => {} }: RunFlowOptions,
): Promise<FlowResult> {
  requireSound(source);
  const flow = checkFlowId(request.flow, "flow");
  const storyId = checkStoryId(source, request.story_id);
  const plan = planFlow(source, flow);
  return await ports.lock.hold(flow, storyId, async (lost) => {
    const stopped = AbortSignal.any([signal, lost]);
    if (stopped.aborted) throw aborted(stopped);
    const name = { flow, story_id: storyId };
    const story = await openStory(name, request.input, {
      memory: ports.memory,
      nowAt: nowAt(ports),
    });
    const pendingDocs = new Set<string>();
    const run: FlowRun = {
      source,
      plan,
      storyId,
      story,
      ports,
      signal: stopped,
      onEvent,
      pendingDocs,
    };
    onEvent({ type: "flow_started", ...name, agents: plan.stages.flatMap(({ agents }) => agents) });
    await runStages(run);
    const result = resultOf(run);
    await closeStory(story, result, { memory: ports.memory, nowAt: nowAt(ports) });
    onEvent({ type: "flow_completed", ...result });
    return result;
  });
}

async function runStages(run: FlowRun): Promise<void> {
  const walk = run.ports.walk ?? walkInOrder;
  try {
    await walk(run);
  } catch (thrown) {
    throw run.signal.aborted ? aborted(run.signal) : thrown;
  }
}

async function walkInOrder(run: FlowRun): Promise<void> {
  for (const stage of run.plan.stages) {
    await runStage(run, stage);
    if (run.pendingDocs.size > 0) return;
  }
}

function resultOf({ plan, story, pendingDocs }: FlowRun): FlowResult {
  const results: Record<string, AgentResult> = {};
  for (const id of plan.stages.flatMap(({ agents }) => agents)) {
    const result = story.results.get(id);
    if (result) results[id] = result;
  }
  const all = Object.values(results);
  const error = all.find(({ status }) => status === "failed")?.metadata.error ?? null;
  const isOpen = pendingDocs.size > 0 || all.some(({ status }) => status === "needs_input");
  return {
    status: error ? "error" : isOpen ? "pending" : "success",
    results,
    pending_docs: [...pendingDocs].sort(),
    error,
  };
}

/** With a document `b__c`, the stories `a` and `a__b` could share one; such a story is refused. */
function checkStoryId(source: FlowSource, value: unknown): string {
  const storyId = checkFlowId(value, "story id");
  const isAmbiguous = storyId.includes("__") &&
    documentNames(source).some((name) => name.includes("__"));
  if (!isAmbiguous) return storyId;
  throw new AppError(
    "REQUEST_INVALID",
    `The story id "${storyId}" holds "__", which names of agents or documents here hold, too: their documents could not be told apart. Use another story id`,
  );
}

function documentNames({ agents }: FlowSource): readonly string[] {
  return agents.flatMap(({ id, creates, reads, updates, waitFor }) => [
    id,
    ...creates,
    ...reads,
    ...updates,
    ...waitFor.docs,
  ]);
}

function aborted(signal: AbortSignal): AppError {
  if (signal.reason instanceof AppError) return signal.reason;
  const message = "The flow was stopped. What was completed is kept; run the story again to go on";
  return new AppError("ENGINE_ABORTED", message, { cause: signal.reason });
}

function nowAt({ clock }: FlowPorts): string {
  return new Date(clock.now()).toISOString();
}
