// Lists of items with controls of their own (prompts, menu, checks), and what the buttons beside them
// do. An item remembers which one of the document it was (`base`), so that keys without a control stay.
import { isRecord } from "../../schemas/record.ts";
import { type JsonObject, valueAt, withValueAt } from "./value_at.ts";
import { type Codec, type Entries, fine, json, prose, type Reading } from "./codec.ts";

/** A control of each item. `path` leads to the value inside the item; the key alone unless given. */
export interface ItemKey {
  readonly key: string;
  readonly codec: Codec;
  readonly path?: readonly string[];
}

/** What the button of a list asks for. */
export interface ListAction {
  readonly field: string;
  readonly verb: "add" | "remove" | "up" | "down";
  readonly index: number;
}

type Item = JsonObject;

/** The control that shows the keys of an open item which have none of their own. */
const MORE = "more";

/** A list of objects. With `isOpen`, other keys are shown as JSON; else they are kept unseen. */
export function items(keys: readonly ItemKey[], { isOpen }: { isOpen: boolean }): Codec {
  return {
    show: (value) => {
      const list = (Array.isArray(value) ? value : []).map((item) => isRecord(item) ? item : {});
      return listEntries(list.map((item) => itemEntries(keys, item, isOpen)));
    },
    read: (entries, old) => {
      const before = Array.isArray(old) ? old : [];
      const parts = splitEntries(entries).map((own) => {
        const base: unknown = before[Number(own.get("base") || Number.NaN)];
        return readItem(keys, { own, base: isRecord(base) ? base : {}, isOpen });
      });
      return listReading(parts);
    },
  };
}

/** A list of texts, each with a control of its own; a lone text counts as a list of one. */
export const textItems: Codec = {
  show: (value) => {
    const list = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
    return listEntries(
      list.map((item) => prose.show(item)).map((own) =>
        new Map([
          ["text", own.get("") ?? ""],
        ])
      ),
    );
  },
  read: (entries, old) => {
    const texts = splitEntries(entries).map((own) => own.get("text") ?? "");
    const kept = texts.filter((text) => text.trim() !== "");
    if (typeof old === "string" && kept.length === 1) return fine(kept[0]);
    return fine(kept.length === 0 ? null : kept);
  },
};

function itemEntries(keys: readonly ItemKey[], item: Item, isOpen: boolean): Entries {
  const own = new Map<string, string>();
  for (const { key, codec, path = [key] } of keys) {
    for (const [sub, text] of codec.show(valueAt(item, path))) {
      own.set(sub ? `${key}.${sub}` : key, text);
    }
  }
  if (isOpen) {
    const others = Object.entries(item).filter(([name]) => !isKnown(keys, name));
    own.set(MORE, others.length === 0 ? "" : JSON.stringify(Object.fromEntries(others), null, 2));
  }
  return own;
}

function isKnown(keys: readonly ItemKey[], name: string): boolean {
  return keys.some(({ key, path = [key] }) => path[0] === name);
}

function listEntries(list: readonly Entries[]): Entries {
  const all = new Map([["count", String(list.length)]]);
  for (const [index, own] of list.entries()) {
    all.set(`${index}.base`, own.get("base") ?? String(index));
    for (const [sub, text] of own) all.set(`${index}.${sub}`, text);
  }
  return all;
}

/** As many items as were sent, whatever the count says: it comes from outside. */
function splitEntries(entries: Entries): Map<string, string>[] {
  const list: Map<string, string>[] = [];
  for (const [sub, text] of entries) {
    const [, index = "", rest = ""] = /^(\d{1,4})\.(.+)$/.exec(sub) ?? [];
    if (index === "") continue;
    const own = list[Number(index)] ?? new Map<string, string>();
    list[Number(index)] = own.set(rest, text);
  }
  return Array.from(list, (own) => own ?? new Map()).filter((own) => own.size > 0);
}

interface ItemReading extends Reading {
  readonly value: Item;
}

function readItem(
  keys: readonly ItemKey[],
  { own, base, isOpen }: { own: Entries; base: Item; isOpen: boolean },
): ItemReading {
  const faults = new Map<string, string>();
  let value = base;
  if (isOpen && own.has(MORE)) {
    const more = json("object").read(new Map([["", own.get(MORE) ?? ""]]), undefined);
    for (const message of more.faults.values()) faults.set(MORE, message);
    const known = Object.entries(base).filter(([name]) => isKnown(keys, name));
    const others = isRecord(more.value) ? Object.entries(more.value) : [];
    value = Object.fromEntries([...known, ...others.filter(([name]) => !isKnown(keys, name))]);
  }
  for (const { key, codec, path = [key] } of keys) {
    const read = codec.read(part(own, key), valueAt(base, path));
    for (const [sub, message] of read.faults) faults.set(sub ? `${key}.${sub}` : key, message);
    if (read.faults.size === 0) value = withValueAt(value, path, read.value);
  }
  return { value, faults };
}

function part(own: Entries, key: string): Entries {
  const text = own.get(key);
  return text === undefined ? new Map() : new Map([["", text]]);
}

function listReading(parts: readonly ItemReading[]): Reading {
  const faults = new Map<string, string>();
  for (const [index, read] of parts.entries()) {
    for (const [sub, message] of read.faults) faults.set(`${index}.${sub}`, message);
  }
  const value = parts.map(({ value }) => value);
  return { value: value.length === 0 ? null : value, faults };
}

/** The texts of a list after a button: what was typed elsewhere stays. */
export function withAction(entries: Entries, action: ListAction, blank: Item): Entries {
  const list = splitEntries(entries);
  const { verb, index } = action;
  if (verb === "add") {
    const texts = Object.entries(blank).map((
      [key, value],
    ): [string, string] => [key, String(value)]);
    list.push(new Map([["base", ""], ...texts]));
  } else if (index >= list.length) return entries;
  else if (verb === "remove") list.splice(index, 1);
  else {
    const other = verb === "up" ? index - 1 : index + 1;
    const [here, there] = [list[index], list[other]];
    if (here && there) [list[index], list[other]] = [there, here];
  }
  return listEntries(list);
}

/** Reads `prompts up 2`; undefined for anything else. */
export function listAction(text: string): ListAction | undefined {
  const [, field, verb, index = "0"] =
    /^([\w.-]+) (add|remove|up|down)(?: (\d{1,4}))?$/.exec(text) ?? [];
  if (field === undefined) return undefined;
  return { field, verb: verb as ListAction["verb"], index: Number(index) };
}
