// A run turn by turn, from its log alone: what the model was sent, what it said, what its calls did.
import type { ChatMessage } from "../../schemas/conversation.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { ToolResult } from "../../schemas/tool.ts";
import { foldConversation } from "./conversation.ts";
import { requestDigest } from "./request_size.ts";

/** One request to the model and all that came of it, up to the next. */
export interface ReplayedTurn {
  readonly turn: number;
  readonly nodeId: string | undefined;
  /** When the request was sent, ISO 8601 UTC. */
  readonly at: string;
  /** The whole request. */
  readonly messages: readonly ChatMessage[];
  /** How many of them the turn before had sent already. */
  readonly repeated: number;
  /**
   * Whether the messages that the log composes are those that were sent, by their digest. `null` where
   * it cannot be told: some were left out to fit the model's window.
   */
  readonly isFaithful: boolean | null;
  /** Everything logged after the request, in order. */
  readonly events: readonly RunEvent[];
  readonly calls: readonly ReplayedCall[];
}

/** A tool call of a turn. `result` is missing if the program stopped first. */
export interface ReplayedCall {
  readonly callId: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result?: ToolResult;
  readonly durationMs?: number;
}

/** Re-renders a run. Needs no model, no package and no project. */
export function replayTurns(log: readonly RunEvent[]): ReplayedTurn[] {
  const fold = foldConversation([]);
  const turns: (ReplayedTurn & { readonly events: RunEvent[] })[] = [];
  let before: readonly ChatMessage[] = [];
  let wasTrimmed = false;
  for (const event of log) {
    if (event.type === "request_sent") {
      const messages = [...fold.read().messages];
      turns.push({
        turn: event.turn ?? turns.length + 1,
        nodeId: event.nodeId,
        at: event.at,
        messages,
        repeated: countRepeated(before, messages),
        isFaithful: wasTrimmed || event.toolsSha256 === undefined
          ? null
          : requestDigest(messages, event.toolsSha256) === event.digest,
        events: [],
        calls: [],
      });
      before = messages;
    } else turns.at(-1)?.events.push(event);
    wasTrimmed = event.type === "context_trimmed";
    fold.push(event);
  }
  return turns.map((turn) => ({ ...turn, calls: callsOf(turn.events) }));
}

function countRepeated(before: readonly ChatMessage[], now: readonly ChatMessage[]): number {
  const changed = now.findIndex((message, index) => message !== before[index]);
  return changed < 0 ? now.length : changed;
}

function callsOf(events: readonly RunEvent[]): ReplayedCall[] {
  const results = new Map(
    events.flatMap((event) => event.type === "tool_result" ? [[event.callId, event]] : []),
  );
  return events.flatMap((event) => {
    if (event.type !== "tool_call") return [];
    const { callId, tool } = event;
    const done = results.get(callId);
    const { result, durationMs } = done ?? {};
    return [{
      callId,
      tool,
      arguments: event.arguments,
      ...(result && { result }),
      ...(durationMs !== undefined && { durationMs }),
    }];
  });
}
