// The model of `TESTING=1`: it repeats what it was asked and says that it does. Nothing is sent anywhere.
import type { FlowModel } from "./flow_ports.ts";

/** Begins every answer, so that nobody takes one for a model's. */
export const ECHO_LABEL = "[echo: no model was asked]";

const MAX_ECHO_CHARS = 4000;

/** Answers with the last user message, labelled; the same request gets the same answer. Calls no tools. */
export function echoModel(): FlowModel {
  return {
    provider: "echo",
    model: "echo",
    complete({ messages, onDelta }) {
      const asked = messages.filter(({ role }) => role === "user").at(-1)?.content ?? "";
      const content = `${ECHO_LABEL}\n\n${asked.slice(0, MAX_ECHO_CHARS)}`;
      onDelta?.({ kind: "text", text: content });
      return Promise.resolve({ content, toolCalls: [], finishReason: "stop" });
    },
  };
}
