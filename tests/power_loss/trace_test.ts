import assert from "node:assert/strict";
import type { DiskOperation } from "./disk.ts";
import { readTrace } from "./trace.ts";

/** A trace as strace writes it; `"text"` and `<text>` become hex. */
function trace(...lines: readonly string[]): string {
  return lines.map((line) =>
    line
      .replace(/"([^"]*)"/g, (_, text) => `"${hex(text)}"`)
      .replace(/<(\/[^>]*)>/g, (_, path) => `<${hex(path)}>`)
  ).join("\n");
}

function hex(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}

/** The operations below `/disk`, their bytes as text. */
function read(...lines: readonly string[]) {
  return readTrace(trace(...lines), "/disk").map((operation: DiskOperation) =>
    operation.kind === "write"
      ? { ...operation, bytes: new TextDecoder().decode(operation.bytes) }
      : operation
  );
}

const OPEN = '7 openat(AT_FDCWD</work>, "/disk/f", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) = 5</disk/f>';
const opened = { kind: "open", handle: 1, path: "f", create: true, truncate: false };

Deno.test("readTrace() follows a file's position over writes and seeks, and takes what was written", () => {
  const operations = read(
    OPEN,
    '7 write(5</disk/f>, "hello, ", 7) = 7',
    '7 write(5</disk/f>, "world", 5) = 3',
    "7 lseek(5</disk/f>, 2, SEEK_SET) = 2",
    '7 write(5</disk/f>, "x", 1) = 1',
    '7 pwrite64(5</disk/f>, "y", 1, 40) = 1',
    "7 ftruncate(5</disk/f>, 4) = 0",
    "7 fdatasync(5</disk/f>) = 0",
  );
  assert.deepEqual(operations, [
    opened,
    { kind: "write", handle: 1, offset: 0, bytes: "hello, " },
    { kind: "write", handle: 1, offset: 7, bytes: "wor" },
    { kind: "write", handle: 1, offset: 2, bytes: "x" },
    { kind: "write", handle: 1, offset: 40, bytes: "y" },
    { kind: "truncate", handle: 1, length: 4 },
    { kind: "sync", handle: 1 },
  ]);
});

Deno.test("readTrace() joins calls that another thread interrupts, in the order of their ends", () => {
  const operations = read(
    OPEN,
    '7 write(5</disk/f>, "slow", 4 <unfinished ...>',
    '8 mkdir("/disk/a", 0700) = 0',
    "7 <... write resumed>)              = 4",
    "7 fsync(5</disk/f> <unfinished ...>",
    '8 unlink("/disk/g") = 0',
    "7 <... fsync resumed>)              = 0",
  );
  assert.deepEqual(operations, [
    opened,
    { kind: "make_folder", path: "a" },
    { kind: "write", handle: 1, offset: 0, bytes: "slow" },
    { kind: "remove", path: "g" },
    { kind: "sync", handle: 1 },
  ]);
});

Deno.test("readTrace() gives a number to the next file once its closing has begun", () => {
  const operations = read(
    OPEN,
    "7 close(5</disk/f> <unfinished ...>",
    '8 openat(AT_FDCWD</work>, "/disk/g", O_WRONLY|O_CREAT|O_TRUNC|O_APPEND) = 5</disk/g>',
    "7 <... close resumed>)              = 0",
    '8 write(5</disk/g>, "end", 3) = 3',
  );
  assert.deepEqual(operations, [
    opened,
    { kind: "open", handle: 2, path: "g", create: true, truncate: true },
    { kind: "write", handle: 2, offset: "end", bytes: "end" },
  ]);
});

Deno.test("readTrace() shares a position between numbers that dup made", () => {
  const operations = read(
    OPEN,
    "7 fcntl(5</disk/f>, F_DUPFD_CLOEXEC, 3) = 6</disk/f>",
    '7 write(5</disk/f>, "ab", 2) = 2',
    "7 close(5</disk/f>) = 0",
    '7 write(6</disk/f>, "c", 1) = 1',
  );
  assert.deepEqual(operations.at(-1), { kind: "write", handle: 1, offset: 2, bytes: "c" });
});

Deno.test("readTrace() leaves out other places and failures, and finds relative names by their folder", () => {
  const operations = read(
    '7 openat(AT_FDCWD</work>, "/disky/f", O_WRONLY|O_CREAT, 0600) = 5</disky/f>',
    '7 write(5</disky/f>, "x", 1) = 1',
    '7 mkdir("/disk/a", 0700) = -1 EEXIST (File exists)',
    '7 renameat(4</disk/a>, "old name", AT_FDCWD</work>, "/disk/b") = 0',
    '7 unlinkat(4</disk>, "c", AT_REMOVEDIR) = 0',
    "7 --- SIGCHLD {si_signo=SIGCHLD} ---",
    "7 +++ exited with 0 +++",
  );
  assert.deepEqual(operations, [
    { kind: "rename", from: "a/old name", to: "b" },
    { kind: "remove", path: "c" },
  ]);
});

Deno.test("readTrace() refuses what it cannot follow", () => {
  assert.throws(() => read('7 link("/disk/f", "/disk/g") = 0'), /does not know .* link/);
  assert.throws(() => read('7 rename("/disk/f", "/elsewhere") = 0'), /crosses the edge of/);
  assert.throws(() => read(OPEN, '7 write(5</disk/f>, "ab"..., 9) = 9'), /no whole string/);
});
