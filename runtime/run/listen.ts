// Where a run hears a person who speaks while it goes on, and where a chat waits for the person or ends.
import type { GraphNode } from "../../schemas/package.ts";
import { reconcile, tellWords } from "./enter_node.ts";
import type { Session, Stop } from "./session.ts";
import { CHAT_WAITS } from "./talk.ts";

/** Tells the model what was said to the run since it last listened. Whether there was anything. */
export function listen(session: Session, node: GraphNode): boolean {
  let heard = false;
  for (let words = session.words.next(); words; words = session.words.next()) {
    tellWords(session, node, words);
    heard = true;
  }
  return heard;
}

/** In a chat the person speaks first, and again after every answer; then the run waits. */
export function personSpeaksNext({ run, recorder }: Session): Stop {
  if (run.record.talk?.runType !== "chat") return null;
  const last = recorder.conversation().messages.at(-1);
  if (last?.role === "user" || last?.role === "tool") return null;
  return { phase: "waiting", code: CHAT_WAITS, reason: "The agent waits for your words" };
}

/** A person ends a chat: its only node is completed, and the run with it. */
export function endTalk(session: Session): void {
  const { state } = session.workflow;
  const { nodeId, completed } = state.position();
  if (completed) return;
  const { recorder } = session;
  recorder.place = { nodeId };
  state.completeByShell({ nodeId });
  reconcile(session);
}
