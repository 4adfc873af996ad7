// Which runs a list shows, and what it says of each: for the page and the API alike. Pure.
import { costOf, NOTHING_SPENT, type Spent } from "../runtime/run/usage.ts";
import type { RunPhase } from "../schemas/run_event.ts";
import type { RunView } from "./live_runs.ts";

/** What a list is about; what is missing or empty restricts nothing. */
export interface RunFilter {
  readonly status?: string | undefined;
  /** Of the package, exactly. */
  readonly package?: string | undefined;
  readonly workflow?: string | undefined;
  /** The folder's path, or its last part. */
  readonly project?: string | undefined;
  /** Words that name, workflow, agent, input, folder, model or reason have to contain. */
  readonly text?: string | undefined;
  /** Started at this moment or later: a date, or a date and time. */
  readonly since?: string | undefined;
}

/** Those that fit, in the same order. */
export function fittingRuns(views: readonly RunView[], filter: RunFilter): readonly RunView[] {
  const { status, package: name, workflow, project, since } = filter;
  const words = (filter.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return views.filter(({ record, phase, reason }) =>
    (!status || phase === status) &&
    (!name || record.package.name === name) &&
    (!workflow || record.workflowId === workflow) &&
    (!project || record.projectDir === project || lastPart(record.projectDir) === project) &&
    (!since || record.startedAt >= since) &&
    (words.length === 0 || containsAll(searchedText(record, reason), words))
  );
}

/** Whether it is one of those that the inbox shows. A chat always waits, so it is none. */
export function waitsForPerson({ phase, code }: RunView): boolean {
  return phase === "waiting" && code !== "CHAT";
}

function searchedText(record: RunView["record"], reason: string | undefined): string {
  const { package: { name }, workflowId, agentId, input, projectDir, connection } = record;
  const { model, profile } = connection;
  return [name, workflowId, agentId, input, projectDir, model, profile, reason]
    .filter((part) => part !== undefined).join("\n").toLowerCase();
}

function containsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** The name of a folder, as lists show it. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

/** A run with what it took. */
export interface CountedRun {
  readonly view: RunView;
  readonly spent: Spent;
}

/** How long a run has been at it, waiting included: up to now while it is driven. */
export function durationOf({ record, phase }: RunView, now: Date): number {
  const end = phase === "running" ? now.getTime() : Date.parse(record.updatedAt);
  return Math.max(0, end - Date.parse(record.startedAt));
}

/** US dollars; `null` where the run has no prices. */
export function costOfRun({ view: { record: { connection } }, spent }: CountedRun): number | null {
  return connection.prices ? costOf(spent, connection.prices) : null;
}

/** What runs took together. */
export interface RunTotals {
  readonly runs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly modelMs: number;
  /** Of those that have prices; `null` if none has. */
  readonly costUsd: number | null;
  readonly byStatus: Readonly<Partial<Record<RunPhase, number>>>;
}

/** The totals of a list. */
export function totalsOf(runs: readonly CountedRun[]): RunTotals {
  const sum = runs.reduce(
    (total, { spent }) => ({
      requests: total.requests + spent.requests,
      inputTokens: total.inputTokens + spent.inputTokens,
      outputTokens: total.outputTokens + spent.outputTokens,
      durationMs: total.durationMs + spent.durationMs,
    }),
    NOTHING_SPENT,
  );
  const costs = runs.map(costOfRun).filter((cost) => cost !== null);
  const byStatus: Partial<Record<RunPhase, number>> = {};
  for (const { view: { phase } } of runs) byStatus[phase] = (byStatus[phase] ?? 0) + 1;
  return {
    runs: runs.length,
    inputTokens: sum.inputTokens,
    outputTokens: sum.outputTokens,
    modelMs: sum.durationMs,
    costUsd: costs.length === 0 ? null : costs.reduce((total, cost) => total + cost, 0),
    byStatus,
  };
}
