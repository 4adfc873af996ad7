// Write boundaries: the system calls that change a run's files, read from what `strace` prints.
// Pure. Not here: starting and killing processes (`life.ts`).

/** A call that has changed something on disk, and after which a process may die. */
export interface Boundary {
  /** The system call, such as `rename`. */
  readonly call: string;
  /** The call and what it changed, without what differs from run to run. */
  readonly label: string;
}

/** The calls that change files and folders. */
export const WRITING_CALLS = [
  "openat",
  "write",
  "writev",
  "pwrite64",
  "ftruncate",
  "fsync",
  "fdatasync",
  "rename",
  "renameat",
  "renameat2",
  "unlink",
  "unlinkat",
  "mkdir",
  "mkdirat",
] as const;

/** Reads the trace of one process with all its threads, line by line. */
export interface BoundaryReader {
  /** The boundary that a line shows, or `null`: another file, a failed call, half a line. */
  read(line: string): Boundary | null;
  /** Calls that had begun and had not returned; whether they had their effect is not known. */
  cutOff(): string[];
}

/** A reader for calls on files below `root` (absolute, links resolved). */
export function boundaryReader(root: string): BoundaryReader {
  const begun = new Map<string, string>();
  return {
    read(line) {
      const [, thread = "", rest = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
      const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
      if (unfinished) {
        begun.set(thread, unfinished[1] ?? "");
        return null;
      }
      const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
      const whole = resumed ? `${begun.get(thread) ?? ""}${resumed[1]}` : rest;
      if (/\)\s+= \?$/.test(whole)) return null;
      begun.delete(thread);
      return boundaryOf(whole, root);
    },
    cutOff: () =>
      [...begun.values()].flatMap((text) => changesFile(text, root) ? [labelOf(text, root)] : []),
  };
}

function boundaryOf(text: string, root: string): Boundary | null {
  if (!changesFile(text, root) || /\)\s+= -1 /.test(text)) return null;
  return { call: callOf(text), label: labelOf(text, root) };
}

function changesFile(text: string, root: string): boolean {
  const call = callOf(text);
  if (!(WRITING_CALLS as readonly string[]).includes(call)) return false;
  if (call === "openat" && !text.includes("O_CREAT")) return false;
  return pathsIn(text, root).length > 0;
}

function callOf(text: string): string {
  return /^\w+/.exec(text)?.[0] ?? "";
}

function labelOf(text: string, root: string): string {
  const call = callOf(text);
  const paths = pathsIn(text, root);
  const path = call.startsWith("rename") ? paths.at(-1) : paths[0];
  const event = /\\"type\\":\\"(\w+)\\"/.exec(text)?.[1];
  return `${call} ${constantPart(path ?? "")}${event ? ` (${event})` : ""}`;
}

/** Paths below the root, relative to it; in quotes or, behind a file descriptor, in angle brackets. */
function pathsIn(text: string, root: string): string[] {
  return text.split(/["<>]/).flatMap((part) =>
    part === root ? ["."] : part.startsWith(`${root}/`) ? [part.slice(root.length + 1)] : []
  );
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const RUN_ID = /\d{8}-\d{6}-[a-z0-9]{6}/g;
const SHA256 = /[0-9a-f]{64}/g;
const PID_FILE = /\bmcp-\d+\.json$/;

function constantPart(path: string): string {
  return path.replaceAll(UUID, "*").replaceAll(RUN_ID, "*").replaceAll(SHA256, "*")
    .replace(PID_FILE, "mcp-*.json");
}
