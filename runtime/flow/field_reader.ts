// Reads the fields of a YAML map with their types. A wrong one is a finding and counts as absent; a key
// that nobody asked for is a warning. Never shows a value of `.env` or of a field marked secret.
import { isRecord } from "../../schemas/record.ts";
import type { YamlMap } from "../../schemas/yaml_map.ts";
import {
  type FindingList,
  type FlowFindingCode,
  listed,
  type Place,
  quoted,
} from "./finding_list.ts";
import { FLOW_ID_RULE, isFlowId } from "./flow_id.ts";

/** Where a map stands. */
export interface MapOrigin {
  readonly file: string;
  readonly locate: YamlMap["locate"];
  readonly findings: FindingList;
}

type Path = readonly (string | number)[];

/** Bounds of a number, both allowed. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The fields of one map. */
export class FieldReader {
  readonly #data: Readonly<Record<string, unknown>>;
  readonly #origin: MapOrigin;
  readonly #path: Path;
  readonly #asked = new Set<string>();

  constructor(data: Readonly<Record<string, unknown>>, origin: MapOrigin, path: Path = []) {
    this.#data = data;
    this.#origin = origin;
    this.#path = path;
  }

  /** Whether the key is there with a value. */
  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  /** The value as it is; null counts as absent. */
  raw(key: string): unknown {
    this.#asked.add(key);
    return Object.hasOwn(this.#data, key) ? this.#data[key] ?? undefined : undefined;
  }

  keys(): string[] {
    return Object.keys(this.#data);
  }

  /** A string; numbers and booleans become one. */
  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (isScalar(value)) return String(value);
    this.#wrong([key], `"${key}" is ${quoted(value)}, not a text`, "Write one text");
    return undefined;
  }

  /** Strings; absent is an empty list. */
  texts(key: string): string[] {
    return this.#items(key).filter((item, index) => {
      if (isScalar(item)) return true;
      this.#wrong([key, index], `${quoted(item)} in "${key}" is not a text`, "Write one text");
      return false;
    }).map(String);
  }

  /** Ids, without `.md`; one that breaks the rule is a finding. Repeated ones count once. */
  ids(key: string): string[] {
    const ids = this.texts(key).map((text) => text.replace(/\.md$/i, ""));
    const sound = ids.filter((id, index) => {
      if (isFlowId(id)) return true;
      this.report("FLOW_ID_INVALID", [key, index], `${quoted(id)} in "${key}" is no id`, RULE_HINT);
      return false;
    });
    return [...new Set(sound)];
  }

  flag(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === "boolean") return value;
    this.#wrong([key], `"${key}" is ${quoted(value)}`, "Write true or false");
    return undefined;
  }

  number(key: string, { min, max }: Bounds): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" && value >= min && value <= max) return value;
    this.#wrong([key], `"${key}" is ${quoted(value)}`, `Write a number from ${min} to ${max}`);
    return undefined;
  }

  integer(key: string, bounds: Bounds): number | undefined {
    const value = this.number(key, bounds);
    if (value === undefined || Number.isInteger(value)) return value;
    this.#wrong([key], `"${key}" is ${value}`, "Write a whole number");
    return undefined;
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    const word = words.find((word) => word === value);
    if (word === undefined) {
      this.#wrong([key], `"${key}" is ${quoted(value)}`, `Write one of ${listed(words)}`);
    }
    return word;
  }

  /** The map under a key; absent or wrong is an empty one. */
  map(key: string): FieldReader {
    const value = this.raw(key);
    if (isRecord(value)) return new FieldReader(value, this.#origin, [...this.#path, key]);
    if (value !== undefined) {
      this.#wrong([key], `"${key}" is ${quoted(value)}`, "Write a map of keys");
    }
    return new FieldReader({}, this.#origin, [...this.#path, key]);
  }

  /** The items of a list that are maps or texts, each with its reader. */
  entries(
    key: string,
  ): { readonly value: unknown; readonly fields: FieldReader; readonly index: number }[] {
    return this.#items(key).map((value, index) => ({
      value,
      index,
      fields: new FieldReader(isRecord(value) ? value : {}, this.#origin, [
        ...this.#path,
        key,
        index,
      ]),
    }));
  }

  /** Warns of every key that nobody asked for. */
  warnOfUnknownKeys(): void {
    const { findings, file } = this.#origin;
    for (const key of this.keys().filter((key) => !this.#asked.has(key))) {
      if (!findings.hasRoom(file, "FLOW_KEY_UNKNOWN")) return;
      findings.warning({
        code: "FLOW_KEY_UNKNOWN",
        file,
        message: `The key ${quoted([...this.#path, key].join("."))} means nothing here`,
        hint: `It is ignored. The keys are ${listed([...this.#asked])}`,
        place: this.place([key]),
      });
    }
  }

  /** Adds an error at a path below this map. */
  report(code: FlowFindingCode, path: Path, message: string, hint: string): void {
    const { file, findings } = this.#origin;
    if (!findings.hasRoom(file, code)) return;
    findings.error({ code, file, message, hint, place: this.place(path) });
  }

  /** Adds a warning at a path below this map. */
  warn(code: FlowFindingCode, path: Path, message: string, hint: string): void {
    const { file, findings } = this.#origin;
    if (!findings.hasRoom(file, code)) return;
    findings.warning({ code, file, message, hint, place: this.place(path) });
  }

  /** Where a value below this map stands, or the nearest map around it. */
  place(path: Path): Place | undefined {
    const whole = [...this.#path, ...path];
    for (let length = whole.length; length >= 0; length -= 1) {
      const place = this.#origin.locate(whole.slice(0, length));
      if (place) return place;
    }
    return undefined;
  }

  #items(key: string): readonly unknown[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.#wrong(
      [key],
      `"${key}" is ${quoted(value)}, not a list`,
      `Write a list, such as [${key}]`,
    );
    return [];
  }

  #wrong(path: Path, message: string, hint: string): void {
    this.report("FLOW_VALUE_INVALID", path, message, hint);
  }
}

/** The hint of every finding about an id. */
export const RULE_HINT = `An id has ${FLOW_ID_RULE}`;

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
