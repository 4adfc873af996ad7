// Reads `<invoke name="…"><parameter name="…">…</parameter></invoke>` of MiniMax, and of DeepSeek, which
// puts ｜DSML｜ into each tag. Pure.
import type { CallBody } from "./call_body.ts";

const PARAMETERS =
  /<(?:[^<>\s"]{1,12}[｜|:])?parameter\s+name="([^"]{1,80})"[^>]{0,40}>\n?([\s\S]*?)\n?(<\/[^<>\s]{0,12}parameter>|(?=<[^<>\s"]{0,13}parameter\s)|$)/g;

/** The inside of an invoke tag, from its name on: `fs_read">…`. */
export function readInvoke(body: string): CallBody[] {
  const head = /^([^"]{1,80})"[^>]{0,40}>/.exec(body);
  if (!head) return [{ name: undefined, args: undefined }];
  const pairs = [...body.slice(head[0].length).matchAll(PARAMETERS)];
  const args = Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, value]));
  return [{ name: head[1], args, untyped: true, cut: pairs.at(-1)?.[3] === "" }];
}
