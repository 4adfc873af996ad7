// What a line of a server means: a JSON-RPC message, or nothing. A damaged answer becomes an error
// that carries the same id, so that its call fails now and not at its time limit.
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types";

/** JSON-RPC's code for a fault inside the other side. */
const INTERNAL_ERROR = -32603;

/** The message on a line, or `undefined` for anything else, such as a log line on standard output. */
export function readMessage(line: string): JSONRPCMessage | undefined {
  const value = parse(line);
  if (!isObject(value) || value.jsonrpc !== "2.0") return undefined;
  if (typeof value.method === "string") return value as JSONRPCMessage;
  const { id, result, error } = value;
  if (typeof id !== "number" && typeof id !== "string") return undefined;
  if (isObject(result) || isProtocolError(error)) return value as JSONRPCMessage;
  const message = "the server's answer holds neither a result object nor an error";
  return { jsonrpc: "2.0", id, error: { code: INTERNAL_ERROR, message } };
}

function isProtocolError(value: unknown): boolean {
  return isObject(value) && Number.isSafeInteger(value.code) && typeof value.message === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
