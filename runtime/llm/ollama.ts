// A model behind Ollama's own API. `/v1` ignores the context window and cuts long prompts silently;
// `/api/chat` takes the window with each request and says how much of the prompt was read.
import { AppError } from "../../schemas/error.ts";
import type { OllamaConnection } from "./connection.ts";
import type { Llm, LlmRequest } from "./llm.ts";
import type { OllamaAnswer } from "./ollama_answer.ts";
import { promptCheck, type PromptDoubt } from "./ollama_prompt_check.ts";
import { postOllama, toOllamaBody } from "./ollama_request.ts";
import { readOllamaAnswer } from "./ollama_response.ts";
import { AttemptFailure, type RetryClock, SYSTEM_CLOCK } from "./retry.ts";
import { servedLlm } from "./served_llm.ts";

/** Of a cut prompt the last message is left at least. Less, or no count, means a cached prompt. */
const LEAST_CUT_TOKENS = 16;

/**
 * A model served by `connection`. An answer to a prompt that was not read whole is thrown away.
 * @throws AppError `LLM_PROMPT_TRUNCATED` from `complete`, with what was sent and what was read
 */
export function ollamaLlm(connection: OllamaConnection, clock: RetryClock = SYSTEM_CLOCK): Llm {
  const check = promptCheck(connection.contextWindowTokens);
  let countsCached: boolean | undefined;

  /**
   * Whether a server's count holds what was in its cache too. It does, except before July 2024 and
   * in the first releases of 0.30, which counted what they had to evaluate anew; since 0.33.3 the
   * cached part is told. Else the same request again tells: a cut prompt counts exactly the same, one
   * that is all cached by now does not.
   */
  const doesCountCached = async (request: LlmRequest, { read }: OllamaAnswer) => {
    if (read.cachedTokens !== undefined) return true;
    const body = toOllamaBody({ ...connection, maxOutputTokens: 1 }, request, false);
    const { signal } = request;
    const response = await postOllama(connection, body, signal, clock);
    const expected = { stream: false, connection, request: { signal } };
    const again = await readOllamaAnswer(response, expected);
    return again.read.tokens === read.tokens;
  };

  const refuseCutPrompt = async (request: LlmRequest, answer: OllamaAnswer): Promise<void> => {
    const { tokens = 0 } = answer.read;
    if (tokens < LEAST_CUT_TOKENS) return;
    const doubt = check.judge(request, tokens);
    if (!doubt) return;
    if (doubt.kind !== "full") countsCached ??= await doesCountCached(request, answer);
    if (doubt.kind !== "full" && !countsCached) return;
    throw new AttemptFailure(promptTruncated(doubt, connection), { retryable: false });
  };

  return servedLlm(connection, clock, async (request, form) => {
    const stream = connection.streaming && form !== "whole";
    const body = toOllamaBody(connection, request, stream);
    const response = await postOllama(connection, body, request.signal, clock);
    return {
      stream,
      async read() {
        const answer = await readOllamaAnswer(response, { stream, connection, request });
        await refuseCutPrompt(request, answer);
        return answer;
      },
    };
  });
}

function promptTruncated(
  { kind, readTokens, sentTokens }: PromptDoubt,
  { model, baseUrl, contextWindowTokens }: OllamaConnection,
): AppError {
  const read = count(readTokens);
  const window = count(contextWindowTokens);
  const sent = `${kind === "shrunk" ? "at least" : "about"} ${count(sentTokens)} tokens`;
  const problem = kind === "full"
    ? `The prompt for the model "${model}" fills the context window: of ${sent} Ollama read ${read}, and the window is ${window}`
    : `Ollama has cut the prompt for the model "${model}": of ${sent} it read ${read}, although it was asked for a window of ${window}`;
  const advice = kind === "full"
    ? "Choose a larger context window (num_ctx) if the model and the memory allow it, or shorten the step"
    : `The window it really uses is in the column CONTEXT of "ollama ps": set the context window to that or less, choose a model with a larger one, or shorten the step`;
  return new AppError(
    "LLM_PROMPT_TRUNCATED",
    `${problem}. The front is dropped first, where the rules and the tools stand, so the answer was not used. ${advice}`,
    {
      details: { host: new URL(baseUrl).host, model, sentTokens, readTokens, contextWindowTokens },
    },
  );
}

function count(tokens: number): string {
  return tokens.toLocaleString("en-US");
}
