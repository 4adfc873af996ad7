// `state.complete_node`: reads the arguments; the guarded state document does the rest.
import { type RawArguments, readArguments } from "./arguments.ts";
import type { CallContext } from "./call_context.ts";
import type { ChangeResult } from "./change.ts";
import { definitionOf } from "./definitions.ts";
import type { NodeCompletion } from "./tool_host.ts";

/** Plans the completion of a node; a decision may be given as its label alone. */
export function planCompletion(args: RawArguments, { state }: CallContext): ChangeResult {
  const { decision } = args;
  const isLabel = typeof decision === "string" && decision !== "" && !decision.startsWith("{");
  const whole = isLabel ? { ...args, decision: { label: decision } } : args;
  const read = readArguments(definitionOf("state.complete_node"), whole);
  if (!read.ok) return read;
  const { next, ...rest } = read.values as unknown as NodeCompletion;
  // An empty "next" is how some models say that they are at an end node.
  const completion = next ? { ...rest, next } : rest;
  const apply = () => state.complete(completion);
  return { ok: true, change: { kind: "state", path: state.path, apply } };
}
