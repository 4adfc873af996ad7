// A schema violation in words that a person understands. Not here: finding violations (`validate.ts`).

/** Which kind of rule a violation breaks. */
export type ViolationRule =
  | "unknown-key"
  | "missing-key"
  | "newer-key"
  | "wrong-type"
  | "empty"
  | "wrong-value";

/** One thing in a document that its schema does not allow. */
export interface Violation {
  readonly rule: ViolationRule;
  /** JSON pointer to the value; to the object, where a key is missing. */
  readonly pointer: string;
  /** The key that is missing or unknown. */
  readonly key?: string;
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

/** What a validator has to know of a fault for `describe`; the shape that Ajv reports. */
export interface RawViolation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schema?: unknown;
  readonly parentSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly data?: unknown;
}

type Sentence = Omit<Violation, "pointer">;
type SchemaPart = Readonly<Record<string, unknown>>;

/** As in `bmad.schema.json`. Written again, since generated projects carry this file but no schema. */
const SEMVER_PATTERN =
  "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)(\\.(0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$";
const SHAPES: Readonly<Record<string, string>> = {
  "date-time": "a date and time with zone, such as 2026-11-20T14:30:00Z",
  "^1\\.(1|2)(\\.\\d+)?$": '"1.1" or "1.2"',
  "^[A-Za-z0-9][A-Za-z0-9._:-]*$":
    'a letter or digit, then only letters, digits and ". _ : -", such as write-story',
  "^[0-9a-fA-F]{64}$": "a SHA-256 as 64 hexadecimal digits",
  "^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, with single hyphens between them",
  [SEMVER_PATTERN]: "a version of three numbers, such as 1.0.0 or 2.1.0-beta.1",
};

const A_TYPE: Readonly<Record<string, string>> = {
  string: "a string",
  array: "a list",
  object: "an object",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
};

/** Turns a raw fault into a violation. */
export function describe(raw: RawViolation): Violation {
  const sentence = sentenceOf(raw);
  const { rule, key = "" } = sentence;
  const pointer = rule === "unknown-key" ? `${raw.instancePath}/${escape(key)}` : raw.instancePath;
  return { ...sentence, pointer };
}

function sentenceOf(raw: RawViolation): Sentence {
  const name = nameOf(raw.instancePath);
  switch (raw.keyword) {
    case "additionalProperties":
      return unknownKey(String(raw.params.additionalProperty), raw.parentSchema);
    case "required":
      return missingKey(String(raw.params.missingProperty), raw);
    case "false schema":
      return {
        rule: "newer-key",
        message: `${name} needs schemaVersion 1.2, but this document is of version 1.1`,
        hint: `Set "schemaVersion" to "1.2" in this document, or remove the key.`,
      };
    case "type":
      return wrongValue("wrong-type", name, typeNames(raw.params.type), raw.data);
    case "enum":
      return wrongValue("wrong-value", name, oneOf(raw.params.allowedValues), raw.data);
    case "minLength":
      return { rule: "empty", message: `${name} is empty`, hint: "Write some text there." };
    case "maxLength":
      return {
        rule: "wrong-value",
        message: `${name} is longer than ${raw.params.limit} characters`,
        hint: `Shorten it to ${raw.params.limit} characters at most.`,
      };
    case "minItems":
      return { rule: "empty", message: `${name} is an empty list`, hint: "It needs an item." };
    case "minimum":
      return wrongValue("wrong-value", name, `at least ${raw.params.limit}`, raw.data);
    case "pattern":
    case "format":
      return wrongValue("wrong-value", name, shapeOf(raw.params), raw.data);
    default:
      return wrongValue("wrong-value", name, `as "${raw.keyword}" of its schema asks`, raw.data);
  }
}

function unknownKey(key: string, schema: SchemaPart | undefined): Sentence {
  const known = Object.keys(schema?.properties ?? {}).join(", ");
  return {
    rule: "unknown-key",
    key,
    message: `Key "${key}" is not known here; known keys: ${known}`,
    hint: "Remove it, or correct its spelling.",
  };
}

function missingKey(key: string, raw: RawViolation): Sentence {
  const property = (raw.parentSchema?.properties as Record<string, SchemaPart> | undefined)?.[key];
  const wanted = property?.enum
    ? oneOf(property.enum)
    : property?.pattern
    ? shapeOf(property)
    : property?.$ref
    ? "an object"
    : typeNames(property?.type);
  return {
    rule: "missing-key",
    key,
    message: `Key "${key}" is missing in ${
      raw.instancePath === "" ? "the document" : nameOf(raw.instancePath)
    }`,
    hint: `Add "${key}": ${wanted}.`,
  };
}

function wrongValue(
  rule: ViolationRule,
  name: string,
  wanted: string,
  value: unknown,
): Sentence {
  return {
    rule,
    message: `${name} must be ${wanted}, but is ${shown(value)}`,
    hint: `Change it to ${wanted}.`,
  };
}

/** The value as a person finds it: `"title"`, `"nodes[3]"`, for the top `The document`. */
function nameOf(pointer: string): string {
  const parts = pointer.split("/").slice(1).map(unescape);
  const last = parts.findLastIndex((part) => !/^\d+$/.test(part));
  if (last === -1) return "The document";
  return `"${parts[last]}${parts.slice(last + 1).map((index) => `[${index}]`).join("")}"`;
}

function shapeOf({ format, pattern }: SchemaPart): string {
  const rule = String(format ?? pattern);
  return SHAPES[rule] ?? `of the form ${rule}`;
}

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((name) => A_TYPE[String(name)] ?? "a value").join(" or ");
}

function oneOf(words: unknown): string {
  return `one of ${(Array.isArray(words) ? words : [words]).join(", ")}`;
}

const MAX_SHOWN = 60;

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescape(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
