// strace's account of a program → operations on a disk. Pure; `record.ts` runs strace.
import type { DiskOperation } from "./disk.ts";

/** System calls that change files, or the numbers by which files are called: all that is read here. */
export const TRACED_CALLS: readonly string[] = [
  ..."open openat creat close dup dup2 dup3 fcntl lseek write pwrite64 ftruncate".split(" "),
  ..."fsync fdatasync rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir".split(" "),
];

/** System calls that change files in ways that are not modelled; on the disk they are an error. */
export const REFUSED_CALLS: readonly string[] = [
  ..."writev pwritev pwritev2 truncate fallocate copy_file_range sendfile splice".split(" "),
  ..."link linkat symlink symlinkat openat2".split(" "),
];

/** A system call that has returned, its arguments as strace writes them. */
interface SystemCall {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: number;
}

/** What a file number stands for; numbers made by `dup` share it. */
interface OpenFile {
  readonly handle: number;
  readonly appends: boolean;
  position: number;
}

interface Reader {
  readonly root: string;
  readonly files: Map<number, OpenFile>;
  readonly operations: DiskOperation[];
  opened: number;
}

const CALL = /^(\w+)\((.*)\)\s+= (-?\d+)/s;
const UNFINISHED = " <unfinished ...>";
const RESUMED = /^<\.\.\. \w+ resumed>/;

/**
 * Reads what `strace -f -y -xx -s N` wrote of one process and its threads: the operations at and below
 * the folder `root`, in the order in which they were finished. Calls that failed are left out. Reads
 * are not traced, so a file that is both read and written has to be positioned by `lseek` in between.
 * @throws Error for a call that is not modelled, or for data that strace cut short
 */
export function readTrace(text: string, root: string): DiskOperation[] {
  const reader: Reader = { root, files: new Map(), operations: [], opened: 0 };
  const hexRoot = hex(root);
  for (const call of systemCalls(text)) {
    if (call.result < 0) continue;
    if (REFUSED_CALLS.includes(call.name) && call.args.join().includes(hexRoot)) {
      throw new Error(`The model of a disk does not know the system call ${call.name}`);
    }
    follow(reader, call);
  }
  return reader.operations;
}

/** Joins the halves of calls that were interrupted by another thread's. */
function* systemCalls(text: string): Generator<SystemCall> {
  const begun = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith(UNFINISHED)) {
      const head = rest.slice(0, -UNFINISHED.length);
      // Its number is free from now on: another thread may get it before this one returns.
      if (head.startsWith("close(")) yield* parseCall(`${head}) = 0`);
      else begun.set(thread, head);
    } else if (RESUMED.test(rest)) {
      const head = begun.get(thread);
      begun.delete(thread);
      if (head !== undefined) yield* parseCall(head + rest.replace(RESUMED, ""));
    } else {
      yield* parseCall(rest);
    }
  }
}

function* parseCall(text: string): Generator<SystemCall> {
  const [, name, args, result] = CALL.exec(text) ?? [];
  if (name === undefined || args === undefined) return;
  yield { name, args: args.split(/, ?/), result: Number(result) };
}

function follow(reader: Reader, { name, args, result }: SystemCall): void {
  const [first = "", second = "", third = "", fourth = ""] = args;
  switch (name) {
    case "open":
      return open(reader, { number: result, path: pathOf("", first), flags: second });
    case "creat":
      return open(reader, { number: result, path: pathOf("", first), flags: "O_CREAT|O_TRUNC" });
    case "openat":
      return open(reader, { number: result, path: pathOf(first, second), flags: third });
    case "close":
      reader.files.delete(numberOf(first));
      return;
    case "dup":
    case "dup2":
    case "dup3":
      return duplicate(reader, numberOf(first), result);
    case "fcntl":
      if (second.startsWith("F_DUPFD")) duplicate(reader, numberOf(first), result);
      return;
    case "rename":
      return rename(reader, pathOf("", first), pathOf("", second));
    case "renameat":
    case "renameat2":
      return rename(reader, pathOf(first, second), pathOf(third, fourth));
    case "unlink":
    case "rmdir":
      return onPath(reader, pathOf("", first), "remove");
    case "unlinkat":
      return onPath(reader, pathOf(first, second), "remove");
    case "mkdir":
      return onPath(reader, pathOf("", first), "make_folder");
    case "mkdirat":
      return onPath(reader, pathOf(first, second), "make_folder");
    default:
      followFile(reader, { name, args, result });
  }
}

