// How a file changed, as the one stretch of bytes that differs; leads from either content to the other.
import { sameEnd, sameStart } from "../edit/file_bytes.ts";

/** At `offsetBytes`, `removed` gave way to `inserted`. */
export interface Splice {
  readonly offsetBytes: number;
  readonly removed: Uint8Array;
  readonly inserted: Uint8Array;
}

/** The shortest splice from one content to another. */
export function spliceBetween(before: Uint8Array, after: Uint8Array): Splice {
  const shorter = Math.min(before.length, after.length);
  const start = sameStart(before, after);
  const end = sameEnd(before, after, shorter - start);
  return {
    offsetBytes: start,
    removed: before.slice(start, before.length - end),
    inserted: after.slice(start, after.length - end),
  };
}

/** The content that a splice leads to; of what it removes only the length counts. */
export function applySplice(
  content: Uint8Array,
  { offsetBytes, removedBytes, inserted }: {
    readonly offsetBytes: number;
    readonly removedBytes: number;
    readonly inserted: Uint8Array;
  },
): Uint8Array {
  const result = new Uint8Array(content.length - removedBytes + inserted.length);
  result.set(content.subarray(0, offsetBytes));
  result.set(inserted, offsetBytes);
  result.set(content.subarray(offsetBytes + removedBytes), offsetBytes + inserted.length);
  return result;
}

/** The splice that leads back. */
export function reversed({ offsetBytes, removed, inserted }: Splice): Splice {
  return { offsetBytes, removed: inserted, inserted: removed };
}
