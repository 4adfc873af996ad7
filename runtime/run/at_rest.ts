// A person's change of a run that nobody drives: the run is locked, its log open, and what the change
// says is logged and synced before the lock is given back.
import { BUILT_IN_TOOLS, toToolName } from "../../schemas/tool_names.ts";
import type { RunEventBody, RunPhase } from "../../schemas/run_event.ts";
import { toolFailure } from "../../schemas/tool.ts";
import { type Conversation, type ConversationFold, foldConversation } from "./conversation.ts";
import { interruptedAs } from "./interrupted_call.ts";
import { lockRun, readRecord, type RunFolder, savePhase } from "./run_folder.ts";
import { type EventPlace, openRunLog, type RunLog } from "./run_log.ts";

/** A run that rests. */
export interface RestingRun {
  readonly folder: RunFolder;
  readonly runId: string;
  readonly log: RunLog;
  conversation(): Conversation;
  emit(body: RunEventBody, place?: EventPlace): void;
}

/**
 * Changes a run while nobody drives it.
 * @throws AppError `RUN_BUSY` if somebody does
 */
export async function atRest<Answer>(
  folder: RunFolder,
  change: (run: RestingRun) => Answer | Promise<Answer>,
): Promise<Answer> {
  using _lock = lockRun(folder);
  const { runId } = readRecord(folder);
  const log = openRunLog(folder.logPath, runId);
  const fold: ConversationFold = foldConversation(log.history);
  try {
    const answer = await change({
      folder,
      runId,
      log,
      conversation: fold.read,
      emit: (body, place = {}) => fold.push(log.append(body, place)),
    });
    log.sync();
    return answer;
  } finally {
    log.close();
  }
}

/** Gives every call of the last message a result, so that none is left open when its node is left. */
export function closePending({ conversation, emit }: RestingRun, nodeId: string): void {
  for (const { call, begun, question } of conversation().pending) {
    const callId = call.id;
    const tool = toToolName(call.name, BUILT_IN_TOOLS) ?? call.name;
    if (!begun) emit({ type: "tool_call", callId, tool, arguments: {} }, { nodeId });
    const result = begun && !question ? interruptedAs("unknown") : notRun();
    emit({ type: "tool_result", callId, tool, result, durationMs: 0 }, { nodeId });
  }
}

function notRun() {
  return toolFailure(
    "E_NODE_CHANGED",
    "A person sent the run elsewhere before this call, so it was not run",
  );
}

/** Logs that a person's change has put the run into another phase, and mirrors it in the record. */
export function emitPhase(
  { folder, emit }: RestingRun,
  outcome: { readonly phase: RunPhase; readonly code: string; readonly reason: string },
): void {
  emit({ type: "phase_changed", ...outcome });
  savePhase(folder, outcome);
}
