// Reads the HTTP answer of `/api/chat`, lines of JSON or one object, and judges whether it is complete.
import type { OllamaConnection } from "./connection.ts";
import { asMap, type JsonMap, parseJson } from "./json_map.ts";
import type { LlmRequest } from "./llm.ts";
import { collectOllamaAnswer, type OllamaAnswer, type OllamaCollector } from "./ollama_answer.ts";
import { badResponse, brokenOff, errorInAnswer } from "./provider_error.ts";
import { readLines, readText, readWhole } from "./response_body.ts";
import { AttemptFailure } from "./retry.ts";

/** What was asked for, and how long to wait for it. */
export interface OllamaExpected {
  readonly stream: boolean;
  readonly connection: OllamaConnection;
  readonly request: Pick<LlmRequest, "signal" | "onDelta">;
}

/**
 * Reads an answer of status 200, complete once a line has said `done`; what comes after is not read.
 * @throws AttemptFailure when it stalls, is cut off, is no answer or holds an error
 */
export async function readOllamaAnswer(
  response: Response,
  { stream, connection, request }: OllamaExpected,
): Promise<OllamaAnswer> {
  const { timeoutMs: firstMs, idleTimeoutMs: idleMs } = connection;
  const { body, headers } = response;
  if (!body) throw badResponse("sent an answer without content", "", connection);
  const patience = { firstMs, idleMs, signal: request.signal };
  const collector = collectOllamaAnswer((delta) => request.onDelta?.(delta));
  const whole = !stream || /html/i.test(headers.get("content-type") ?? "");
  try {
    if (whole) addWhole(await readWhole(body, patience), collector, connection);
    else await addLines(readLines(readText(body, patience)), collector, connection);
  } catch (thrown) {
    if (thrown instanceof AttemptFailure || request.signal.aborted) throw thrown;
    throw brokenOff(thrown, connection);
  }
  const answer = collector.answer();
  if (answer.finishReason !== undefined) return answer;
  throw badResponse("ended its answer in the middle", "", connection);
}

function addWhole(text: string, collector: OllamaCollector, connection: OllamaConnection): void {
  const part = parseMap(text);
  if (part === undefined) throw badResponse("sent no JSON", text, connection);
  addPart(part, text, collector, connection);
}

async function addLines(
  lines: AsyncIterable<string>,
  collector: OllamaCollector,
  connection: OllamaConnection,
): Promise<void> {
  for await (const line of lines) {
    if (line.trim() === "") continue;
    const part = parseMap(line);
    if (part === undefined) {
      throw badResponse("sent a broken line in its stream", line, connection);
    }
    addPart(part, line, collector, connection);
    if (part.done === true) return;
  }
}

function addPart(
  part: JsonMap,
  text: string,
  collector: OllamaCollector,
  connection: OllamaConnection,
): void {
  if (part.error) throw errorInAnswer(part, connection);
  if (!collector.add(part)) throw badResponse("sent an answer without a message", text, connection);
}

function parseMap(text: string): JsonMap | undefined {
  const value = parseJson(text);
  return value === undefined ? undefined : asMap(value);
}
