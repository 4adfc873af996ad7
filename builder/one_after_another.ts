// Queues of work, one per key: what has the same key runs one after another, the rest at once.

/** Runs work under a key behind all that was given before under it. */
export type Queue = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** A new set of queues; an empty one takes no memory. */
export function oneAfterAnother(): Queue {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve();
    const result = before.then(work);
    // Whoever asked hears of a failure; the next in the queue does not.
    const settled = result.then(() => undefined, () => undefined).then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    last.set(key, settled);
    return result;
  };
}
