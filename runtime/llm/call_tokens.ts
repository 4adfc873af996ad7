// Reads calls between special tokens: DeepSeek (`<｜tool▁call▁begin｜>`) and Kimi
// (`<|tool_call_begin|>`), with full-width bars or plain ones. Pure.
import { type CallBody, openIfCut } from "./call_body.ts";

const SEPARATOR = /<[｜|]tool[▁_](?:sep|call[▁_]argument[▁_]begin)[｜|]>/;

/** `function<sep>name` and a fence, `name<sep>{…}`, or `functions.name:0<begin>{…}`. */
export function readTokenCall(body: string): CallBody[] {
  const at = SEPARATOR.exec(body);
  if (!at) return [{ name: undefined, args: undefined }];
  const head = body.slice(0, at.index).trim();
  const tail = body.slice(at.index + at[0].length).trim();
  if (head !== "function") return [{ name: head, args: openIfCut(tail) }];
  const name = /^[\w.:-]{1,80}/.exec(tail)?.[0];
  return [{ name, args: openIfCut(tail.slice(name?.length ?? 0).trim()) }];
}
