// Which paths a package may hold, ZIP or folder: safe on every system, and distinct on every system.
import { AppError } from "../../schemas/error.ts";
import { RESERVED_NAMES } from "../../schemas/ids.ts";

const MAX_PATH_BYTES = 1024;
const MAX_NAME_BYTES = 255;
const encoder = new TextEncoder();

/** Why a package-relative path is unsafe, as the end of "The path … "; `undefined` if it is safe. */
export function unsafePathReason(path: string): string | undefined {
  if (path === "") return "is empty";
  // deno-lint-ignore no-control-regex -- control characters are what must not be there
  if (/[\u0000-\u001f\u007f]/.test(path)) return "has a control character";
  if (path.includes("\\")) return "has a backslash; use /";
  if (path.startsWith("/")) return "is absolute; it must be relative to the package";
  if (/^[A-Za-z]:/.test(path)) {
    return "starts with a drive letter; it must be relative to the package";
  }
  // On Windows "a:b" names a hidden stream of the file "a".
  if (path.includes(":")) return "has a colon, which Windows does not allow";
  if (isLonger(path, MAX_PATH_BYTES)) return `is longer than ${MAX_PATH_BYTES} bytes`;
  for (const name of path.split("/")) {
    const reason = unsafeNameReason(name);
    if (reason) return reason;
  }
  return undefined;
}

function unsafeNameReason(name: string): string | undefined {
  if (name === "") return "has an empty part";
  if (name === "." || name === "..") return `has a part "${name}", which leads elsewhere`;
  if (/[. ]$/.test(name)) return `has a part "${name}" that ends with a dot or a space`;
  if (RESERVED_NAMES.test(name)) {
    return `has a part "${name}", a name that Windows keeps for devices`;
  }
  return isLonger(name, MAX_NAME_BYTES)
    ? `has a part longer than ${MAX_NAME_BYTES} bytes`
    : undefined;
}

function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && encoder.encode(text).length > bytes;
}

/**
 * The paths of one package while it is read. Two paths are the same if a file system that ignores
 * case or Unicode normal form takes them for the same.
 */
export class PathRegistry {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();

  /** @param what the package as a person knows it, for messages */
  constructor(readonly what: string) {}

  /** @throws AppError `PKG_ZIP_PATH_UNSAFE`, `PKG_ZIP_DUPLICATE` */
  addFile(path: string): void {
    this.#refuseUnsafe(path);
    this.#addFolders(path);
    const key = foldedPath(path);
    const same = this.#files.get(key) ?? this.#folders.get(key);
    if (same !== undefined) throw this.#clash(path, same);
    this.#files.set(key, path);
  }

  /** Takes note of a folder, given without a slash at its end. @throws like `addFile` */
  addFolder(path: string): void {
    this.#refuseUnsafe(path);
    this.#addFolders(`${path}/`);
  }

  #addFolders(path: string): void {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const folder = path.slice(0, end);
      const key = foldedPath(folder);
      const file = this.#files.get(key);
      const known = this.#folders.get(key);
      if (file !== undefined) throw this.#clash(folder, file);
      if (known !== undefined && known !== folder) throw this.#clash(folder, known);
      this.#folders.set(key, folder);
    }
  }

  #refuseUnsafe(path: string): void {
    const reason = unsafePathReason(path);
    if (reason === undefined) return;
    const message = `${this.what} holds the path ${JSON.stringify(path)}, which ${reason}`;
    throw new AppError("PKG_ZIP_PATH_UNSAFE", message, { details: { path } });
  }

  #clash(path: string, other: string): AppError {
    const message = path === other
      ? `${this.what} holds "${path}" twice`
      : `${this.what} holds "${other}" and "${path}", which are the same file on some systems`;
    return new AppError("PKG_ZIP_DUPLICATE", message, { details: { path, other } });
  }
}

/** Upper case finds what lower case alone misses (long s, Kelvin sign); "ß" must not become "SS". */
function foldedPath(path: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII, which nearly every path consists of
  if (/^[\u0000-\u007f]*$/.test(path)) return path.toLowerCase();
  const upper = Array.from(path.normalize("NFC"), (char) => {
    const capital = char.toUpperCase();
    return capital.length === char.length ? capital : char;
  });
  return upper.join("").toLowerCase().normalize("NFC");
}

/**
 * True for files that are no part of a package: any part of the path starts with a dot (`.git`), or it
 * is the Finder's `__MACOSX` folder. Both readers, ZIP and folder, leave them out.
 */
export function isLeftOut(path: string): boolean {
  return path.split("/").some((name) => name.startsWith(".")) || /^__MACOSX(\/|$)/.test(path);
}

/** Sorts paths by their UTF-8 bytes, the order of every list and archive that has to be the same everywhere. */
export function comparePaths(a: string, b: string): number {
  // UTF-16 order differs from UTF-8 order only where a surrogate meets U+E000 or above.
  if (!/[\ud800-\uffff]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
