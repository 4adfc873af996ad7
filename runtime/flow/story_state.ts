// The state of a story in memory: its input, and each agent's result under a key of its own, so that
// agents of one stage never overwrite each other. A crash at any point leaves what was completed.
import { isRecord } from "../../schemas/record.ts";
import type { AgentResult, FlowResult, StoryState } from "./flow_result.ts";
import { type Memory, type MemoryEntry, scopeText } from "./memory.ts";

const STORY_KEY = "story";
const AGENT_PREFIX = "agent:";

/** What is stored of a story besides its results. */
interface StoryRecord {
  /** Counts inputs: results of an earlier one do not count any more. */
  readonly round: number;
  readonly input: unknown;
  readonly status: StoryState["status"];
  readonly pending_docs: readonly string[];
  readonly started_at: string;
  readonly updated_at: string;
}

/** A story that is open for work. */
export interface OpenStory {
  readonly scope: string;
  readonly record: StoryRecord;
  /** By agent, of this input: what was completed before, and whatever this run made of the others. */
  readonly results: Map<string, AgentResult>;
}

/** Which story. */
export interface StoryName {
  readonly flow: string;
  readonly story_id: string;
}

/**
 * Opens a story. With another input than before it begins anew; with `undefined` it keeps the one it has.
 */
export async function openStory(
  name: StoryName,
  input: unknown,
  { memory, nowAt }: { readonly memory: Memory; readonly nowAt: string },
): Promise<OpenStory> {
  const scope = scopeOfStory(name);
  const { record: before, results } = loaded(await memory.list(scope));
  const kept = input === undefined ? before?.input ?? "" : input;
  const isSame = before !== undefined && canonical(before.input) === canonical(kept);
  const record: StoryRecord = {
    round: isSame ? before.round : (before?.round ?? 0) + 1,
    input: kept,
    status: "running",
    pending_docs: [],
    started_at: isSame ? before.started_at : nowAt,
    updated_at: nowAt,
  };
  await memory.set(scope, STORY_KEY, record);
  const done = [...results].filter(([, { status }]) => isSame && status === "completed");
  return { scope, record, results: new Map(done) };
}

/** Stores what became of an agent; once this resolves, a crash does not lose it. */
export async function saveResult(
  { scope, record, results }: OpenStory,
  result: AgentResult,
  memory: Memory,
): Promise<void> {
  const agentId = result.metadata.agent;
  await memory.set(scope, AGENT_PREFIX + agentId, { round: record.round, result });
  results.set(agentId, result);
}

/** Stores how a run of the story ended. */
export async function closeStory(
  { scope, record }: OpenStory,
  result: Pick<FlowResult, "status" | "pending_docs">,
  { memory, nowAt }: { readonly memory: Memory; readonly nowAt: string },
): Promise<void> {
  const { status, pending_docs } = result;
  await memory.set(scope, STORY_KEY, { ...record, status, pending_docs, updated_at: nowAt });
}

/** A story as it stands; `undefined` if there is none. Changes nothing and needs no lock. */
export async function readStory(
  name: StoryName,
  memory: Memory,
): Promise<StoryState | undefined> {
  return readStoryIn(name, await memory.list(scopeOfStory(name)));
}

/** The story in the entries of its scope; `undefined` if there is none. */
export function readStoryIn(
  name: StoryName,
  entries: readonly MemoryEntry[],
): StoryState | undefined {
  const { record, results } = loaded(entries);
  if (!record) return undefined;
  const { round: _, ...state } = record;
  return {
    flow: name.flow,
    story_id: name.story_id,
    ...state,
    results: Object.fromEntries(results),
  };
}

/** The memory scope that holds a story. */
export function scopeOfStory({ flow, story_id }: StoryName): string {
  return scopeText({ kind: "story", flow, storyId: story_id });
}

interface Loaded {
  readonly record: StoryRecord | undefined;
  readonly results: Map<string, AgentResult>;
}

/** Anybody may write into memory, so what does not look like ours counts as absent. */
function loaded(entries: readonly MemoryEntry[]): Loaded {
  const stored = entries.find(({ key }) => key === STORY_KEY)?.value;
  const record = isStoryRecord(stored) ? stored : undefined;
  const results = new Map<string, AgentResult>();
  for (const { key, value } of entries) {
    if (!key.startsWith(AGENT_PREFIX) || !isRecord(value) || value.round !== record?.round) {
      continue;
    }
    const agentId = key.slice(AGENT_PREFIX.length);
    if (isAgentResult(value.result)) results.set(agentId, value.result);
  }
  return { record, results };
}

function isStoryRecord(value: unknown): value is StoryRecord {
  return isRecord(value) && Number.isSafeInteger(value.round) &&
    typeof value.started_at === "string" && Array.isArray(value.pending_docs) && "input" in value;
}

function isAgentResult(value: unknown): value is AgentResult {
  return isRecord(value) && typeof value.status === "string" &&
    typeof value.content === "string" && isRecord(value.metadata);
}

/** JSON with sorted keys, so that the order in which a caller writes them does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!isRecord(item)) return item;
    const entries = Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries(entries);
  }) ?? "";
}
