// A page of a run's log, by number and filter: for the page and the API alike. Pure.
import type { RunEvent } from "../schemas/run_event.ts";

/** What is asked of a log. */
export interface LogQuery {
  /** Empty: all. */
  readonly type: string;
  readonly node: string;
  /** What the event's JSON has to contain, in any case. */
  readonly text: string;
  /** From the newest back, or from the first on. */
  readonly order: "newest" | "oldest";
  /** The number behind which the page begins, in its order; undefined: at its beginning. */
  readonly beyond: number | undefined;
  readonly limit: number;
}

/** A page of a log. */
export interface LogPage {
  readonly events: readonly RunEvent[];
  /** `beyond` of the next page; `null` on the last one. */
  readonly next: number | null;
}

/** The events that fit, in the order that is asked for. */
export function logPage(events: readonly RunEvent[], query: LogQuery): LogPage {
  const { order, beyond, limit } = query;
  const ordered = order === "newest" ? events.toReversed() : events;
  const isBeyond = ({ seq }: RunEvent) =>
    beyond === undefined || (order === "newest" ? seq < beyond : seq > beyond);
  const page: RunEvent[] = [];
  for (const event of ordered) {
    if (!isBeyond(event) || !fitsLog(event, query)) continue;
    if (page.length === limit) return { events: page, next: page.at(-1)?.seq ?? null };
    page.push(event);
  }
  return { events: page, next: null };
}

/** Whether an event is one of those that are asked for. */
export function fitsLog(
  event: RunEvent,
  { type, node, text }: Pick<LogQuery, "type" | "node" | "text">,
): boolean {
  return (type === "" || event.type === type) &&
    (node === "" || event.nodeId === node) &&
    (text === "" || JSON.stringify(event).toLowerCase().includes(text.toLowerCase()));
}
