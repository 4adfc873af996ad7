// Passwords as they are stored: scrypt with its parameters beside the hash, so that they can grow.
import { Buffer } from "node:buffer";
import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from "node:crypto";

/** The parameters of scrypt. */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** As strong as OWASP's first choice (N=2^17, r=8, p=1), with 16 MB instead of 128. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;

/** One at a time: many logins at once must not take the memory or the processor. */
let last: Promise<unknown> = Promise.resolve();

/** What to store: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string, cost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, { keyBytes: KEY_BYTES, cost });
  const { N, r, p } = cost;
  return ["scrypt", N, r, p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/**
 * Whether a password is the stored one. Nothing fits `undefined`, which takes the same time if `cost` is
 * what passwords are stored with.
 */
export async function isPassword(
  password: string,
  stored: string | undefined,
  cost = PASSWORD_COST,
): Promise<boolean> {
  const [, N, r, p, salt = "", hash = ""] = (stored ?? nobody(cost)).split("$");
  const expected = Buffer.from(hash, "base64url");
  const found = await derive(password, Buffer.from(salt, "base64url"), {
    keyBytes: expected.length,
    cost: { N: Number(N), r: Number(r), p: Number(p) },
  });
  return timingSafeEqual(found, expected) && stored !== undefined;
}

function nobody({ N, r, p }: PasswordCost): string {
  return ["scrypt", N, r, p, "A".repeat(22), "A".repeat(43)].join("$");
}

function derive(
  password: string,
  salt: Buffer,
  { keyBytes, cost }: { readonly keyBytes: number; readonly cost: ScryptOptions },
): Promise<Buffer> {
  const derived = last.then(() =>
    new Promise<Buffer>((resolve, reject) => {
      // The same letters typed on another keyboard may be composed otherwise.
      scrypt(password.normalize("NFKC"), salt, keyBytes, cost, (error, key) => {
        if (error) reject(error);
        else resolve(key);
      });
    })
  );
  last = derived.catch(() => undefined);
  return derived;
}
