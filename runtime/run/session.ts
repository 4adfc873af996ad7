// What the parts of a running run share. Made and closed by `execute_run.ts` only.
import type { Agent, GraphNode } from "../../schemas/package.ts";
import { findNode } from "../../schemas/graph.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import type { Llm } from "../llm/llm.ts";
import { toWireName } from "../tools/names.ts";
import { mergePolicy, SYSTEM_POLICY } from "../tools/policy.ts";
import type { ToolHost, ToolPolicy } from "../tools/tool_host.ts";
import type { ActiveWorkflow } from "./active_workflow.ts";
import type { Person } from "./person.ts";
import { measureTools } from "./request_size.ts";
import type { RunRecorder } from "./run_recorder.ts";
import type { OpenRun } from "./start_run.ts";

/** One process driving one run. */
export interface Session {
  readonly run: OpenRun;
  readonly recorder: RunRecorder;
  readonly host: ToolHost;
  readonly llm: Llm;
  readonly person: Person;
  readonly signal: AbortSignal;
  readonly workflow: ActiveWorkflow;
}

/** Why a run stopped, or that it goes on (`null`). */
export type Stop = RunOutcome | null;

/** How a run stands when `executeRun` returns. */
export interface RunOutcome {
  readonly phase: RunPhase;
  readonly code?: string;
  readonly reason?: string;
}

/** The node the state document names as current. */
export function currentNode(session: Session): GraphNode {
  const { workflow, state } = session.workflow;
  const { nodeId } = state.position();
  const node = findNode(workflow.graph, nodeId);
  if (!node) throw new Error(`The state names the node "${nodeId}", which the graph lacks`);
  return node;
}

/** The persona that speaks at a node: the node's own agent, else the run's. */
export function effectiveAgent(session: Session, node: GraphNode): Agent | undefined {
  const { agents } = session.run.package;
  const agentId = node.agentId ?? session.run.record.agentId;
  return agents.find((agent) => agent.id === agentId);
}

/** What a model may use at a node. */
export interface Offer {
  readonly policy: ToolPolicy;
  /** Dotted names. */
  readonly names: readonly string[];
  /** Under their wire names. */
  readonly tools: readonly ToolDefinition[];
  readonly tokens: number;
  readonly sha256: string;
}

const offers = new WeakMap<Session, Map<string | undefined, Offer>>();

/** System settings tightened by the node's agent; feeds prompt, tool list and enforcement alike. */
export function offerAt(session: Session, node: GraphNode): Offer {
  const agent = effectiveAgent(session, node);
  const known = offers.get(session) ?? new Map<string | undefined, Offer>();
  offers.set(session, known);
  const offer = known.get(agent?.id) ?? makeOffer(session, agent);
  known.set(agent?.id, offer);
  return offer;
}

function makeOffer({ host }: Session, agent: Agent | undefined): Offer {
  const policy = mergePolicy(SYSTEM_POLICY, agent?.tools);
  const definitions = host.definitions(policy);
  const tools = definitions.map((tool) => ({ ...tool, name: toWireName(tool.name) }));
  return { policy, names: definitions.map(({ name }) => name), tools, ...measureTools(tools) };
}
