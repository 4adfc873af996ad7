// Waiting with an end, for processes that may not go away.

/** True if a promise settles in time, either way. */
export async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: number | undefined;
  const expired = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  const settled = promise.then(() => true, () => true);
  return await Promise.race([settled, expired]).finally(() => clearTimeout(timer));
}
