// Runs the agents of one stage side by side. A stage is one unit of work: when it has ended, everything
// that it completed is stored.
import type { NamedText } from "./compose_prompt.ts";
import { storyDocumentId } from "./flow_id.ts";
import type { FlowPlan, FlowStage } from "./flow_plan.ts";
import type { FlowPorts } from "./flow_ports.ts";
import type { AgentResult, AgentStatus, FlowListener } from "./flow_result.ts";
import type { FlowAgent, FlowSource } from "./flow_source.ts";
import { gatherDocuments, scopeOf, sortedEntries } from "./gather_facts.ts";
import { faultOf, performAgent, unaskedResult } from "./perform_agent.ts";
import { type OpenStory, saveResult } from "./story_state.ts";

/** A flow at work on a story. */
export interface FlowRun {
  readonly source: FlowSource;
  readonly plan: FlowPlan;
  readonly storyId: string;
  readonly story: OpenStory;
  readonly ports: FlowPorts;
  readonly signal: AbortSignal;
  readonly onEvent: FlowListener;
  /** Documents that an agent waits for; with one the flow stops behind its stage. */
  readonly pendingDocs: Set<string>;
}

/** Runs one agent of a stage; `earlier` are the results of the stages before it. */
export type RunMember = (
  run: FlowRun,
  agent: FlowAgent,
  earlier: readonly NamedText[],
) => Promise<void>;

/**
 * Runs a stage, up to `limits.workers` agents at a time. What an agent does wrong is its result; agents
 * that the story has completed are not run again.
 * @throws AppError `ENGINE_ABORTED`, `FLOW_MEMORY_UNAVAILABLE`, after all agents of the stage have ended
 */
export async function runStage(
  run: FlowRun,
  stage: FlowStage,
  perform: RunMember = runMember,
): Promise<void> {
  const byId = new Map(run.source.agents.map((agent) => [agent.id, agent]));
  const waiting = stage.agents.map((id) => byId.get(id)).filter((agent) => agent !== undefined);
  const earlier = completedBefore(run, stage);
  const failures: unknown[] = [];
  const work = async () => {
    for (let agent = waiting.shift(); agent; agent = waiting.shift()) {
      try {
        await perform(run, agent, earlier);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  const workers = Math.min(run.source.config.limits.workers, waiting.length);
  await Promise.all(Array.from({ length: workers }, work));
  if (failures.length > 0) throw failures[0];
}

/** Results of the stages before this one, in the order of the plan. */
function completedBefore({ plan, story }: FlowRun, stage: FlowStage): NamedText[] {
  const before = plan.stages.slice(0, plan.stages.indexOf(stage)).flatMap(({ agents }) => agents);
  return before.flatMap((name) => {
    const result = story.results.get(name);
    return result?.status === "completed" ? [{ name, text: result.content }] : [];
  });
}

/**
 * Runs one agent and stores what became of it, unless the story has completed it or documents are
 * missing. @throws AppError like `runStage`
 */
export async function runMember(
  run: FlowRun,
  agent: FlowAgent,
  earlier: readonly NamedText[],
): Promise<void> {
  const { story, ports, signal, onEvent } = run;
  const stored = story.results.get(agent.id);
  if (stored?.status === "completed") return completed(run, stored, true);
  signal.throwIfAborted();
  const blocked = blockedResult(run, agent);
  if (blocked) return await settle(run, blocked);
  const found = await gatherDocuments(agent, run.storyId, ports.documents);
  const { onMissingDoc } = run.source.config;
  if (found.missing.length > 0 && onMissingDoc === "wait") {
    for (const name of found.missing) run.pendingDocs.add(name);
    story.results.delete(agent.id);
    return;
  }
  if (found.missing.length > 0 && onMissingDoc === "error") {
    return await settle(run, missingResult(run, agent, found.missing));
  }
  onEvent({ type: "agent_started", agent: agent.id });
  const memory = await ports.memory.list(scopeOf(agent, run.storyId));
  const result = await performAgent({
    agent,
    facts: {
      input: story.record.input,
      documents: found.documents,
      results: resultsFor(agent, earlier),
      memory: sortedEntries(memory),
      context: undefined,
    },
    storyId: run.storyId,
    timeLimitMs: run.source.config.limits.requestMs,
    signal,
    onText: (text, restarted) =>
      onEvent({
        type: "agent_delta",
        agent: agent.id,
        text,
        ...(restarted && { restarted: true as const }),
      }),
  }, ports);
  await settle(run, await withDocuments(run, agent, result));
}

/** What an agent is told of those before it: the ones it waits for, else all. */
function resultsFor({ waitFor }: FlowAgent, earlier: readonly NamedText[]): readonly NamedText[] {
  if (waitFor.agents.length === 0) return earlier;
  return earlier.filter(({ name }) => waitFor.agents.includes(name));
}

const FATES: Readonly<Record<AgentStatus, string>> = {
  completed: "completed",
  failed: "failed",
  needs_input: "needs input",
  skipped: "was skipped",
};

/** Why an agent cannot run: one it waits for, in this flow, has not completed. */
function blockedResult(run: FlowRun, agent: FlowAgent): AgentResult | undefined {
  const before = run.plan.edges.filter(({ to }) => to === agent.id).map(({ from }) => from);
  const culprit = before.find((id) => run.story.results.get(id)?.status !== "completed");
  if (culprit === undefined) return undefined;
  const status = run.story.results.get(culprit)?.status;
  const why = status === undefined ? "has not run" : FATES[status];
  const message = `Skipped: it waits for "${culprit}", which ${why}`;
  const fault = { code: "FLOW_DEPENDENCY_MISSING" as const, message };
  return unaskedResult("skipped", fault, { agent, clock: run.ports.clock });
}

function missingResult(run: FlowRun, agent: FlowAgent, missing: readonly string[]): AgentResult {
  const message = `The agent "${agent.id}" needs documents that do not exist: ${
    missing.join(", ")
  }`;
  const fault = { code: "FLOW_DEPENDENCY_MISSING" as const, message };
  const about = { agent, clock: run.ports.clock };
  return { ...unaskedResult("failed", fault, about), missing_inputs: missing };
}

/** Writes the result as the agent's documents; one that cannot be written fails the agent. */
async function withDocuments(
  { storyId, ports }: FlowRun,
  agent: FlowAgent,
  result: AgentResult,
): Promise<AgentResult> {
  if (result.status !== "completed") return result;
  const names = new Set([agent.id, ...agent.creates, ...agent.updates]);
  const ids = [...names].map((name) => storyDocumentId(storyId, name));
  try {
    for (const id of ids) await ports.documents.write(id, result.content);
  } catch (thrown) {
    const fault = faultOf(thrown);
    const metadata = { ...result.metadata, error: fault };
    return { status: "failed", content: "", summary: fault.message, missing_inputs: [], metadata };
  }
  return { ...result, metadata: { ...result.metadata, documents: ids } };
}

/** Stored first, told afterwards. */
async function settle(run: FlowRun, result: AgentResult): Promise<void> {
  await saveResult(run.story, result, run.ports.memory);
  completed(run, result, false);
}

function completed(run: FlowRun, result: AgentResult, resumed: boolean): void {
  const { agent, duration_ms } = result.metadata;
  const { status } = result;
  run.onEvent({
    type: "agent_completed",
    agent,
    status,
    duration_ms,
    result,
    ...(resumed && { resumed: true as const }),
  });
}
