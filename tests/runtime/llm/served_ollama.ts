// What the tests of the Ollama adapter share: a connection to a test Ollama, and a way to ask it.
import type { OllamaConnection } from "../../../runtime/llm/connection.ts";
import type { LlmRequest } from "../../../runtime/llm/llm.ts";
import { ollamaLlm } from "../../../runtime/llm/ollama.ts";
import { type OllamaServer, startOllamaServer } from "../../ollama_server/ollama_server.ts";
import type { OllamaOptions } from "../../ollama_server/script.ts";
import { PATIENCE_MS } from "../../patience.ts";
import { hastyClock, recordingRequest } from "./served_model.ts";

/** A connection that waits for a busy machine; a test of a limit sets its own. */
export function ollamaConnectionTo(
  { baseUrl }: Pick<OllamaServer, "baseUrl">,
  more: Partial<OllamaConnection> = {},
): OllamaConnection {
  return {
    provider: "ollama",
    model: "test-model",
    baseUrl,
    timeoutMs: PATIENCE_MS,
    idleTimeoutMs: PATIENCE_MS,
    maxRetries: 0,
    contextWindowTokens: 8_000,
    streaming: true,
    ...more,
  };
}

/** Sends requests, one after the other, to one model of a server of this kind. */
export async function askOllama(
  options: OllamaOptions,
  more: Partial<OllamaConnection> = {},
  ...requested: Partial<LlmRequest>[]
) {
  await using server = startOllamaServer(options);
  const clock = hastyClock();
  const llm = ollamaLlm(ollamaConnectionTo(server, more), clock);
  const outcomes = [];
  for (const each of requested.length === 0 ? [{}] : requested) {
    const { request, deltas, retries } = recordingRequest(each);
    const outcome = await llm.complete(request).then(
      (reply) => ({ reply, error: undefined }),
      (error: unknown) => ({ reply: undefined, error }),
    );
    outcomes.push({ ...outcome, deltas, retries });
  }
  const last = outcomes[outcomes.length - 1]!;
  return { ...last, outcomes, waits: clock.waits, requests: server.requests };
}