/** Calls on a file number; those of files elsewhere do not count. */
function followFile(reader: Reader, { name, args, result }: SystemCall): void {
  const [number = "", second = "", , fourth = ""] = args;
  const file = reader.files.get(numberOf(number));
  if (!file) return;
  const { handle } = file;
  switch (name) {
    case "lseek":
      file.position = result;
      return;
    case "write": {
      const bytes = bytesOf(second).subarray(0, result);
      const offset = file.appends ? "end" : file.position;
      reader.operations.push({ kind: "write", handle, offset, bytes });
      file.position += result;
      return;
    }
    case "pwrite64": {
      const bytes = bytesOf(second).subarray(0, result);
      reader.operations.push({ kind: "write", handle, offset: Number(fourth), bytes });
      return;
    }
    case "ftruncate":
      reader.operations.push({ kind: "truncate", handle, length: Number(second) });
      return;
    case "fsync":
    case "fdatasync":
      reader.operations.push({ kind: "sync", handle });
      return;
  }
}

function open(
  reader: Reader,
  { number, path, flags }: { number: number; path: string; flags: string },
): void {
  reader.files.delete(number);
  const inside = insideOf(reader, path);
  if (inside === null) return;
  const has = (flag: string) => flags.split("|").includes(flag);
  const handle = ++reader.opened;
  reader.files.set(number, { handle, appends: has("O_APPEND"), position: 0 });
  reader.operations.push({
    kind: "open",
    handle,
    path: inside,
    create: has("O_CREAT"),
    truncate: has("O_TRUNC"),
  });
}

function duplicate(reader: Reader, from: number, to: number): void {
  const file = reader.files.get(from);
  if (file) reader.files.set(to, file);
  else reader.files.delete(to);
}

function rename(reader: Reader, fromPath: string, toPath: string): void {
  const from = insideOf(reader, fromPath);
  const to = insideOf(reader, toPath);
  if (from === null && to === null) return;
  if (from === null || to === null) throw new Error(`A rename crosses the edge of ${reader.root}`);
  reader.operations.push({ kind: "rename", from, to });
}

function onPath(reader: Reader, absolute: string, kind: "remove" | "make_folder"): void {
  const path = insideOf(reader, absolute);
  if (path !== null) reader.operations.push({ kind, path });
}

/** The path below the root; `null` outside. */
function insideOf({ root }: Reader, path: string): string | null {
  if (path === root) return "";
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null;
}

/** A path argument; where it is relative, `folder` (`AT_FDCWD<…>`, `7<…>`) says to what. */
function pathOf(folder: string, argument: string): string {
  const path = new TextDecoder().decode(bytesOf(argument)).replace(/\/+$/, "");
  if (path.startsWith("/")) return path;
  const [, base = ""] = /<([^>]*)>/.exec(folder) ?? [];
  return `${new TextDecoder().decode(unescape(base))}/${path}`;
}

function numberOf(argument: string): number {
  return Number.parseInt(argument, 10);
}

function bytesOf(argument: string): Uint8Array {
  if (!/^"(\\x[0-9a-f]{2})*"$/.test(argument)) {
    throw new Error(`strace gives no whole string here: ${argument.slice(0, 80)}`);
  }
  return unescape(argument.slice(1, -1));
}

/** `\x61\x62` → bytes. */
function unescape(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 4);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(index * 4 + 2, index * 4 + 4), 16);
  }
  return bytes;
}

function hex(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
    .join("");
}
