// One sync for all that ask for it at the same time. Knows nothing of files.

/**
 * Lets callers share runs of `sync`: who asks while one is under way waits for the next, which begins
 * afterwards and so covers what was done before asking. Rejects as `sync` does, for all that share it.
 */
export function sharedSync(
  sync: (path: string) => Promise<void>,
): (path: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const start = (path: string): Promise<void> => {
    next.delete(path);
    const run = sync(path).finally(() => {
      if (running.get(path) === run) running.delete(path);
    });
    running.set(path, run);
    return run;
  };
  return (path) => {
    const current = running.get(path);
    if (current === undefined) return start(path);
    const waiting = next.get(path) ?? current.then(() => start(path), () => start(path));
    next.set(path, waiting);
    return waiting;
  };
}
