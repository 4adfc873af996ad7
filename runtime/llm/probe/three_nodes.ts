// Exercise: does the model carry a small workflow from its first node to its last, in order?
import type { ChatMessage } from "../../../schemas/conversation.ts";
import type { LlmReply } from "../llm.ts";
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { type Miniature, MINIATURE_TOOLS, NODE_IDS, startMiniature } from "./miniature.ts";
import { callsOf, quoted, toMessage } from "./model_answer.ts";

const MAX_TURNS = 8;

/**
 * Passes if all three nodes are completed within eight requests. As in a run, a refused call may be put
 * right, each node begins a new conversation, and an answer without a call gets a reminder; the second
 * in a row ends the exercise.
 */
export async function threeNodes({ ask }: ExerciseContext): Promise<Verdict> {
  const miniature = startMiniature();
  let conversation = [...miniature.open()];
  let reminded = false;
  for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
    const nodeId = miniature.nodeId;
    const reply = await ask({ messages: conversation, tools: MINIATURE_TOOLS });
    if (reply.toolCalls.length === 0 && reminded) return failed(describeWords(miniature, reply));
    reminded = reply.toolCalls.length === 0;
    const answers = reminded ? [remind(nodeId)] : carryOut(miniature, reply);
    if (miniature.nodeId === undefined) {
      return passed(`It completed three nodes in order, in ${turn} turns`);
    }
    conversation = miniature.nodeId === nodeId
      ? [...conversation, toMessage(reply), ...answers]
      : [...miniature.open()];
  }
  return failed(describeStandstill(miniature));
}

/** Calls the tools until one of them completes the node: the rest belongs to a conversation that is over. */
function carryOut(miniature: Miniature, reply: LlmReply): ChatMessage[] {
  const { nodeId } = miniature;
  const answers: ChatMessage[] = [];
  for (const { id, name, args } of callsOf(reply)) {
    if (miniature.nodeId !== nodeId) break;
    const result = miniature.call(name, args);
    answers.push({ role: "tool", callId: id, content: JSON.stringify(result) });
  }
  return answers;
}

function remind(nodeId: string | undefined): ChatMessage {
  return {
    role: "user",
    content:
      `Node "${nodeId}" is not finished: your last message called no tool. Go on with its instructions now, and finish with state_complete_node.`,
  };
}

function describeWords({ nodeId }: Miniature, reply: LlmReply): string {
  return `At node "${nodeId}" of ${NODE_IDS.join(" → ")} it answered twice in words (${
    quoted(reply)
  }) instead of calling a tool: choose a model that can call tools, or a larger one`;
}

function describeStandstill({ nodeId, jumps }: Miniature): string {
  const [jump] = jumps;
  const why = jump ? `, and it tried to jump ${jump}` : "";
  return `After ${MAX_TURNS} turns it was still at node "${nodeId}" of ${
    NODE_IDS.join(" → ")
  }${why}: choose a larger model, or one that is better at following instructions`;
}
