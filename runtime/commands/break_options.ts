// `--break-before`, `--break-after`, `--break-on`: where a run pauses.
import type { BreakpointRequest } from "../../schemas/breakpoint.ts";

/** The options, for `readOptions`. */
export const BREAK_OPTIONS = {
  "break-before": { type: "string", multiple: true },
  "break-after": { type: "string", multiple: true },
  "break-on": { type: "string", multiple: true },
} as const;

/** What `readOptions` makes of them. */
export type BreakValues = Readonly<
  Partial<Record<keyof typeof BREAK_OPTIONS, readonly string[] | undefined>>
>;

/** The breakpoints that were given, as they are to be checked and set. */
export function breakpointsOf(values: BreakValues): readonly BreakpointRequest[] {
  const at = (place: "before" | "after") =>
    (values[`break-${place}`] ?? []).map((nodeId) => ({ at: place, nodeId }));
  const tools = (values["break-on"] ?? []).map((tool) => ({ at: "tool" as const, tool }));
  return [...at("before"), ...at("after"), ...tools];
}
