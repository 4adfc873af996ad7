// Which items of a list repeat an earlier one; shared by every rule that asks for unique ids.

/** An item that repeats an earlier one. */
export interface Repetition {
  readonly index: number;
  /** Index of the first item of the same id. */
  readonly first: number;
}

/** Finds repetitions in one pass; absent and empty ids are never the same. */
export function* repeated(ids: readonly (string | undefined)[]): Generator<Repetition> {
  const firsts = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    if (id === undefined || id === "") continue;
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, index);
    else yield { index, first };
  }
}
