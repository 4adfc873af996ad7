// Questions about the bytes of a file.

/** Whether two files hold the same bytes. */
export function isSameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return sameStart(a, b) === a.length;
}

/** How many bytes two contents have in common from their start on. */
export function sameStart(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  // Eight bytes at once: a graph of 400 KB takes 0.1 ms and not 1 ms.
  const [wideA, wideB] = [wide(a), wide(b)];
  let words = 0;
  const all = Math.min(wideA.length, wideB.length);
  while (words < all && wideA[words] === wideB[words]) words++;
  let index = words * 8;
  while (index < length && a[index] === b[index]) index++;
  return index;
}

/** The content as words of eight bytes; none where it does not begin at such a word. */
function wide({ buffer, byteOffset, length }: Uint8Array): BigUint64Array {
  const words = byteOffset % 8 === 0 ? Math.floor(length / 8) : 0;
  return new BigUint64Array(buffer, words === 0 ? 0 : byteOffset, words);
}
