// The built-in simulation: a model that plays a workflow by the rules. It knows nothing but the
// messages it is sent and does nothing but call the tools it is offered.
import type { Decisions, SimulatedConnection } from "./connection.ts";
import type { Llm, LlmReply, LlmRequest } from "./llm.ts";
import { aborted } from "./retry.ts";
import { readScene } from "./simulated_scene.ts";
import { decideTurn } from "./simulated_turn.ts";

/**
 * A simulated model. Each turn it finds the latest NODE_BRIEF, looks at what has been called since,
 * and does what is next: read the step and its files, ask the user where the step says so, write the
 * outputs that do not exist yet, complete the node. Keeps nothing between two requests.
 */
export function simulatedLlm(connection: SimulatedConnection): Llm {
  return {
    provider: connection.provider,
    model: connection.model,
    simulated: true,
    contextWindowTokens: connection.contextWindowTokens,
    complete: (request) =>
      request.signal.aborted
        ? Promise.reject(aborted(request.signal))
        : Promise.resolve(play(request, connection.decisions)),
  };
}

/** In a chat there is no brief: it says what it heard. */
function withoutBrief(messages: LlmRequest["messages"]): string {
  const isChat = messages.some(({ role, content }) =>
    role === "system" && /^RUN_DIRECTIVE\n[^]*"runType": ?"chat"/.test(content)
  );
  if (!isChat) return "There is no NODE_BRIEF that I can read, so there is nothing to play";
  const words = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return `Here the agent would answer: "${words.slice(0, 200)}"`;
}

function play(request: LlmRequest, decisions: Decisions): LlmReply {
  const scene = readScene(request.messages);
  const offered = new Set(request.tools.map(({ name }) => name));
  const turn = scene
    ? decideTurn(scene, offered, decisions)
    : { say: withoutBrief(request.messages), calls: [] };
  const content = `[simulation] ${turn.say}.`;
  for (const word of content.split(/(?<= )/)) request.onDelta?.({ kind: "text", text: word });
  const prefix = `sim_${crypto.randomUUID().slice(0, 8)}`;
  return {
    content,
    toolCalls: turn.calls.map(({ name, args }, index) => ({
      id: `${prefix}_${index + 1}`,
      name,
      arguments: JSON.stringify(args),
    })),
    finishReason: turn.calls.length > 0 ? "tool_calls" : "stop",
  };
}
