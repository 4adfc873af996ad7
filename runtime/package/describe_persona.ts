// An agent of a package in words, for whoever prompts a model with it.
import type { Agent } from "../../schemas/package.ts";

/** Persona as system text: the agent's own `systemPrompt`, else rendered from its fields. */
export function describePersona(agent: Agent): string {
  if (agent.systemPrompt) return agent.systemPrompt;
  const { metadata, persona } = agent;
  const principles = typeof persona.principles === "string"
    ? persona.principles
    : bulletList(persona.principles);
  const sections = [
    `You are ${metadata.name}, ${metadata.title}.`,
    `Role: ${persona.role}`,
    `Identity: ${persona.identity}`,
    `Communication style: ${persona.communication_style}`,
    `Principles:\n${principles}`,
  ];
  if (agent.critical_actions?.length) {
    sections.push(`Critical actions:\n${bulletList(agent.critical_actions)}`);
  }
  return sections.join("\n\n");
}

function bulletList(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
