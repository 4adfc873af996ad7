// Random words and what is stored of them. A secret that is shown once is never stored itself.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/** 256 random bits as 43 characters of base64url. */
export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
}

/** What is stored of a secret: its SHA-256 in hex. Enough, since 256 random bits cannot be guessed. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A new id for a row: 16 characters of `[a-z0-9]`, 80 random bits. */
export function newRowId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte % 32).toString(32)).join("");
}
