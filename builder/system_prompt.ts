// What the model is told of an agent in every run, composed by the runtime itself. Pure.
import type { DocumentReader } from "../runtime/package/documents.ts";
import { readSkills, skillsOf } from "../runtime/package/skills.ts";
import { composeSystem } from "../runtime/run/prompt.ts";
import { limitsOf, mergePolicy, SYSTEM_POLICY } from "../runtime/tools/policy.ts";
import type { Draft } from "./edit/draft.ts";

/**
 * The system messages of an agent that begins a node, as if the installation allowed all that the
 * agent asks for. Empty for an agent that is not there.
 */
export function systemPromptOf(
  reader: DocumentReader,
  draft: Draft,
  agentId: string,
): readonly string[] {
  const index = draft.agents.findIndex(({ id }) => id === agentId);
  const agent = draft.agents[index];
  if (agent === undefined) return [];
  const limits = limitsOf(agent);
  const wishes = {
    ...SYSTEM_POLICY,
    mcpEnabled: limits?.mcp?.enabled === true,
    terminalEnabled: limits?.terminal?.enabled === true,
  };
  const document = reader.json("agents", draft.agentsPath);
  const parts = readSkills(reader, document, draft.manifest.entry.assetsDir);
  const skills = skillsOf(parts, draft.files).get(index) ?? [];
  return composeSystem({
    policy: mergePolicy(wishes, limits),
    agent,
    ...skills.length > 0 && { skills: { skills, active: { names: [], allowed: "" } } },
  }).map(({ content }) => String(content));
}
