// What comes into the panel beside a conversation while one looks on: new rows of calls and log, so that
// what is unfolded stays so; files and diffs anew, at most once a second. Not here: the rest of the page
// (`run_stream.tsx`).
import type { Child } from "hono/jsx";
import type { RunEvent } from "../../schemas/run_event.ts";
import { CallRow } from "../../views/run/calls_tab.tsx";
import { LogRow } from "../../views/run/log_tab.tsx";
import type { RunTale } from "../../views/run/run_tale.ts";
import { SideBody } from "../../views/run/side_panel.tsx";
import type { AppContext } from "../app_context.ts";
import type { RunView } from "../live_runs.ts";
import { fitsLog } from "../log_page.ts";
import { fitsCalls, openCallTable } from "../tool_calls.ts";
import { tabOf } from "./run_pieces.ts";
import { isLiveLog, logQueryOf, type PageQuery, sideOf } from "./run_side.tsx";

/** The panel of one open page. */
export interface SideFeed {
  /** Takes the next event. */
  hear(event: RunEvent): void;
  /** The run stands otherwise than by its events, or a breakpoint was set. */
  stand(): void;
  /** The markup of what changed since it was asked last. */
  pieces(view: RunView, tale: RunTale): Promise<readonly string[]>;
  /** Ends what was planned. */
  end(): void;
}

/** What a feed begins with. */
export interface SideFeedStart {
  /** The last event that the browser has seen. */
  readonly seenSeq: number;
  /** Asks for `pieces` to be called. */
  readonly plan: () => void;
}

/** How often diffs and files are looked at anew. */
const REFRESH_MS = 1_000;

/** Most events of a run; the way it takes and where it stands are the same after them. */
const PASSES_PROGRESS: ReadonlySet<RunEvent["type"]> = new Set([
  "request_sent",
  "usage",
  "assistant_message",
  "tool_call",
  "tool_result",
  "file_changed",
  "user_input",
]);

const CHANGES_FILES: ReadonlySet<RunEvent["type"]> = new Set(["file_changed", "phase_changed"]);

/** The feed of the tab that the query of the stream names. */
export function openSideFeed(c: AppContext, { seenSeq, plan }: SideFeedStart): SideFeed {
  const query = c.req.query();
  switch (tabOf(query.tab)) {
    case "calls":
      return callFeed(c, query, seenSeq);
    case "log":
      return logFeed(query, seenSeq);
    case "progress":
      return wholeFeed(c, { everyMs: 0, plan, concerns: (type) => !PASSES_PROGRESS.has(type) });
    default:
      return wholeFeed(c, {
        everyMs: REFRESH_MS,
        plan,
        concerns: (type) => CHANGES_FILES.has(type),
      });
  }
}

/** Rows are live at the end of all calls, not on an earlier page, nor where their outcome decides. */
function isLiveCalls({ before, call, outcome = "" }: PageQuery): boolean {
  return before === undefined && call === undefined && outcome === "";
}

function callFeed(c: AppContext, query: PageQuery, seenSeq: number): SideFeed {
  const { texts } = c.var;
  const runId = c.req.param("runId") ?? "";
  const table = openCallTable();
  const filter = { tool: query.tool ?? "", outcome: "" };
  /** Numbers of calls, by whether the browser has a row for them. */
  const [fresh, changed] = [new Set<number>(), new Set<number>()];
  return {
    hear(event) {
      const call = table.hear(event);
      if (!call || event.seq <= seenSeq || !isLiveCalls(query) || !fitsCalls(call, filter)) return;
      if (call.seq === event.seq) fresh.add(call.seq);
      else if (!fresh.has(call.seq)) changed.add(call.seq);
    },
    stand() {},
    async pieces() {
      const row = (seq: number) =>
        table.calls().filter((call) => call.seq === seq)
          .map((call) => <CallRow runId={runId} call={call} texts={texts} />);
      const replaced = [...changed].map((seq) => (
        <hx-partial hx-target={`#call-${seq}`} hx-swap="outerHTML">{row(seq)}</hx-partial>
      ));
      const appended = [...fresh].flatMap(row);
      changed.clear();
      fresh.clear();
      return await markups([
        ...replaced,
        appended.length > 0 && (
          <hx-partial hx-target="#call-rows" hx-swap="beforeend">{appended}</hx-partial>
        ),
      ]);
    },
    end() {},
  };
}

function logFeed(asked: PageQuery, seenSeq: number): SideFeed {
  const query = logQueryOf(asked);
  let waiting: RunEvent[] = [];
  return {
    hear(event) {
      const isNew = event.seq > seenSeq && isLiveLog(query) && fitsLog(event, query);
      if (isNew) waiting.push(event);
    },
    stand() {},
    async pieces() {
      const rows = waiting.reverse().map((event) => <LogRow event={event} />);
      waiting = [];
      return await markups([
        rows.length > 0 && (
          <hx-partial hx-target="#log-rows" hx-swap="afterbegin">{rows}</hx-partial>
        ),
      ]);
    },
    end() {},
  };
}

interface WholeFeedOptions {
  readonly everyMs: number;
  readonly plan: () => void;
  /** Whether the panel may be another one after an event of this type. */
  readonly concerns: (type: RunEvent["type"]) => boolean;
}

/** The panel as a whole, no oftener than asked, after what concerns it, and only if it changed. */
function wholeFeed(c: AppContext, { everyMs, plan, concerns }: WholeFeedOptions): SideFeed {
  const tab = tabOf(c.req.query("tab"));
  let sent = "";
  let sentAt = -Infinity;
  let isDue = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    hear({ type }) {
      if (concerns(type)) isDue = true;
    },
    stand() {
      isDue = true;
    },
    async pieces(view, tale) {
      if (!isDue) return [];
      const restMs = sentAt + everyMs - performance.now();
      if (restMs > 0) {
        timer ??= setTimeout(() => {
          timer = undefined;
          plan();
        }, restMs);
        return [];
      }
      sentAt = performance.now();
      isDue = false;
      const [text = ""] = await markups([<SideBody {...await sideOf(c, { view, tale, tab })} />]);
      if (text === sent) return [];
      sent = text;
      return [`<hx-partial hx-target="#side-body" hx-swap="innerHTML">${text}</hx-partial>`];
    },
    end: () => clearTimeout(timer),
  };
}

async function markups(nodes: readonly (Child | false)[]): Promise<readonly string[]> {
  const there = nodes.filter((node) => node !== false);
  return await Promise.all(there.map(async (node) => String(await node)));
}
