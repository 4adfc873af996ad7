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
  const [wideA, wideB] = [wide(a), wide(b)];
  let index = 0;
  // Eight bytes at once: a graph of 400 KB takes 0.1 ms and not 1 ms.
  while (index + 8 <= length && isSameEight(wideA, index, wideB, index)) index += 8;
  while (index < length && a[index] === b[index]) index++;
  return index;
}

/** How many bytes two contents have in common at their end, `most` at most. */
export function sameEnd(a: Uint8Array, b: Uint8Array, most: number): number {
  const [wideA, wideB] = [wide(a), wide(b)];
  let count = 0;
  while (
    count + 8 <= most && isSameEight(wideA, a.length - count - 8, wideB, b.length - count - 8)
  ) {
    count += 8;
  }
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

function wide({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function isSameEight(a: DataView, atA: number, b: DataView, atB: number): boolean {
  return a.getInt32(atA) === b.getInt32(atB) && a.getInt32(atA + 4) === b.getInt32(atB + 4);
}
