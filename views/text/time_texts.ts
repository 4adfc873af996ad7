// Words for how long ago something was.
import type { TextArea } from "./texts.ts";

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"} ago`;

/** Words for how long ago something was. */
export const timeTexts = {
  now: "just now",
  minutes: (count: number) => plural(count, "minute"),
  hours: (count: number) => plural(count, "hour"),
  yesterday: "yesterday",
  days: (count: number) => plural(count, "day"),
} satisfies TextArea;
