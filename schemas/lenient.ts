// Lenient reading (`package-format.md`): what counts as absent, which scalars of YAML become strings,
// and how a document with faults is made sound enough to go on checking. Never changes its argument.
import {
  type DocumentKind,
  type DocumentSchema,
  documentSchema,
  propertySchema,
  resolveSchema,
} from "./document_schema.ts";
import { isRecord } from "./record.ts";

/** Documents that are YAML, where an unquoted `1.1` or `2026-11-20` was meant as a string. */
const YAML_KINDS: readonly DocumentKind[] = ["workflow_state", "step", "skill"];

/** A date, or a date and time as YAML knows them, without the form that JSON Schema asks for. */
const LOOSE_DATE_TIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?:\d\d)(:\d\d(?:\.\d+)?)?[ \t]*(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * The document as a lenient reader sees it: empty strings and nulls in optional fields are absent;
 * in front matter a number where a string belongs becomes one, and a date becomes an ISO date-time.
 * Unknown keys stay as they are. What is still wrong, `validate` reports.
 */
export function normalise(kind: DocumentKind, value: unknown): unknown {
  const root = documentSchema(kind);
  const isYaml = YAML_KINDS.includes(kind);
  const walk = (schema: DocumentSchema, value: unknown): unknown => {
    const known = resolveSchema(root, schema);
    if (Array.isArray(value)) {
      const { items } = known;
      return items ? value.map((item) => walk(items, item)) : value;
    }
    if (isRecord(value)) return Object.fromEntries(presentEntries(known, value, walk));
    return isYaml ? asString(known, value) : value;
  };
  return walk(root, value);
}

type Walk = (schema: DocumentSchema, value: unknown) => unknown;

function presentEntries(
  schema: DocumentSchema,
  value: Readonly<Record<string, unknown>>,
  walk: Walk,
): [string, unknown][] {
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const known = propertySchema(schema, key);
    const isAbsent = (item === "" || item === null) && !schema.required?.includes(key);
    if (known === undefined) entries.push([key, item]);
    else if (!isAbsent) entries.push([key, walk(known, item)]);
  }
  return entries;
}

function asString(schema: DocumentSchema, value: unknown): unknown {
  if (schema.type !== "string") return value;
  const text = typeof value === "number" ? String(value) : value;
  return schema.format === "date-time" && typeof text === "string" ? isoDateTime(text) : text;
}

function isoDateTime(text: string): string {
  const match = LOOSE_DATE_TIME.exec(text);
  if (!match) return text;
  const [, year, month = "", day = "", time = "00:00", seconds = ":00", zone = "Z"] = match;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^(...)(\d\d)$/, "$1:$2");
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${time.padStart(5, "0")}` +
    `${seconds}${offset.toUpperCase()}`;
}

/**
 * A document that has the shape of its type, whatever it was: an optional part of the wrong type is
 * dropped, a required one becomes empty (`""`, `[]`, `{}`, the first word of an enum). Items keep
 * their index, so pointers into it still hold. For rules that have to run beside schema faults.
 */
export function soundDocument(kind: DocumentKind, value: unknown): Record<string, unknown> {
  const root = documentSchema(kind);
  const walk = (schema: DocumentSchema, value: unknown): unknown => {
    const known = resolveSchema(root, schema);
    if (!hasType(known, value)) return emptyOf(known, walk);
    if (Array.isArray(value)) {
      const { items } = known;
      return items ? value.map((item) => walk(items, item)) : value;
    }
    return isRecord(value) ? soundObject(root, known, value, walk) : value;
  };
  return walk(root, value) as Record<string, unknown>;
}

function soundObject(
  root: DocumentSchema,
  schema: DocumentSchema,
  value: Readonly<Record<string, unknown>>,
  walk: Walk,
): Record<string, unknown> {
  const sound = new Map(Object.entries(value));
  for (const [key, known] of Object.entries(schema.properties ?? {})) {
    const isRequired = schema.required?.includes(key);
    if (isRequired || hasType(resolveSchema(root, known), value[key])) {
      sound.set(key, walk(known, value[key]));
    } else sound.delete(key);
  }
  return Object.fromEntries(sound);
}

function hasType(schema: DocumentSchema, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value);
  const types = typeof schema.type === "string" ? [schema.type] : schema.type;
  if (!types) return true;
  if (value === null) return types.includes("null");
  if (Array.isArray(value)) return types.includes("array");
  return types.includes(typeof value) || (types.includes("integer") && Number.isInteger(value));
}

function emptyOf(schema: DocumentSchema, walk: Walk): unknown {
  if (schema.enum) return schema.enum[0];
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  if (type === "object") return walk(schema, {});
  return { string: "", array: [], boolean: false, integer: 0 }[type ?? ""];
}
