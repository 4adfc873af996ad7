// JSON that was written by somebody else, of which only maps are of use.

/** The object of a JSON text. */
export type JsonMap = Readonly<Record<string, unknown>>;

/** True for an object that is neither `null` nor a list. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A map, or an empty one in place of anything else. */
export function asMap(value: unknown): JsonMap {
  return isMap(value) ? value : {};
}

/** The value of a JSON text, `undefined` if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
