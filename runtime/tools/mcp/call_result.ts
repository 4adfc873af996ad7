// What a server answered to `tools/call`, as the model gets it. Pure but for `store`.
import { type ToolErrorCode, toolFailure, type ToolResult } from "../../../schemas/tool.ts";
import type { PathMapping } from "./path_mapping.ts";

/** How much the model gets, and where the rest goes. */
export interface ResultOptions {
  /** Of the result as JSON; a larger one becomes a preview. */
  readonly maxBytes: number;
  readonly paths: PathMapping;
  /** Keeps bytes that are not for the model's eyes and says under which path they are found. */
  store?(bytes: Uint8Array): string;
}

/** What is shown of a result that is over the limit, at most. */
const PREVIEW_BYTES = 16 * 1024;
const MAX_ERROR_CHARS = 4000;
const MAX_BLOCKS = 1000;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the answer: the texts joined as `text`, `structuredContent`, everything else as `blocks`, each
 * with its size. Pictures, sounds and other bytes are stored where there is a store. A tool that says
 * it failed is `E_TOOL_ARGS` or `E_TOOL_UNKNOWN` where it says so, else `E_PRECONDITION_FAILED`.
 */
export function readCallResult(answer: Json, options: ResultOptions): ToolResult {
  const content = Array.isArray(answer.content) ? answer.content.slice(0, MAX_BLOCKS) : [];
  const items = content.map(asJson);
  const texts = items.flatMap(({ type, text }) =>
    type === "text" && typeof text === "string" ? [options.paths.toMounts(text)] : []
  );
  if (answer.isError === true) return toolError(texts.join("\n"));
  const blocks = items.filter(({ type }) => type !== "text").map((item) => toBlock(item, options));
  return fitResult({
    ok: true,
    ...(texts.length > 0 && { text: texts.join("\n") }),
    ...(answer.structuredContent !== undefined && {
      structuredContent: options.paths.valueToMounts(answer.structuredContent),
    }),
    ...(blocks.length > 0 && { blocks }),
  }, options);
}

/** The failure of a tool that ran and says why it could not do what it was asked. */
function toolError(text: string): ToolResult {
  const said = text.length > MAX_ERROR_CHARS ? `${text.slice(0, MAX_ERROR_CHARS)}…` : text;
  return toolFailure(errorCode(text), said.trim() || "The tool failed and did not say why");
}

/** Servers made with the SDKs put JSON-RPC's codes into the text. */
function errorCode(text: string): ToolErrorCode {
  if (/^(MCP error -32602: )?Tool .{1,200} not found/.test(text)) return "E_TOOL_UNKNOWN";
  if (/^MCP error -32602\b|^Input validation error|^Invalid arguments/i.test(text)) {
    return "E_TOOL_ARGS";
  }
  return "E_PRECONDITION_FAILED";
}

function toBlock(item: Json, options: ResultOptions): Json {
  const { paths } = options;
  if (item.type === "image" || item.type === "audio") {
    return { type: item.type, mimeType: String(item.mimeType), ...bytesOf(item.data, options) };
  }
  if (item.type === "resource") {
    const resource = asJson(item.resource);
    const { uri, mimeType, text } = asJson(paths.valueToMounts({ ...resource, blob: null }));
    const content = typeof text === "string"
      ? { bytes: byteLength(text), text }
      : bytesOf(resource.blob, options);
    return { type: "resource", uri, mimeType, ...content };
  }
  return asJson(paths.valueToMounts(item));
}

/** Bytes that came as base64: stored, or as they came. */
function bytesOf(base64: unknown, { store }: ResultOptions): Json {
  const bytes = typeof base64 === "string" ? decodeBase64(base64) : undefined;
  if (!bytes) return { bytes: 0, note: "The server sent no readable data" };
  return store
    ? { bytes: bytes.length, stored: store(bytes) }
    : { bytes: bytes.length, data: base64 };
}

/** The result if it is within the limit, else its beginning. */
function fitResult(result: { readonly ok: true } & Json, options: ResultOptions): ToolResult {
  const json = JSON.stringify(result);
  const bytes = byteLength(json);
  if (bytes <= options.maxBytes) return result;
  const onlyText = result.structuredContent === undefined && result.blocks === undefined;
  const whole = new TextEncoder().encode(onlyText ? String(result.text) : json);
  const shown = typeof result.text === "string" ? result.text : json;
  const stored = options.store?.(whole);
  return {
    ok: true,
    truncated: true,
    bytes: whole.length,
    contentPreview: firstBytes(shown, Math.min(PREVIEW_BYTES, options.maxBytes)),
    ...(stored !== undefined && { stored }),
    hint: "The result is over the limit. Ask the tool for less: a filter, a page, a smaller range",
  };
}

/** The beginning, without a torn character at its end. */
function firstBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text.slice(0, maxBytes));
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

function asJson(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Json : {};
}
