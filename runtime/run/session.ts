// What the parts of a running run share. Made and closed by `execute_run.ts` only.
import type { Agent, GraphNode } from "../../schemas/package.ts";
import { findNode } from "../../schemas/graph.ts";
import type { EngineLimits } from "../../schemas/engine_limits.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { ToolDefinition } from "../../schemas/tool.ts";
import type { Skill } from "../package/skills.ts";
import { toWireName } from "../../schemas/tool_names.ts";
import type { Llm } from "../llm/llm.ts";
import { limitsOf, mergePolicy } from "../tools/policy.ts";
import type { ToolHost, ToolPolicy } from "../tools/tool_host.ts";
import { isLeft, toolsLeft } from "./active_skills.ts";
import type { ActiveWorkflow } from "./active_workflow.ts";
import type { ConsentPolicy } from "./consent.ts";
import { systemPolicy } from "./engine_limits.ts";
import type { McpTools } from "./mcp_tools.ts";
import type { Person } from "./person.ts";
import { measureTools } from "./request_size.ts";
import type { RunRecorder } from "./run_recorder.ts";
import type { OpenRun } from "./start_run.ts";
import { isOfferedIn } from "./talk.ts";
import type { WordsReader } from "./waiting_words.ts";

/** One process driving one run. */
export interface Session {
  readonly run: OpenRun;
  readonly recorder: RunRecorder;
  readonly host: ToolHost;
  /** Missing where no MCP server is configured. */
  readonly mcp?: McpTools;
  readonly consent: ConsentPolicy;
  /** Of the whole installation, as they were when this process took the run up. */
  readonly limits: EngineLimits;
  readonly llm: Llm;
  readonly person: Person;
  readonly signal: AbortSignal;
  readonly pauseSignal?: AbortSignal;
  readonly workflow: ActiveWorkflow;
  /** What is said to the run while it goes on. */
  readonly words: WordsReader;
  /** When this process took the run up, by `performance.now()`. */
  readonly startedAtMs: number;
}

/** Why a run stopped, or that it goes on (`null`). */
export type Stop = RunOutcome | null;

/** How a run stands when `executeRun` returns. */
export interface RunOutcome {
  readonly phase: RunPhase;
  readonly code?: string;
  readonly reason?: string;
  /** Those it has stopped at, with the code `BREAKPOINT`. */
  readonly breakpoints?: readonly string[];
  /** The tool call that it has stopped before. */
  readonly callId?: string;
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

/** The skills that the persona of a node can take up. */
export function skillsAt(session: Session, node: GraphNode): readonly Skill[] {
  return skillsOfAgent(session.run, effectiveAgent(session, node));
}

function skillsOfAgent({ package: { agents, skills } }: OpenRun, agent: Agent | undefined) {
  return (agent && skills.get(agents.indexOf(agent))) ?? [];
}

/** What a model may use at a node. */
export interface Offer {
  readonly policy: ToolPolicy;
  /** Dotted names, also of tools that an active skill withholds. */
  readonly names: readonly string[];
  /** Under their wire names; what the model is told of. */
  readonly tools: readonly ToolDefinition[];
  readonly tokens: number;
  readonly sha256: string;
}

const offers = new WeakMap<Session, Map<string, Offer>>();

/**
 * System settings tightened by the node's agent and by the skills that are active; feeds prompt, tool
 * list and enforcement alike.
 */
export function offerAt(session: Session, node: GraphNode): Offer {
  const agent = effectiveAgent(session, node);
  const left = toolsLeft(session.recorder.conversation().activeSkills);
  const key = JSON.stringify([agent?.id, left]);
  const known = offers.get(session) ?? new Map<string, Offer>();
  offers.set(session, known);
  const offer = known.get(key) ?? makeOffer(session, agent, left);
  known.set(key, offer);
  return offer;
}

/**
 * Lets the servers say which tools they have: at the start, and whenever they changed. A server that
 * does not work is told once.
 */
export async function refreshOffers(session: Session): Promise<void> {
  const { mcp, recorder } = session;
  if (!mcp || !await mcp.refresh()) return;
  offers.delete(session);
  for (const message of mcp.failures()) {
    recorder.emit({ type: "error", code: "MCP_SERVER_FAILED", message });
  }
}

function makeOffer(
  { host, consent, limits, mcp, run }: Session,
  agent: Agent | undefined,
  left: readonly string[] | undefined,
): Offer {
  const { talk, options } = run.record;
  const isChat = talk?.runType === "chat";
  const terminalEnabled = options.terminal === true && !isChat;
  const mcpEnabled = mcp !== undefined && !isChat;
  const system = { ...systemPolicy(limits), mcpEnabled, terminalEnabled };
  const skillsEnabled = skillsOfAgent(run, agent).length > 0;
  const policy = { ...mergePolicy(system, limitsOf(agent)), skillsEnabled };
  const definitions = host.definitions(policy).filter(({ name }) =>
    isOfferedIn(talk, name) && !consent.hides(name)
  );
  const names = definitions.map(({ name }) => name);
  const tools = definitions.filter(({ name }) => isLeft(name, left))
    .map((tool) => ({ ...tool, name: toWireName(tool.name) }));
  return { policy, names, tools, ...measureTools(tools) };
}
