// How one field of a document becomes the texts of its controls, and how those become a value again.
// Not here: lists of items (`item_codec.ts`), and what is done with the value (`submission.ts`).
import { jsonFault } from "../../runtime/package/json_text.ts";
import { isRecord } from "../../schemas/record.ts";

/** Texts of controls by the part of their name behind the field's. */
export type Entries = ReadonlyMap<string, string>;

/** A value, or what is wrong with the texts, by control. `null` takes the key away. */
export interface Reading {
  readonly value: unknown;
  readonly faults: ReadonlyMap<string, string>;
}

/** Both ways of one kind of field. */
export interface Codec {
  show(value: unknown): Entries;
  /** @param old the value that the texts were made from */
  read(entries: Entries, old: unknown): Reading;
}

const FINE: ReadonlyMap<string, string> = new Map();

/** A reading without a fault. */
export function fine(value: unknown): Reading {
  return { value, faults: FINE };
}

/** A reading that failed in one control. */
export function faulty(message: string, sub = ""): Reading {
  return { value: undefined, faults: new Map([[sub, message]]) };
}

/** What a text control shows: browsers send nothing else back. */
export function shownText(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return (text ?? "").replace(/\r\n?/g, "\n").replaceAll("\0", "");
}

function one(text: string): Entries {
  return new Map([["", text]]);
}

function textOf(entries: Entries): string {
  return entries.get("") ?? "";
}

/** One line; empty takes the key away. */
export const line: Codec = {
  show: (value) => one(shownText(value).replace(/\s*\n\s*/g, " ")),
  read: (entries) => fine(textOf(entries).trim() || null),
};

/** A text of many lines; empty takes the key away. */
export const prose: Codec = {
  show: (value) => one(shownText(value)),
  read: (entries) => fine(textOf(entries).trim() === "" ? null : textOf(entries)),
};

/** One of several words; empty takes the key away. */
export const choice: Codec = line;

/** A list of texts, one a line; without any line the key goes. */
export const lineList: Codec = {
  show: (value) =>
    one(
      (Array.isArray(value) ? value : []).map((item) => shownText(item).replace(/\s*\n\s*/g, " "))
        .join("\n"),
    ),
  read: (entries) => {
    const items = textOf(entries).split("\n").map((item) => item.trim()).filter(Boolean);
    return fine(items.length === 0 ? null : items);
  },
};

/** Words between commas. */
export const words: Codec = {
  show: (value) =>
    one((Array.isArray(value) ? value : []).map((item) => shownText(item)).join(", ")),
  read: (entries) => {
    const items = textOf(entries).split(/[,\n]/).map((item) => item.trim()).filter(Boolean);
    return fine(items.length === 0 ? null : [...new Set(items)]);
  },
};

/** A switch. A value that is what the absent key means is written only where it was there before. */
export function flag(meansWithout: "on" | "off" = "off"): Codec {
  const absent = meansWithout === "on";
  return {
    show: (value) => (value ?? absent) === true ? one("on") : new Map(),
    read: (entries, old) => {
      const isOn = entries.has("");
      return fine(isOn === absent && old === undefined ? null : isOn);
    },
  };
}

/** A number; `isWhole` with its least value. */
export function number({ least, isWhole }: { least?: number; isWhole: boolean }): Codec {
  return {
    show: (value) => one(shownText(value)),
    read: (entries) => {
      const text = textOf(entries).trim();
      if (text === "") return fine(null);
      const value = Number(text);
      const isRight = Number.isFinite(value) && (!isWhole || Number.isSafeInteger(value)) &&
        (least === undefined || value >= least);
      if (isRight) return fine(value);
      const wanted = `${isWhole ? "a whole number" : "a number"}${
        least === undefined ? "" : `, ${least} or more`
      }`;
      return faulty(`“${text.slice(0, 40)}” is not ${wanted}`);
    },
  };
}

/** Any JSON of one shape, written as JSON; empty takes the key away. */
export function json(shape: "object" | "list" | "objects"): Codec {
  return {
    show: (value) => one(value === undefined ? "" : JSON.stringify(value, null, 2)),
    read: (entries) => {
      const text = textOf(entries);
      if (text.trim() === "") return fine(null);
      const read = parsed(text);
      if (read.faults.size > 0) return read;
      const { value } = read;
      if (shape === "object" && isRecord(value)) return read;
      if (shape === "list" && Array.isArray(value)) return read;
      if (shape === "objects" && Array.isArray(value) && value.every(isRecord)) return read;
      return faulty(WANTED[shape]);
    },
  };
}

const WANTED = {
  object: 'This has to be an object in { }, such as {"key": "value"}',
  list: "This has to be a list in [ ]",
  objects: 'This has to be a list of objects, such as [{"key": "value"}]',
};

function parsed(text: string): Reading {
  try {
    return fine(JSON.parse(text));
  } catch {
    const { line, column, message } = jsonFault(text);
    return faulty(`Line ${line}, column ${column}: ${message}`);
  }
}

const VARIABLE = /^([^\s=:][^=]*?)\s*=\s*(.*)$/;

/** An object as lines `name = value`; what reads as JSON is taken as that, anything else is a text. */
export const pairs: Codec = {
  show: (value) =>
    one(
      Object.entries(isRecord(value) ? value : {}).map(([name, item]) =>
        `${name} = ${pairText(item)}`
      )
        .join("\n"),
    ),
  read: (entries) => {
    const found: [string, unknown][] = [];
    for (const [index, text] of textOf(entries).split("\n").entries()) {
      if (text.trim() === "") continue;
      const [, name, value = ""] = VARIABLE.exec(text.trim()) ?? [];
      if (name === undefined) {
        return faulty(`Line ${index + 1} has to be “name = value”, but is “${text.slice(0, 60)}”`);
      }
      if (found.some(([other]) => other === name)) return faulty(`“${name}” is there twice`);
      found.push([name, pairValue(value)]);
    }
    return fine(found.length === 0 ? null : Object.fromEntries(found));
  },
};

function pairText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "null";
  const isPlain = value === value.trim() && !/[\n\r]/.test(value) && pairValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

function pairValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
