// The code word of the long prompt: the same for the same model, and in no text that came before.

const COLOURS = ["amber", "copper", "crimson", "indigo", "ivory", "olive", "silver", "violet"];
const ANIMALS = ["badger", "falcon", "heron", "lynx", "marten", "otter", "raven", "walrus"];

/** A code word such as `copper-otter-4821`, derived from the model's name. */
export function canaryOf(model: string): string {
  const hash = fnv1a(model);
  const colour = COLOURS[hash % 8];
  const animal = ANIMALS[(hash >>> 3) % 8];
  return `${colour}-${animal}-${1000 + (hash >>> 6) % 9000}`;
}

/** The FNV-1a hash of a text, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
