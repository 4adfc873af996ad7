// Edits of agents: add, change, rename, duplicate, delete.
import { agentRules } from "../../runtime/package/rules/agent_rules.ts";
import type { EditOf } from "../../schemas/edit.ts";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type { AgentsDocument } from "../../schemas/package.ts";
import { isRecord } from "../../schemas/record.ts";
import { writeIfChanged } from "./file_moves.ts";
import { type JsonObject, objectAt, readJsonObject, textAt, withKeys } from "./json_document.ts";
import { checkedId, freeId, slugOf } from "./new_ids.ts";
import { OpenGraph } from "./open_graph.ts";
import { oneLine } from "./plain_text.ts";
import { conflicting, refused } from "./refusal.ts";
import { refuseUnknownAgent, refuseViolations } from "./rules_kept.ts";
import type { WorkingCopy } from "./working_copy.ts";

const AGENT_KEYS = [
  "id",
  "metadata",
  "persona",
  "critical_actions",
  "prompts",
  "menu",
  "systemPrompt",
  "userPromptTemplate",
  "discussion",
  "webskip",
  "conversational_knowledge",
  "tools",
  "skills",
];

function agentsOf(work: WorkingCopy): { document: JsonObject; agents: readonly JsonObject[] } {
  const path = work.draft.agentsPath;
  const document = readJsonObject(work.files.get(path));
  const agents = document?.agents;
  if (document && Array.isArray(agents) && agents.every(isRecord)) return { document, agents };
  throw refused(`The agents in "${path}" have faults; mend them as raw text first`, { path });
}

function findAgent(work: WorkingCopy, agentId: string): JsonObject {
  const agent = agentsOf(work).agents.find(({ id }) => id === agentId);
  if (agent) return agent;
  throw conflicting(`There is no agent ${JSON.stringify(agentId.slice(0, 100))} any more`);
}

/** Puts new agents in the place of the old; adds no fault that was not there. */
function writeAgents(work: WorkingCopy, agents: readonly JsonObject[]): void {
  const { document: before } = agentsOf(work);
  let after = withKeys(before, { agents });
  if (needsVersion12(after)) after = withKeys(after, { schemaVersion: "1.2" });
  refuseViolations("agents", { before, after });
  const known = new Set(errorsOf(work, before));
  const added = errorsOf(work, after).find((message) => !known.has(message));
  if (added !== undefined) throw refused(added);
  writeIfChanged(work, work.draft.agentsPath, after);
}

function needsVersion12(document: JsonObject): boolean {
  if (!/^1\.1(\.|$)/.test(textAt(document, "schemaVersion"))) return false;
  const agents = Array.isArray(document.agents) ? document.agents.filter(isRecord) : [];
  return agents.some((agent) => {
    const tools = objectAt(agent, "tools");
    return isRecord(agent.skills) || ["csv", "js", "terminal"].some((key) => isRecord(tools[key]));
  });
}

function errorsOf(work: WorkingCopy, document: JsonObject): string[] {
  const read = soundDocument("agents", normalise("agents", document));
  const file = work.draft.agentsPath;
  const checked = {
    file,
    value: read as unknown as AgentsDocument,
    isValid: true,
    at: (pointer: string) => ({ file, pointer }),
  };
  const { workflows } = work.draft;
  const found = agentRules(checked, {
    files: work.files,
    workflowIds: new Set(workflows.map(({ id }) => id)),
    workflowPaths: new Set(
      workflows.flatMap(({ id }) => work.draft.workflow(id)?.documentPath ?? []),
    ),
  });
  return Array.from(found, ({ message, hint }) => `${message}. ${hint}`);
}

/** `agent.add`. */
export function addAgent(work: WorkingCopy, { agent: given }: EditOf<"agent.add">): string {
  const { agents } = agentsOf(work);
  const taken = new Set(agents.map(({ id }) => id));
  const metadata = withoutEmpty(objectAt(given, "metadata"));
  const name = oneLine(textAt(metadata, "name")) || oneLine(textAt(given, "id")) || "Assistant";
  const wanted = textAt(given, "id");
  const id = wanted === ""
    ? freeId(slugOf(name) || "agent", (id) => taken.has(id))
    : checkedId(wanted, "agent");
  if (taken.has(id)) throw refused(`The package has an agent "${id}" already; take another id`);
  const agent = withKeys({ id }, {
    ...withoutEmpty(given),
    id,
    metadata: { name, title: name, icon: "🤖", ...metadata },
    persona: {
      role: `${name}, who works through a workflow step by step.`,
      identity: "Careful and experienced; reads before writing.",
      communication_style: "Plain and brief.",
      principles: ["Do what the step says, no more and no less."],
      ...withoutEmpty(objectAt(given, "persona")),
    },
  }, AGENT_KEYS);
  writeAgents(work, [...agents, agent]);
  return `Add agent "${name}"`;
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== "" && value !== null),
  );
}

