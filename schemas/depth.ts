// How deep values are nested. Deep ones exhaust the stack of whatever walks them, so what comes from
// outside is measured first, without recursion.

/** Deeper nesting than this has no use in arguments, variables or documents. */
export const MAX_DEPTH = 100;

/** Whether a value holds lists and maps inside each other beyond `MAX_DEPTH`. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const containers = level.filter((item) => typeof item === "object" && item !== null);
    if (containers.length === 0) return false;
    level = containers.flatMap((item) => Object.values(item as object));
  }
  return true;
}

/** The same for JSON that is not parsed yet; brackets inside its strings, also an open one, do not count. */
export function isTextTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\[^])*"?|[[{]|[\]}]/g)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
