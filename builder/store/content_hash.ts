// The name of a content: its SHA-256. Contents are never changed in place, so each is hashed once.
import { createHash } from "node:crypto";

const known = new WeakMap<Uint8Array, string>();

/** SHA-256 in lower-case hex. */
export function contentHash(content: Uint8Array): string {
  const found = known.get(content);
  if (found !== undefined) return found;
  const hash = createHash("sha256").update(content).digest("hex");
  known.set(content, hash);
  return hash;
}
