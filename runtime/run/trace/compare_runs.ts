// Where a run differs from the one that was recorded, in what the model gets to see and in what its
// calls do. Times, ids and hashes of the state differ in every run and are not compared. Pure.
import type { RunEvent } from "../../../schemas/run_event.ts";

/** `broken`: a recorded move is answered in another way, or the run takes another way or end. */
export type TraceVerdict = "same" | "changed" | "broken";

/** One difference. */
export interface Divergence {
  readonly verdict: Exclude<TraceVerdict, "same">;
  readonly turn: number | undefined;
  readonly nodeId: string | undefined;
  /** What differs, such as `the result of fs.read @pkg/steps/a.md`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Every difference up to the first that breaks the trace; one that repeats is told once. */
export function compareRuns(
  recorded: readonly RunEvent[],
  replayed: readonly RunEvent[],
): Divergence[] {
  const old = sightings(recorded);
  const now = sightings(replayed);
  const found: Divergence[] = [];
  for (let index = 0; index < Math.max(old.length, now.length); index++) {
    const divergence = compare(old[index], now[index]);
    if (divergence && !found.some((known) => isRepeated(known, divergence))) found.push(divergence);
    if (divergence?.verdict === "broken") break;
  }
  return found;
}

function isRepeated(known: Divergence, { verdict, what, before, after }: Divergence): boolean {
  return known.verdict === verdict && known.what === what && known.before === before &&
    known.after === after;
}

/** The verdict over all differences. */
export function verdictOf(divergences: readonly Divergence[]): TraceVerdict {
  if (divergences.some(({ verdict }) => verdict === "broken")) return "broken";
  return divergences.length > 0 ? "changed" : "same";
}

/** One thing that is compared. `shape` breaks the trace if it differs, `text` only changes it. */
interface Sighting {
  readonly event: RunEvent;
  readonly what: string;
  readonly shape: string;
  readonly text: string;
}

function compare(old: Sighting | undefined, now: Sighting | undefined): Divergence | undefined {
  const place = now ?? old;
  if (!place) return undefined;
  const { event: { turn, nodeId } } = place;
  if (!old || !now || old.shape !== now.shape) {
    const [before, after] = [old?.shape ?? "the run ends here", now?.shape ?? "the run ends here"];
    return { verdict: "broken", turn, nodeId, what: place.what, before, after };
  }
  if (old.text === now.text) return undefined;
  return { verdict: "changed", turn, nodeId, what: now.what, before: old.text, after: now.text };
}

function sightings(events: readonly RunEvent[]): Sighting[] {
  const runId = events[0]?.runId ?? "";
  const calls = new Map<string, string>();
  return events.flatMap((event) => {
    if (event.type === "tool_call") calls.set(event.callId, subjectOf(event));
    const seen = sightingOf(event, calls);
    if (!seen) return [];
    return [{ ...seen, event, text: timeless(seen.text, runId) }];
  });
}

function sightingOf(
  event: RunEvent,
  calls: ReadonlyMap<string, string>,
): Omit<Sighting, "event"> | undefined {
  switch (event.type) {
    case "node_entered": {
      const { node, workflowId, agentId = "none" } = event;
      const shape = `the node ${node.id} (${node.type}) of ${workflowId}, agent ${agentId}`;
      return { what: `entering ${node.id}`, shape, text: node.title ?? "" };
    }
    case "prompt_composed": {
      const text = event.messages.map(({ role, content }) => `[${role}]\n${content}`).join("\n\n");
      return { what: "the prompt", shape: `a prompt (${event.reason})`, text };
    }
    case "tool_result": {
      const { result, tool } = event;
      const what = `the result of ${calls.get(event.callId) ?? tool}`;
      return { what, shape: `${what}: ${result.ok ? "ok" : result.error.code}`, text: show(event) };
    }
    case "node_completed": {
      const way = `${event.nodeId} → ${event.next ?? "end"}${
        event.label ? ` (${event.label})` : ""
      }`;
      return { what: "the way on", shape: way, text: "" };
    }
    case "phase_changed":
      if (event.phase === "running") return undefined;
      return { what: "the end", shape: `${event.phase} ${event.code ?? ""}`.trim(), text: "" };
  }
}

function subjectOf({ tool, arguments: args }: RunEvent & { type: "tool_call" }): string {
  return typeof args.path === "string" ? `${tool} ${args.path}` : tool;
}

/** What lists and searches of the project find depends on files that a trace does not hold. */
function show({ tool, result }: RunEvent & { type: "tool_result" }): string {
  if (!result.ok) return result.error.message;
  const isOpen = tool === "fs.list" || tool === "fs.search";
  if (isOpen && !String(result.path ?? "").startsWith("@pkg")) return "";
  const { content, sha256: _sha256, sha256Before: _before, sha256After: _after, ...facts } = result;
  const text = typeof content === "string" ? `\n${content}` : "";
  return `${JSON.stringify(facts)}${text}`;
}

const MOMENT = /\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?/g;

function timeless(text: string, runId: string): string {
  return (runId ? text.replaceAll(runId, "<run>") : text).replace(MOMENT, "<time>");
}
