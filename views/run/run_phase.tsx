// The phase of a run as a badge, and durations in words.
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Texts } from "../text/texts.ts";

const KINDS: Readonly<Record<RunPhase, string>> = {
  idle: "",
  running: "accent",
  waiting: "warning",
  paused: "warning",
  completed: "ok",
  failed: "error",
  interrupted: "warning",
};

/** A phase in colour and in words. */
export function PhaseBadge({ phase, texts }: { phase: RunPhase; texts: Texts }) {
  return <span class={`badge ${KINDS[phase]}`} data-phase={phase}>{texts.run[phase]}</span>;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}
