// Reads the HTTP answer of a chat completion, streamed or whole, and judges whether it is complete.
import type { ServedConnection } from "./connection.ts";
import { asMap, type JsonMap, parseJson } from "./json_map.ts";
import type { LlmRequest } from "./llm.ts";
import { type AnswerCollector, collectAnswer, type WireAnswer } from "./openai_answer.ts";
import { badResponse, brokenOff, errorInAnswer } from "./provider_error.ts";
import {
  type Patience,
  readEvents,
  readText,
  readWhole,
  type ServerSentEvent,
} from "./response_body.ts";
import { AttemptFailure } from "./retry.ts";

/** What was asked for, and how long to wait for it. */
export interface AnswerExpected {
  readonly stream: boolean;
  readonly connection: ServedConnection;
  readonly request: LlmRequest;
}

/**
 * Reads an answer of status 200. A server may answer a streamed request whole and the other way
 * round. An answer counts as complete once its finish reason or `[DONE]` has come, whatever happens
 * to the connection afterwards.
 * @throws AttemptFailure when it stalls, is cut off, is no answer or holds an error
 */
export async function readAnswer(
  response: Response,
  { stream, connection, request }: AnswerExpected,
): Promise<WireAnswer> {
  const { timeoutMs: firstMs, idleTimeoutMs: idleMs } = connection;
  const patience = { firstMs, idleMs, signal: request.signal };
  const collector = collectAnswer((delta) => request.onDelta?.(delta));
  if (!response.body) throw badResponse("sent an answer without content", "", connection);
  try {
    if (isEventStream(response.headers.get("content-type") ?? "", stream)) {
      await readStream(response.body, { patience, collector, connection });
    } else await readCompletion(response.body, { patience, collector, connection });
  } catch (thrown) {
    if (thrown instanceof AttemptFailure || request.signal.aborted) throw thrown;
    if (collector.answer().finishReason !== undefined) return collector.answer();
    throw brokenOff(thrown, connection);
  }
  return collector.answer();
}

function isEventStream(contentType: string, asked: boolean): boolean {
  if (/event-stream/i.test(contentType)) return true;
  return asked && !/html|application\/json/i.test(contentType);
}

interface Reading {
  readonly patience: Patience;
  readonly collector: AnswerCollector;
  readonly connection: ServedConnection;
}

async function readCompletion(
  body: ReadableStream<Uint8Array>,
  { patience, collector, connection }: Reading,
): Promise<void> {
  const text = await readWhole(body, patience);
  const completion = parseMap(text);
  if (completion === undefined) throw badResponse("sent no JSON", text, connection);
  if (completion.error) throw errorInAnswer(completion, connection);
  if (!collector.add(completion)) {
    throw badResponse("sent an answer without choices", text, connection);
  }
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  { patience, collector, connection }: Reading,
): Promise<void> {
  let chosen = false;
  let done = false;
  for await (const event of readEvents(readText(body, patience))) {
    done = event.data.trim() === "[DONE]";
    if (done) break;
    for (const chunk of readChunks(event)) {
      if (chunk === undefined) {
        if (collector.answer().finishReason !== undefined) return;
        throw badResponse("sent a broken piece in its stream", event.data, connection);
      }
      if (chunk.error || event.event === "error") throw errorInAnswer(chunk, connection);
      chosen = collector.add(chunk) || chosen;
    }
  }
  if (!chosen) throw badResponse("sent an answer without choices", "", connection);
  if (!done && collector.answer().finishReason === undefined) {
    throw badResponse("ended its answer in the middle", "", connection);
  }
}

/** The chunks of an event: one, or one in each line where a server leaves out the blank lines. */
function readChunks({ data }: ServerSentEvent): (JsonMap | undefined)[] {
  const whole = parseMap(data);
  return whole ? [whole] : data.split("\n").filter((line) => line !== "[DONE]").map(parseMap);
}

/** `undefined` if the text is not JSON. */
function parseMap(text: string): JsonMap | undefined {
  const value = parseJson(text);
  return value === undefined ? undefined : asMap(value);
}
