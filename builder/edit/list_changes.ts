// Which items of a list went and which came, where nearly all are the very objects that they were.

/** What of two lists is not in both. */
export interface ListChanges<Item> {
  readonly gone: readonly Item[];
  readonly fresh: readonly Item[];
}

/**
 * Compares by identity; order is kept. Where items changed their order among themselves, all between
 * the first and the last difference count as gone and fresh. Linear, and a loop where little changed.
 */
export function listChanges<Item>(
  before: readonly Item[],
  after: readonly Item[],
): ListChanges<Item> {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]
  ) end++;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const [inOld, inNow] = [new Set(old), new Set(now)];
  const kept = old.filter((item) => inNow.has(item));
  const keptNow = now.filter((item) => inOld.has(item));
  const isInOrder = kept.length === keptNow.length &&
    kept.every((item, index) => item === keptNow[index]);
  if (!isInOrder) return { gone: old, fresh: now };
  return {
    gone: old.filter((item) => !inNow.has(item)),
    fresh: now.filter((item) => !inOld.has(item)),
  };
}
