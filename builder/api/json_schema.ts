// Short ways to write the JSON Schemas (2020-12) of the API. Not here: the schemas themselves
// (`components.ts` and the tables of operations), and validation (`schemas/validate.ts`).

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Limits of a text; `description` is what the API page says of it. */
export interface TextLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
}

/** A text. */
export function text(limits: TextLimits = {}): JsonSchema {
  return { type: "string", ...limits };
}

/** A point in time: ISO 8601, UTC. */
export const time: JsonSchema = { type: "string", format: "date-time" };

/** True or false. */
export const flag: JsonSchema = { type: "boolean" };

/** A SHA-256, in lower-case hex. */
export const sha256: JsonSchema = text({ pattern: "^[0-9a-f]{64}$" });

/** A whole number from 0, unless a schema says more. */
export const count: JsonSchema = { type: "integer", minimum: 0 };

/** A JSON object whose keys are not ours. */
export const anyObject: JsonSchema = { type: "object" };

/** A list of one kind of thing. */
export function list(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

/** An object that has these keys and no others; all are there unless named `optional`. */
export function record(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

/** The value, or `null`. */
export function orNull(schema: JsonSchema): JsonSchema {
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  const words = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [schema.type, "null"], ...words };
}

/** The schema of this name in `components.ts`. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
