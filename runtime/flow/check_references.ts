// What agents say of each other and of tools: unknown names, ids that stand twice, cycles.
import { BUILT_IN_TOOLS, builtInTool, mcpServerOf } from "./built_in_names.ts";
import { findCycles } from "./find_cycles.ts";
import { type FindingList, listed, quoted } from "./finding_list.ts";
import type { FlowDefinition, FlowTool } from "./flow_source.ts";
import type { ReadAgent } from "./read_agent.ts";

/** What there is to refer to. */
export interface Known {
  readonly tools: readonly FlowTool[];
  /** MCP servers of this machine; `undefined` where that cannot be known. */
  readonly mcpServerIds: readonly string[] | undefined;
}

/** The agents with unique ids: the first of each, whatever its letters' case. Others are findings. */
export function withoutDuplicates(agents: readonly ReadAgent[]): ReadAgent[] {
  const files = new Map<string, string>();
  return agents.filter(({ agent: { id, file }, fields }) => {
    const other = files.get(id.toLowerCase());
    if (other === undefined) {
      files.set(id.toLowerCase(), file);
      return true;
    }
    const message = `The id ${quoted(id)} is also that of ${quoted(other)}`;
    fields.report("FLOW_ID_DUPLICATE", ["id"], message, "Give one of the two another id");
    return false;
  });
}

/** Checks every agent's tools and `wait_for.agents`. */
export function checkReferences(agents: readonly ReadAgent[], known: Known): void {
  const ids = agents.map(({ agent }) => agent.id);
  const idSet = new Set(ids);
  for (const { agent, fields } of agents) {
    for (const [index, id] of agent.waitFor.agents.entries()) {
      if (idSet.has(id)) continue;
      const message = `The agent waits for ${quoted(id)}, and there is no such agent`;
      const path = ["wait_for", "agents", index];
      fields.report("FLOW_AGENT_UNKNOWN", path, message, `The agents are ${listed(ids)}`);
    }
    for (const [index, name] of agent.tools.entries()) {
      if (isKnownTool(name, known)) continue;
      const names = [...known.tools.map((tool) => tool.name), ...BUILT_IN_TOOLS];
      const hint = `Describe it in tools.yaml, or name one of ${listed(names)} or "mcp:SERVER"`;
      fields.report(
        "FLOW_TOOL_UNKNOWN",
        ["tools", index],
        `There is no tool ${quoted(name)}`,
        hint,
      );
    }
  }
  reportCycles(agents);
}

function isKnownTool(name: string, { tools, mcpServerIds }: Known): boolean {
  if (builtInTool(name) || tools.some((tool) => tool.name === name)) return true;
  const serverId = mcpServerOf(name);
  return serverId !== undefined && (mcpServerIds?.includes(serverId) ?? true);
}

function reportCycles(agents: readonly ReadAgent[]): void {
  const byId = new Map(agents.map((read) => [read.agent.id, read]));
  const waitsFor = new Map(agents.map(({ agent }) => [agent.id, agent.waitFor.agents]));
  for (const cycle of findCycles(waitsFor)) {
    const path = cycle.join(" → ");
    const message = `These agents wait for each other: ${path}`;
    const hint = 'Take one of them out of another\'s "wait_for"';
    byId.get(cycle[0] ?? "")?.fields.report("FLOW_CYCLE", ["wait_for", "agents"], message, hint);
  }
}

/** Warns where an agent waits for one that its flow does not run: there it does not wait. */
export function warnOfOutsiders(
  agents: readonly ReadAgent[],
  flows: readonly FlowDefinition[],
): void {
  const byId = new Map(agents.map((read) => [read.agent.id, read]));
  for (const flow of flows) {
    const inside = new Set(flow.steps.flatMap((step) => step.agents));
    for (const read of [...inside].map((id) => byId.get(id))) {
      for (const id of read?.agent.waitFor.agents ?? []) {
        if (inside.has(id) || !byId.has(id)) continue;
        const message = `The flow ${quoted(flow.name)} does not run ${quoted(id)}, so ` +
          `${quoted(read?.agent.id)} does not wait for it there`;
        const hint = `Add ${quoted(id)} to the flow if its result is needed`;
        read?.fields.warn("FLOW_AGENT_OUTSIDE", ["wait_for", "agents"], message, hint);
      }
    }
  }
}

/** Warns of nothing to run. */
export function requireAgents(agents: readonly ReadAgent[], findings: FindingList): void {
  if (agents.length > 0) return;
  findings.error({
    code: "FLOW_AGENTS_MISSING",
    file: "agents",
    message: "There is no agent",
    hint: "Write a Markdown file for each agent into agents/; its body is the prompt",
  });
}
