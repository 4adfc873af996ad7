// Collects what an agent gets to read: documents and memory. What to do about missing documents is
// decided by those who ask.
import type { NamedText } from "./compose_prompt.ts";
import type { Documents } from "./documents.ts";
import { storyDocumentId } from "./flow_id.ts";
import type { FlowAgent } from "./flow_source.ts";
import { type MemoryEntry, scopeText } from "./memory.ts";

/** The documents of an agent in a story. */
export interface FoundDocuments {
  /** In the order the agent names them; a missing one that was required is empty. */
  readonly documents: readonly NamedText[];
  /** Required ones that are not there. */
  readonly missing: readonly string[];
}

/** Reads what an agent requires, then what it reads and updates as far as it exists. */
export async function gatherDocuments(
  agent: FlowAgent,
  storyId: string,
  documents: Documents,
): Promise<FoundDocuments> {
  const optional = [...agent.reads, ...agent.updates]
    .filter((name) => !agent.waitFor.docs.includes(name));
  const required = await Promise.all(
    agent.waitFor.docs.map((name) => readStoryDocument(name, storyId, documents)),
  );
  const others = await Promise.all(
    [...new Set(optional)].map((name) => readStoryDocument(name, storyId, documents)),
  );
  const isThere = ({ text }: FoundText) => text !== undefined;
  return {
    documents: [...required, ...others.filter(isThere)]
      .map(({ name, text }) => ({ name, text: text ?? "" })),
    missing: required.filter((found) => !isThere(found)).map(({ name }) => name),
  };
}

interface FoundText {
  readonly name: string;
  readonly text: string | undefined;
}

/** The story's own document of that name goes before one that all stories share. */
export async function readStoryDocument(
  name: string,
  storyId: string,
  documents: Documents,
): Promise<FoundText> {
  const own = await documents.read(storyDocumentId(storyId, name));
  const found = own ?? await documents.read(name);
  return { name, text: found?.content };
}

/** The scope that an agent sees in a story. */
export function scopeOf({ id, memory }: FlowAgent, storyId: string): string {
  return memory.kind === "isolated"
    ? scopeText({ kind: "isolated", agentId: id, storyId })
    : scopeText({ kind: "shared", namespace: memory.namespace });
}

/** Entries of memory by key, for a prompt. */
export function sortedEntries(entries: readonly MemoryEntry[]): MemoryEntry[] {
  return [...entries].sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
