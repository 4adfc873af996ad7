// Values inside JSON objects by paths of keys. Own keys only: a key such as `__proto__` is one like any other.
import { isRecord } from "../../schemas/record.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value that a path of keys leads to; `undefined` if it leads nowhere. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (now, key) => isRecord(now) && Object.hasOwn(now, key) ? now[key] : undefined,
    value,
  );
}

/** A copy with another value there. `null` takes the key away, and objects round it that are empty then. */
export function withValueAt(
  target: JsonObject,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  const old = Object.hasOwn(target, key) ? target[key] : undefined;
  const inner = rest.length === 0
    ? value ?? undefined
    : withValueAt(isRecord(old) ? old : {}, rest, value);
  const isGone = inner === undefined ||
    (rest.length > 0 && isRecord(inner) && Object.keys(inner).length === 0);
  if (isGone) return Object.fromEntries(Object.entries(target).filter(([name]) => name !== key));
  if (Object.hasOwn(target, key)) {
    return Object.fromEntries(
      Object.entries(target).map(([name, kept]) => [name, name === key ? inner : kept]),
    );
  }
  return Object.fromEntries([...Object.entries(target), [key, inner]]);
}
