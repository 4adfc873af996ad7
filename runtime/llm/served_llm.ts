// What all models over HTTP share: attempts, and going on without a stream. Not here: protocols.
import type { HttpConnection } from "./connection.ts";
import type { Llm, LlmRequest } from "./llm.ts";
import type { WireAnswer } from "./openai_answer.ts";
import { toReply } from "./reply.ts";
import { type RetryClock, withRetries } from "./retry.ts";

/** How often a stream may break before the rest of the attempts do without. */
const MAX_BROKEN_STREAMS = 2;

/** How an answer is to come: as the connection says, or in any case whole. */
export type AnswerForm = "configured" | "whole";

/** An answer whose headers have come. */
export interface OpenAnswer {
  readonly stream: boolean;
  /** @throws AttemptFailure when the answer cannot be used */
  read(): Promise<WireAnswer>;
}

/** Sends a request once. @throws AttemptFailure when there is no answer */
export type SendRequest = (request: LlmRequest, form: AnswerForm) => Promise<OpenAnswer>;

/** A model served by `connection` whose protocol `send` speaks. */
export function servedLlm(
  connection: HttpConnection,
  clock: RetryClock,
  send: SendRequest,
): Llm {
  return {
    provider: connection.provider,
    model: connection.model,
    simulated: false,
    contextWindowTokens: connection.contextWindowTokens,
    async complete(request) {
      let brokenStreams = 0;
      const tryOnce = async () => {
        const form = brokenStreams >= MAX_BROKEN_STREAMS ? "whole" : "configured";
        const answer = await send(request, form);
        try {
          return await answer.read();
        } catch (thrown) {
          if (answer.stream) brokenStreams += 1;
          throw thrown;
        }
      };
      const { maxRetries, backoff } = connection;
      const { signal, onRetry } = request;
      const options = { maxRetries, backoff, signal, clock, onRetry: onRetry?.bind(request) };
      return toReply(await withRetries(tryOnce, options), request);
    },
  };
}
