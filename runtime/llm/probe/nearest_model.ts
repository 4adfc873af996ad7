// The model of a list whose name is most like a given one. Not here: what is said about it.

/** The most similar name, by the pairs of letters that both share; `undefined` of an empty list. */
export function nearestModel(name: string, models: readonly string[]): string | undefined {
  let best: { readonly model: string; readonly similarity: number } | undefined;
  for (const model of models) {
    const similarity = similarityOf(name, model);
    if (!best || similarity > best.similarity) best = { model, similarity };
  }
  return best?.model;
}

/** Dice's coefficient: 0 if no pair of letters is shared, 1 if all are. */
function similarityOf(one: string, other: string): number {
  const ones = pairsOf(one);
  const others = pairsOf(other);
  const shared = [...ones].filter((pair) => others.has(pair)).length;
  return 2 * shared / Math.max(1, ones.size + others.size);
}

function pairsOf(name: string): Set<string> {
  const text = ` ${name.toLowerCase()} `;
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
}
