// What is known of a tool call that had begun when the program stopped. The shell never repeats one;
// it tells the model what the disk says, and the model decides.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import type { CallOptions, ToolHost } from "../tools/tool_host.ts";
import type { PendingCall } from "./conversation.ts";

/** Whether the call had its effect. */
export type KnownEffect = "done" | "not_done" | "unknown";

const MESSAGES: Readonly<Record<KnownEffect, string>> = {
  done:
    "The program stopped while this call ran. The file holds what the call was to write, so it is done; do not repeat it",
  not_done:
    "The program stopped while this call ran. It had no effect; call it again if you still need it",
  unknown:
    "The program stopped while this call ran, so it may or may not have had its effect. Check before you call it again",
};

/** Tools without an effect outside the conversation, and those that announce it by `file_changed`. */
const ANNOUNCED: ReadonlySet<string> = new Set([
  "fs.read",
  "fs.list",
  "fs.search",
  "fs.write",
  "fs.edit",
  "fs.apply_patch",
]);

/** The answer to a call that was cut off: `E_INTERRUPTED` with what is known. */
export async function interruptedResult(
  host: ToolHost,
  { pending, tool, options }: { pending: PendingCall; tool: string; options: CallOptions },
): Promise<ToolFailure> {
  const known = await knownEffect(host, { pending, tool, options });
  return toolFailure("E_INTERRUPTED", MESSAGES[known], { known });
}

async function knownEffect(
  host: ToolHost,
  { pending, tool, options }: { pending: PendingCall; tool: string; options: CallOptions },
): Promise<KnownEffect> {
  const { change } = pending;
  if (!change) return ANNOUNCED.has(tool) ? "not_done" : "unknown";
  const now = await host.call("fs.read", { path: change.path, startLine: 1, endLine: 1 }, options);
  const isMissing = !now.ok && now.error.code === "ENOENT";
  const sha256 = isMissing ? null : now.ok ? now.sha256 : undefined;
  if (sha256 === change.sha256After) return "done";
  return sha256 === change.sha256Before ? "not_done" : "unknown";
}
