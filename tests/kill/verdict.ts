// Compares a run that was killed with one that was not. Pure.
import type { RunEvent } from "../../schemas/run_event.ts";
import type { Effect, Ending } from "./ending.ts";

/** Something that went wrong with one run. */
export interface Failure {
  readonly kind: "lost" | "duplicated" | "stuck";
  readonly detail: string;
}

/**
 * What the killed run lacks (`lost`) or has too often (`duplicated`). A difference that is neither,
 * such as another order, counts as lost.
 */
export function compareEndings(killed: Ending, whole: Ending): Failure[] {
  const failures: Failure[] = [
    ...compareEffects(killed.effects, whole.effects),
    ...compareFiles(killed.files, whole.files),
    ...compareStates(killed, whole),
    ...killed.faults.map((detail) => lost(`log: ${detail}`)),
  ];
  if (killed.phase !== whole.phase) failures.push(lost(`phase "${killed.phase}"`));
  return failures;
}

function lost(detail: string): Failure {
  return { kind: "lost", detail };
}

function duplicated(detail: string): Failure {
  return { kind: "duplicated", detail };
}

/** Calls of one message on different files may change places, those on one file may not. */
function compareEffects(killed: readonly Effect[], whole: readonly Effect[]): Failure[] {
  const paths = new Set([...killed, ...whole].map(({ path }) => path));
  const contents = (effects: readonly Effect[], path: string) =>
    effects.filter((effect) => effect.path === path)
      .map(({ sha256After }) => sha256After?.slice(0, 12) ?? "removed");
  return [...paths].flatMap((path) =>
    compareLists(contents(killed, path), contents(whole, path))
      .map(({ kind, detail }) => ({ kind, detail: `effect on ${path}: ${detail}` }))
  );
}

function compareFiles(
  killed: ReadonlyMap<string, string>,
  whole: ReadonlyMap<string, string>,
): Failure[] {
  const paths = new Set([...killed.keys(), ...whole.keys()]);
  return [...paths].flatMap((path): Failure[] => {
    const [text, wanted] = [killed.get(path), whole.get(path)];
    if (text === wanted) return [];
    if (text === undefined) return [lost(`file ${path} is missing`)];
    if (wanted === undefined) return [duplicated(`file ${path} is one too many`)];
    return compareLists(text.split("\n"), wanted.split("\n"))
      .map(({ kind, detail }) => ({ kind, detail: `file ${path}: ${detail}` }));
  });
}

function compareStates(killed: Ending, whole: Ending): Failure[] {
  return [...whole.states].flatMap(([workflowId, wanted]): Failure[] => {
    const state = killed.states.get(workflowId);
    if (!state) return [lost(`state of ${workflowId} is missing`)];
    const keys = new Set([...Object.keys(state), ...Object.keys(wanted)]);
    return [...keys].flatMap((key) =>
      compareLists(itemsOf(state[key]), itemsOf(wanted[key]))
        .map(({ kind, detail }) => ({ kind, detail: `state of ${workflowId}, ${key}: ${detail}` }))
    );
  });
}

function itemsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((item) => JSON.stringify(item) ?? "nothing");
}

function compareLists(list: readonly string[], wanted: readonly string[]): Failure[] {
  const missing = without(wanted, list);
  const extra = without(list, wanted);
  if (missing.length + extra.length > 0) {
    return [...missing.map((item) => lost(item)), ...extra.map((item) => duplicated(item))];
  }
  const first = wanted.findIndex((item, index) => item !== list[index]);
  return first < 0 ? [] : [lost(`${wanted[first]} does not stand at place ${first + 1}`)];
}

/** Items of a list that are left when each of another list has taken one away. */
function without(list: readonly string[], taken: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const item of taken) left.set(item, (left.get(item) ?? 0) + 1);
  return list.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}

/** How many events around each stop an excerpt of a log shows. */
const AROUND = 8;

/** The lines of a log around each place where the run was taken up again and at its end, in short. */
export function describeStops(events: readonly RunEvent[]): string[] {
  const resumed = events.flatMap(({ type }, index) => type === "run_resumed" ? [index] : []);
  const stops = [...resumed, events.length + AROUND / 2];
  return events.flatMap((event, index) =>
    stops.some((stop) => Math.abs(stop - index) <= AROUND) ? [describeEvent(event)] : []
  );
}

function describeEvent(event: RunEvent): string {
  const { seq, type, nodeId = "-", at: _at, runId: _runId, turn: _turn, ...rest } = event;
  if (type === "prompt_composed") return `${seq} ${type} ${nodeId}`;
  const text = JSON.stringify(rest);
  const known = /"known":"\w+"/.exec(text)?.[0] ?? "";
  return `${seq} ${type} ${nodeId} ${text.slice(0, 200)} ${known}`.trimEnd();
}
