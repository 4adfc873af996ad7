// Ids and file names that an edit makes: from what a person wrote, free, the same every time.
import { ID_PATTERN, RESERVED_NAMES } from "../../schemas/ids.ts";
import { refused } from "./refusal.ts";

/** Longer ids make file names that some systems refuse. */
const MAX_ID_CHARS = 100;

/** A name as an id: lower case, letters and digits of ASCII, hyphens; empty if nothing is left. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60).replace(/-$/, "");
}

/** The id itself if it is free, else with the first number from 2 that makes it free. */
export function freeId(wanted: string, isTaken: (id: string) => boolean): string {
  let id = wanted;
  for (let number = 2; isTaken(id); number++) id = `${wanted}-${number}`;
  return id;
}

/**
 * An id that a person chose.
 * @param what such as `node`
 * @throws AppError `EDIT_REFUSED`
 */
export function checkedId(id: string, what: string): string {
  if (id.length > MAX_ID_CHARS) {
    throw refused(
      `The ${what} id "${
        id.slice(0, 40)
      }…" has ${id.length} characters; ${MAX_ID_CHARS} are the most`,
    );
  }
  if (ID_PATTERN.test(id)) return id;
  throw refused(
    `The ${what} id ${JSON.stringify(id)} is not allowed: start with a letter or digit, then use ` +
      'letters, digits and ". _ : -"',
  );
}

/** A file or folder name for an id, without extension: safe and readable on every system. */
export function fileNameOf(id: string): string {
  const name = id.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/[.]+$/, "");
  return RESERVED_NAMES.test(name) ? `${name.split(".")[0]}-node` : name;
}
