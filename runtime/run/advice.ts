// What happens when the model cannot go on by itself: a person says what it should be told.
import type { GraphNode } from "../../schemas/package.ts";
import { tellUserInput } from "./enter_node.ts";
import type { Session, Stop } from "./session.ts";

/** Asks the person what the model should be told; without one the run waits. */
export async function askForAdvice(
  session: Session,
  node: GraphNode,
  { code, reason }: { code: string; reason: string },
): Promise<Stop> {
  const place = { nodeId: node.id, signal: session.signal };
  const text = await session.person.advise(reason, place);
  if (text === null) return { phase: "waiting", code, reason };
  tellUserInput(session, node, text);
  return null;
}