/** `agent.change`. */
export function changeAgent(
  work: WorkingCopy,
  { agentId, fields }: EditOf<"agent.change">,
): string {
  const before = findAgent(work, agentId);
  if (fields.id !== undefined && fields.id !== agentId) {
    throw refused(`The id of an agent is changed by "agent.rename", so that nodes follow`);
  }
  const merged = Object.entries(fields).map(([key, value]): [string, unknown] => {
    const isMerged = (key === "metadata" || key === "persona") && isRecord(value);
    const kept = isMerged ? withKeys(objectAt(before, key), absentForNull(value)) : value;
    return [key, kept ?? undefined];
  });
  const after = withKeys(before, Object.fromEntries(merged), AGENT_KEYS);
  writeAgents(work, agentsOf(work).agents.map((agent) => agent === before ? after : agent));
  return `Change agent "${nameOf(after)}"`;
}

function absentForNull(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, value ?? undefined]),
  );
}

function nameOf(agent: JsonObject): string {
  return textAt(objectAt(agent, "metadata"), "name") || textAt(agent, "id");
}

/** `agent.rename`. */
export function renameAgent(work: WorkingCopy, edit: EditOf<"agent.rename">): string {
  const { agentId, newAgentId } = edit;
  const before = findAgent(work, agentId);
  const summary = `Rename agent "${agentId}" to "${newAgentId}"`;
  if (checkedId(newAgentId, "agent") === agentId) return summary;
  const { agents } = agentsOf(work);
  if (agents.some(({ id }) => id === newAgentId)) {
    throw refused(`The package has an agent "${newAgentId}" already; take another id`);
  }
  const renamed = withKeys(before, { id: newAgentId });
  writeAgents(work, agents.map((agent) => agent === before ? renamed : agent));
  assignNodes(work, agentId, newAgentId);
  return summary;
}

/** The nodes of all workflows that name the agent get another one, or none. */
function assignNodes(work: WorkingCopy, agentId: string, newAgentId: string | undefined): void {
  for (const { id } of work.draft.workflows) {
    const using = nodesUsing(work, id, agentId);
    if (using.length === 0) continue;
    const graph = new OpenGraph(work, id);
    for (const nodeId of using) {
      graph.changeNode(nodeId, { agentId: newAgentId });
      graph.follow(nodeId, ["agentId"]);
    }
    graph.save();
  }
}

function nodesUsing(work: WorkingCopy, workflowId: string, agentId: string): string[] {
  const nodes = work.draft.workflow(workflowId)?.nodes ?? [];
  return nodes.filter((node) => node.agentId === agentId).map(({ id }) => id);
}

/** `agent.duplicate`. */
export function duplicateAgent(work: WorkingCopy, edit: EditOf<"agent.duplicate">): string {
  const original = findAgent(work, edit.agentId);
  const { agents } = agentsOf(work);
  const taken = new Set(agents.map(({ id }) => id));
  const id = edit.newAgentId === undefined
    ? freeId(edit.agentId, (id) => taken.has(id))
    : checkedId(edit.newAgentId, "agent");
  if (taken.has(id)) throw refused(`The package has an agent "${id}" already; take another id`);
  const metadata = withKeys(objectAt(original, "metadata"), { name: `${nameOf(original)} (copy)` });
  const copy = withKeys(original, { id, metadata });
  const at = agents.indexOf(original) + 1;
  writeAgents(work, [...agents.slice(0, at), copy, ...agents.slice(at)]);
  return `Duplicate agent "${nameOf(original)}"`;
}

/** `agent.delete`. */
export function deleteAgent(work: WorkingCopy, edit: EditOf<"agent.delete">): string {
  const agent = findAgent(work, edit.agentId);
  const { agents } = agentsOf(work);
  if (agents.length === 1) {
    throw refused("A package needs an agent at least; add another one before you delete the last");
  }
  const users = work.draft.workflows.flatMap(({ id }) => nodesUsing(work, id, edit.agentId));
  if (users.length > 0) {
    if (edit.replaceBy === undefined) throw stillUsed(edit.agentId, users);
    if (edit.replaceBy === edit.agentId) {
      throw refused("The nodes need another agent than the one that is deleted");
    }
    if (edit.replaceBy !== null) refuseUnknownAgent(work, edit.replaceBy);
    assignNodes(work, edit.agentId, edit.replaceBy ?? undefined);
  }
  writeAgents(work, agents.filter((other) => other !== agent));
  return `Delete agent "${nameOf(agent)}"`;
}

function stillUsed(agentId: string, users: readonly string[]) {
  const shown = users.slice(0, 5).map((id) => `"${id}"`).join(", ");
  const more = users.length > 5 ? ` and ${users.length - 5} more` : "";
  return refused(
    `The agent "${agentId}" works in ${shown}${more}; say which agent takes over, or that none does`,
    { nodeIds: users },
  );
}
