// Updates of front matter (`variables.set`, `artifacts.append`, …) as changes of YAML. Pure.
import { type FrontMatterChange, readFrontMatter } from "../../schemas/front_matter.ts";
import { isRecord } from "../../schemas/record.ts";
import type { StateUpdate } from "../../schemas/state.ts";
import type { ToolFailure } from "../../schemas/tool.ts";
import { argumentFailure, type RawArguments, show } from "./arguments.ts";

/** One key of an update, taken apart. */
export interface UpdateEntry {
  readonly key: string;
  readonly verb: "set" | "append";
  readonly value: unknown;
}

/** What each key of a state document's update takes. */
const STATE_KEYS: ReadonlyMap<string, readonly [string, (value: unknown) => boolean]> = new Map([
  ["stepsCompleted.append", ["a node id or a list of them", isTextOrTexts]],
  ["artifacts.append", ["a path or a list of paths", isTextOrTexts]],
  ["variables.set", ["an object", isRecord]],
  ["decisionLog.append", [
    "an object with from, to and label, or a list of them",
    isRecordOrRecords,
  ]],
  ["currentNodeId.set", ["a node id", isText]],
  ["updatedAt.set", ["a date and time", isText]],
]);

/** Lists in which nothing stands twice. */
const UNIQUE_LISTS = ["stepsCompleted", "artifacts"];

/** An update of the state document, with only the keys that exist. */
export function readStateUpdate(
  update: RawArguments,
): { readonly ok: true; readonly update: StateUpdate } | ToolFailure {
  const read = readFileUpdate(update);
  if (!read.ok) return read;
  const keys = read.entries.map(({ key, verb, value }) => [`${key}.${verb}`, value] as const);
  for (const [key, value] of keys) {
    const rule = STATE_KEYS.get(key);
    if (!rule) {
      const known = [...STATE_KEYS.keys()].join(", ");
      return argumentFailure(`The update has no key "${key}". Its keys are: ${known}`);
    }
    const [needed, fits] = rule;
    if (!fits(value)) {
      return argumentFailure(`"${key}" is ${show(value)}, but has to be ${needed}`);
    }
  }
  return { ok: true, update: Object.fromEntries(keys) };
}

/** An update of any Markdown file: `<key>.set` and `<key>.append`, also nested as `{key: {set}}`. */
export function readFileUpdate(
  update: RawArguments,
): { readonly ok: true; readonly entries: readonly UpdateEntry[] } | ToolFailure {
  const entries: UpdateEntry[] = [];
  for (const [name, value] of Object.entries(update)) {
    const dotted = /^(.+)\.(set|append)$/.exec(name);
    const parts = dotted
      ? [{ key: dotted[1] ?? "", verb: dotted[2] as UpdateEntry["verb"], value }]
      : nestedEntries(name, value);
    if (!parts) {
      return argumentFailure(
        `The update's key "${name}" says not what to do: write "${name}.set" or "${name}.append"`,
      );
    }
    entries.push(...parts);
  }
  if (entries.length > 0) return { ok: true, entries };
  return argumentFailure('The update is empty. Its keys are such as "variables.set"');
}

/** The file with its front matter updated, or why it cannot be. Body and comments stay. */
export function updateFrontMatter(
  text: string,
  entries: readonly UpdateEntry[],
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string } {
  const read = readFrontMatter(text);
  if (!read.ok) return { ok: false, reason: read.problem.message };
  const { data, withChanges } = read.value;
  return { ok: true, text: withChanges(entries.flatMap((entry) => toChanges(entry, data))) };
}

function toChanges({ key, verb, value }: UpdateEntry, data: RawArguments): FrontMatterChange[] {
  if (verb === "append") {
    const present = data[key];
    const known = UNIQUE_LISTS.includes(key) && Array.isArray(present) ? present : [];
    const items = Array.isArray(value) ? value : [value];
    return items.filter((item) => !known.includes(item)).map((append) => ({ path: [key], append }));
  }
  if (key === "variables" && isRecord(value)) {
    return Object.entries(value).map(([name, set]) => ({ path: [key, name], set }));
  }
  return [{ path: [key], set: value }];
}

function nestedEntries(key: string, value: unknown): UpdateEntry[] | undefined {
  if (!isRecord(value)) return undefined;
  const verbs = Object.entries(value);
  if (verbs.length === 0 || verbs.some(([verb]) => verb !== "set" && verb !== "append")) {
    return undefined;
  }
  return verbs.map(([verb, inner]) => ({ key, verb: verb as UpdateEntry["verb"], value: inner }));
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isTextOrTexts(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.every(isText));
}

function isRecordOrRecords(value: unknown): boolean {
  return isRecord(value) || (Array.isArray(value) && value.every(isRecord));
}
