// The one place where a run's events come from: written to the log, folded, told to listeners.
import type { RunDelta, RunEvent, RunEventBody } from "../../schemas/run_event.ts";
import { type Conversation, foldConversation } from "./conversation.ts";
import { type EventPlace, openRunLog } from "./run_log.ts";

/** Hears every event after it is in the log, and the unlogged deltas. Must not throw. */
export type RunListener = (event: RunEvent | RunDelta) => void;

/** Records one run. */
export interface RunRecorder {
  /** The run as its log tells it, up to the last event. */
  conversation(): Conversation;
  /** Events the log held when it was opened. */
  readonly history: readonly RunEvent[];
  /** Place of the events to come; the turn is set with each request. */
  place: EventPlace;
  emit(body: RunEventBody): RunEvent;
  delta(type: RunDelta["type"], text: string): void;
  /** Everything emitted so far survives a crash of the machine once this returns. */
  sync(): void;
  close(): void;
}

/** Opens the log at `path` and folds what it holds. */
export function openRecorder(
  { path, runId, listener }: { path: string; runId: string; listener: RunListener },
): RunRecorder {
  const log = openRunLog(path, runId);
  const fold = foldConversation(log.history);
  const last = log.history.at(-1);
  if (last?.type === "log_damaged") listener(last);
  const recorder: RunRecorder = {
    history: log.history,
    conversation: fold.read,
    place: {},
    emit(body) {
      const event = log.append(body, recorder.place);
      fold.push(event);
      listener(event);
      return event;
    },
    delta: (type, text) => listener({ type, runId, text }),
    sync: log.sync,
    close: log.close,
  };
  return recorder;
}
