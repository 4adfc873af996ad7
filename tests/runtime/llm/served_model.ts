// What the adapter's tests share: a connection to a test model server, and a request to send.
import { type RetryClock } from "../../../runtime/llm/retry.ts";
import type { ServedConnection } from "../../../runtime/llm/connection.ts";
import type { LlmDelta, LlmRequest, LlmRetry } from "../../../runtime/llm/llm.ts";
import { openAiLlm } from "../../../runtime/llm/openai.ts";
import type { ToolDefinition } from "../../../schemas/tool.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { Reply } from "../../model_server/script.ts";
import { PATIENCE_MS } from "../../patience.ts";

/** Two tools, named as on the wire. */
export const TOOLS: readonly ToolDefinition[] = [
  {
    name: "fs_read",
    description: "Reads a file",
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, startLine: { type: "integer" } },
      required: ["path"],
    },
  },
  {
    name: "fs_write",
    description: "Writes a file",
    parameters: {
      type: "object",
      properties: { path: { type: "string" }, content: { type: "string" } },
      required: ["path", "content"],
    },
  },
];

/** A clock that never waits, and remembers for how long it should have. */
export function hastyClock(): RetryClock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.UTC(2026, 10, 20, 12),
    random: () => 0,
    sleep(ms) {
      waits.push(ms);
      return Promise.resolve();
    },
  };
}

/** A connection that waits for a busy machine; a test of a limit sets its own. */
export function connectionTo(
  { baseUrl }: Pick<ModelServer, "baseUrl">,
  more: Partial<ServedConnection> = {},
): ServedConnection {
  return {
    provider: "openai",
    model: "test-model",
    baseUrl,
    apiKey: "sk-secret-of-the-test",
    timeoutMs: PATIENCE_MS,
    idleTimeoutMs: PATIENCE_MS,
    maxRetries: 0,
    contextWindowTokens: 8_000,
    streaming: true,
    ...more,
  };
}

/** A request that records what it is told. */
export function recordingRequest(more: Partial<LlmRequest> = {}) {
  const deltas: LlmDelta[] = [];
  const retries: LlmRetry[] = [];
  const request: LlmRequest = {
    messages: [{ role: "user", content: "Go" }],
    tools: TOOLS,
    signal: new AbortController().signal,
    onDelta: (delta) => deltas.push(delta),
    onRetry: (retry) => retries.push(retry),
    ...more,
  };
  return { request, deltas, retries };
}

/** Sends one request to a server that has these replies. */
export async function ask(
  replies: readonly Reply[],
  more: Partial<ServedConnection> = {},
  requested: Partial<LlmRequest> = {},
) {
  await using server = startModelServer({ replies });
  const clock = hastyClock();
  const llm = openAiLlm(connectionTo(server, more), clock);
  const { request, deltas, retries } = recordingRequest(requested);
  const outcome = await llm.complete(request).then(
    (reply) => ({ reply, error: undefined }),
    (error: unknown) => ({ reply: undefined, error }),
  );
  return { ...outcome, deltas, retries, waits: clock.waits, requests: server.requests };
}

/** The text that was streamed. */
export function streamedText(deltas: readonly LlmDelta[], kind: LlmDelta["kind"] = "text"): string {
  return deltas.filter((delta) => delta.kind === kind).map(({ text }) => text).join("");
}
