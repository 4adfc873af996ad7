// A moment as people say it, with the exact one on hover and for machines.
import type { Texts } from "./text/texts.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `<time>` with a relative text; `at` is an ISO string. Without JavaScript the hover shows UTC. */
export function TimeAgo({ at, now, texts }: { at: string; now: Date; texts: Texts }) {
  const exact = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  return <time datetime={at} title={exact}>{timeAgo(new Date(at), now, texts)}</time>;
}

/** `5 minutes ago`, `yesterday`; the date where it is longer than 30 days ago. */
export function timeAgo(at: Date, now: Date, { time }: Texts): string {
  const age = now.getTime() - at.getTime();
  if (age < MINUTE) return time.now;
  if (age < HOUR) return time.minutes(Math.floor(age / MINUTE));
  if (age < DAY) return time.hours(Math.floor(age / HOUR));
  if (age < 2 * DAY) return time.yesterday;
  if (age < 31 * DAY) return time.days(Math.floor(age / DAY));
  return at.toISOString().slice(0, 10);
}
