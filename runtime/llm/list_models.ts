// The models that a server says it has, for the test of a profile.
import type { PresetName } from "../../schemas/profile.ts";
import { shownBaseUrl } from "./base_url.ts";
import type { HttpConnection } from "./connection.ts";
import { readRefusal } from "./http_refusal.ts";
import { asMap, parseJson } from "./json_map.ts";
import { type Preset, PRESETS } from "./presets.ts";
import { badResponse, brokenOff, httpFailure, timedOut, unreachable } from "./provider_error.ts";
import { readWhole } from "./response_body.ts";
import { aborted, AttemptFailure } from "./retry.ts";

/** A list is short work for a server, however long an answer takes. */
const PATIENCE_MS = 20_000;

/**
 * The names of a server's models, as the server spells them. Asked once, without retries.
 * @throws AppError `LLM_UNREACHABLE`, `LLM_AUTH`, `LLM_TIMEOUT`, `LLM_HTTP`, `LLM_BAD_RESPONSE`,
 * `ENGINE_ABORTED`
 */
export async function listModels(
  connection: HttpConnection,
  presetName: PresetName,
  signal: AbortSignal,
): Promise<string[]> {
  const preset = PRESETS[presetName];
  try {
    const response = await get(connection, preset, signal);
    return readNames(await readBody(response, connection, signal), connection);
  } catch (thrown) {
    if (signal.aborted) throw aborted(signal);
    throw thrown instanceof AttemptFailure ? thrown.error : thrown;
  }
}

async function get(
  connection: HttpConnection,
  preset: Preset,
  signal: AbortSignal,
): Promise<Response> {
  const afterMs = Math.min(PATIENCE_MS, connection.timeoutMs);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), afterMs);
  let response: Response;
  try {
    response = await fetch(urlOf(connection, preset), {
      headers: headersOf(connection, preset),
      // A key goes where the person said, not where a server points to.
      redirect: "manual",
      signal: AbortSignal.any([signal, late.signal]),
    });
  } catch (thrown) {
    if (late.signal.aborted) throw timedOut("has not listed its models", afterMs, connection);
    throw unreachable(thrown, connection);
  } finally {
    clearTimeout(timer);
  }
  if (response.status < 300) return response;
  throw httpFailure(await readRefusal(response, signal), connection, Date.now());
}

async function readBody(
  { body }: Response,
  connection: HttpConnection,
  signal: AbortSignal,
): Promise<string> {
  if (!body) return "";
  try {
    return await readWhole(body, { firstMs: PATIENCE_MS, idleMs: PATIENCE_MS, signal });
  } catch (thrown) {
    throw brokenOff(thrown, connection);
  }
}

function urlOf({ baseUrl }: HttpConnection, { modelList }: Preset): URL {
  const url = new URL(modelList?.path ?? "models", `${shownBaseUrl(baseUrl)}/`);
  if (!url.search) url.search = new URL(baseUrl).search;
  return url;
}

function headersOf(
  { apiKey, headers }: HttpConnection,
  { modelList }: Preset,
): Record<string, string> {
  const keyHeader = modelList?.keyHeader;
  return {
    accept: "application/json",
    ...(apiKey && (keyHeader ? { [keyHeader]: apiKey } : { authorization: `Bearer ${apiKey}` })),
    ...modelList?.headers,
    ...headers,
  };
}

/** OpenAI: `data[].id`; Ollama: `models[].name`. */
function readNames(body: string, connection: HttpConnection): string[] {
  const { data, models } = asMap(parseJson(body));
  const list = Array.isArray(data) ? data : models;
  if (!Array.isArray(list)) throw badResponse("sent no list of models", body, connection);
  return list.flatMap((entry) => {
    const { id, name } = asMap(entry);
    const word = id ?? name;
    return typeof word === "string" ? [word] : [];
  });
}
