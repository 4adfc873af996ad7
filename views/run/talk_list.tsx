// The conversation of a run by pages: the latest entries, and those before them when one asks. A page in the
// browser never holds a whole long run.
import type { Frame } from "../frame.ts";
import type { TaleItem } from "./run_tale.ts";
import { TalkItem } from "./talk.tsx";

/** Entries of a page; the browser takes out older ones beyond three times as many. */
export const TALK_PAGE = 120;

/** A stretch of the conversation. */
export interface TalkWindow {
  readonly items: readonly TaleItem[];
  /** How many entries come before the first of these. */
  readonly earlier: number;
  /** It ends where somebody looked back to, not at the present. */
  readonly isBack: boolean;
}

/** The last entries before a number (`seq`), or of all. */
export function talkWindow(items: readonly TaleItem[], before: number | undefined): TalkWindow {
  const end = before === undefined
    ? items.length
    : items.findLastIndex(({ seq }) => seq < before) + 1;
  const first = Math.max(0, end - TALK_PAGE);
  return { items: items.slice(first, end), earlier: first, isBack: end < items.length };
}

interface TalkListProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly window: TalkWindow;
}

/** The list with a link to what comes before it. */
export function TalkList({ frame, runId, window }: TalkListProps) {
  const { start } = frame.texts;
  return (
    <>
      <ol id="talk" class="talk" data-most={3 * TALK_PAGE}>
        <EarlierTalk frame={frame} runId={runId} window={window} />
      </ol>
      {window.isBack && <a class="button" href={`/runs/${runId}#composer`}>{start.latest}</a>}
    </>
  );
}

/** What the link to earlier entries is replaced by: those, and a link to the ones before. */
export function EarlierTalk({ frame, runId, window: { items, earlier } }: TalkListProps) {
  const { texts } = frame;
  const query = `before=${items[0]?.seq ?? 0}`;
  return (
    <>
      <li id="talk-earlier" class="talk-earlier" data-earlier={earlier} hidden={earlier === 0}>
        <a
          class="button"
          href={`/runs/${runId}?${query}`}
          hx-get={`/runs/${runId}/talk?${query}`}
          hx-target="#talk-earlier"
          hx-swap="outerHTML"
          data-label={texts.start.earlier(0)}
        >
          {texts.start.earlier(earlier)}
        </a>
      </li>
      {items.map((item) => <TalkItem item={item} texts={texts} />)}
    </>
  );
}
