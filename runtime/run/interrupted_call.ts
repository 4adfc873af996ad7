// What is known of a tool call that had begun when the program stopped. The shell never repeats one;
// it tells the model what the disk says, and the model decides.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { changesNothing, writesFiles } from "../tools/names.ts";
import type { CallOptions, ToolHost } from "../tools/tool_host.ts";
import type { PendingCall } from "./conversation.ts";

/** Whether the call had its effect. */
export type KnownEffect = "done" | "not_done" | "unknown";

const MESSAGES: Readonly<Record<KnownEffect, string>> = {
  done:
    "The program stopped while this call ran. What it was to write is there, so it is done; do not repeat it",
  not_done:
    "The program stopped while this call ran. It had no effect; call it again if you still need it",
  unknown:
    "The program stopped while this call ran, so it may or may not have had its effect. Check before you call it again",
};

/**
 * Tools without an effect, those that announce theirs by `file_changed`, and the completion of a node
 * that is still the current one: without an announcement nothing has happened.
 */
function isAnnounced(tool: string): boolean {
  return changesNothing(tool) || writesFiles(tool) || tool === "state.complete_node";
}

/** A call that was cut off. */
export interface InterruptedCall {
  readonly pending: PendingCall;
  readonly tool: string;
  /** Mount path of the call, where it has one. */
  readonly path: string | undefined;
  readonly options: CallOptions;
}

/** The answer to a call that was cut off: `E_INTERRUPTED` with what is known. */
export async function interruptedResult(
  host: ToolHost,
  call: InterruptedCall,
): Promise<ToolFailure> {
  return interruptedAs(await knownEffect(host, call), call.pending.change?.path);
}

/** The same where the effect is known already. */
export function interruptedAs(known: KnownEffect, path?: string): ToolFailure {
  return toolFailure("E_INTERRUPTED", MESSAGES[known], {
    known,
    ...(known === "done" && path !== undefined && { path }),
  });
}

async function knownEffect(
  host: ToolHost,
  { pending, tool, path, options }: InterruptedCall,
): Promise<KnownEffect> {
  const { change } = pending;
  if (!change) {
    const isPatchedState = path?.startsWith("@state/") && !tool.startsWith("fs.read");
    return isAnnounced(tool) && !isPatchedState ? "not_done" : "unknown";
  }
  const now = await host.call("fs.read", { path: change.path, startLine: 1, endLine: 1 }, options);
  const isMissing = !now.ok && now.error.code === "ENOENT";
  const sha256 = isMissing ? null : now.ok ? now.sha256 : undefined;
  if (sha256 === change.sha256After) return "done";
  return sha256 === change.sha256Before ? "not_done" : "unknown";
}
