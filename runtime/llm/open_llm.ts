// Opens a model by its connection. Each provider is loaded when it is first asked, so that a
// simulation never loads the library of another.
import type { LlmConnection } from "./connection.ts";
import type { Llm } from "./llm.ts";

/** The model behind a connection. Nothing is sent before the first request. */
export function openLlm(connection: LlmConnection): Llm {
  const { provider, model, contextWindowTokens } = connection;
  let opened: Promise<Llm> | undefined;
  return {
    provider,
    model,
    simulated: provider === "simulate",
    contextWindowTokens,
    async complete(request) {
      opened ??= load(connection);
      return await (await opened).complete(request);
    },
  };
}

async function load(connection: LlmConnection): Promise<Llm> {
  if (connection.provider === "simulate") {
    const { simulatedLlm } = await import("./simulate.ts");
    return simulatedLlm(connection);
  }
  if (connection.provider === "ollama") {
    const { ollamaLlm } = await import("./ollama.ts");
    return ollamaLlm(connection);
  }
  const { openAiLlm } = await import("./openai.ts");
  return openAiLlm(connection);
}
