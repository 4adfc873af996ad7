import {
  deepStrictEqual,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { createHash } from "node:crypto";
import { type PackageFiles, readArchive, writeArchive } from "../../../runtime/package/archive.ts";
import { PACKAGE_LIMITS } from "../../../runtime/package/limits.ts";
import type { ErrorCode } from "../../../schemas/error.ts";
import { buildZip, type ForgedEnd, type ForgedEntry } from "./zip_builder.ts";
import { asFiles } from "./sample_package.ts";

const MIB = 1024 * 1024;
const WHAT = 'The package "x.bmad"';

function textsOf(files: PackageFiles): Record<string, string> {
  const decoder = new TextDecoder();
  return Object.fromEntries([...files].map(([path, content]) => [path, decoder.decode(content)]));
}

function entries(...names: string[]): ForgedEntry[] {
  return names.map((name) => ({ name, content: "x" }));
}

interface Hostile {
  readonly what: string;
  readonly code: ErrorCode;
  readonly entries?: readonly ForgedEntry[];
  readonly end?: ForgedEnd;
  readonly bytes?: Uint8Array;
  readonly says: RegExp;
}

const honest = { name: "a.md", content: "aaaa" };
const zeros = new Uint8Array(2 * MIB);

const HOSTILE: readonly Hostile[] = [
  // Paths.
  ...unsafe("/etc/passwd", /absolute/),
  ...unsafe("../evil.md", /"\.\."/),
  ...unsafe("a/../../evil.md", /"\.\."/),
  ...unsafe("a/./b.md", /"\."/),
  ...unsafe("a\\b.md", /backslash/),
  ...unsafe("..\\evil.md", /backslash/),
  ...unsafe("a\0.md", /control character/),
  ...unsafe("a\nb.md", /control character/),
  ...unsafe("C:/evil.md", /drive letter/),
  ...unsafe("c:evil.md", /drive letter/),
  ...unsafe("bmad.json::$DATA", /colon/),
  ...unsafe("assets/CON", /Windows keeps/),
  ...unsafe("nul.txt", /Windows keeps/),
  ...unsafe("a/com1.tar.gz", /Windows keeps/),
  ...unsafe("LPT\u00b9.md", /Windows keeps/),
  ...unsafe("a./b.md", /ends with a dot/),
  ...unsafe("a /b.md", /ends with a dot or a space/),
  ...unsafe("a//b.md", /empty part/),
  ...unsafe("", /is empty/),
  ...unsafe(`${"n".repeat(256)}.md`, /longer than 255/),
  ...unsafe("folder/".repeat(200) + "a.md", /longer than 1024/),
  {
    what: "a name that is not UTF-8",
    code: "PKG_ZIP_PATH_UNSAFE",
    entries: [{ name: new Uint8Array([0x63, 0x61, 0x66, 0x82]), content: "x" }],
    says: /not UTF-8/,
  },

  // Duplicates.
  ...duplicate(["a.md", "a.md"], /twice/),
  ...duplicate(["a.md", "A.md"], /same file on some systems/),
  ...duplicate(["caf\u00e9.md", "cafe\u0301.md"], /same file/),
  ...duplicate(["caf\u00e9.md", "CAFE\u0301.md"], /same file/),
  ...duplicate(["kelvin.md", "\u212Aelvin.md"], /same file/),
  ...duplicate(["a", "a/b.md"], /same file|twice/),
  ...duplicate(["a/b.md", "a"], /same file|twice/),
  ...duplicate(["steps/a.md", "Steps/b.md"], /same file/),
  {
    what: "a folder entry named like a file",
    code: "PKG_ZIP_DUPLICATE",
    says: /twice|same file/,
    entries: [{ name: "a", content: "x" }, { name: "a/", unixMode: 0o040755 }],
  },

  // Kinds of entries.
  {
    what: "a symbolic link",
    code: "PKG_ZIP_SYMLINK",
    says: /link "l"/,
    entries: [{ name: "l", content: "/etc/passwd", unixMode: 0o120777 }],
  },
  {
    what: "a Windows reparse point",
    code: "PKG_ZIP_SYMLINK",
    says: /link/,
    entries: [{ name: "l", content: "x", attributes: 0x400 }],
  },
  {
    what: "a named pipe",
    code: "PKG_ZIP_INVALID",
    says: /neither a file nor a folder/,
    entries: [{ name: "p", unixMode: 0o010644 }],
  },
  {
    what: "a folder whose name says file",
    code: "PKG_ZIP_INVALID",
    says: /neither a file nor/,
    entries: [{ name: "p", unixMode: 0o040755 }],
  },
  {
    what: "an encrypted entry",
    code: "PKG_ZIP_ENCRYPTED",
    says: /without a password/,
    entries: [{ ...honest, flags: 0x801 }],
  },
  {
    what: "a strongly encrypted entry",
    code: "PKG_ZIP_ENCRYPTED",
    says: /password/,
    entries: [{ ...honest, flags: 0x840 }],
  },
  {
    what: "an AES entry",
    code: "PKG_ZIP_ENCRYPTED",
    says: /password/,
    entries: [{ ...honest, method: 99 }],
  },
  {
    what: "another compression",
    code: "PKG_ZIP_INVALID",
    says: /method 12/,
    entries: [{ ...honest, method: 12 }],
  },

  // Lies.
  {
    what: "another name in the local header",
    code: "PKG_ZIP_INVALID",
    says: /another name/,
    entries: [{ ...honest, localName: "b.md" }],
  },
  {
    what: "another method in the local header",
    code: "PKG_ZIP_INVALID",
    says: /differently/,
    entries: [{ ...honest, localMethod: 8 }],
  },
  {
    what: "another size in the local header",
    code: "PKG_ZIP_INVALID",
    says: /another size/,
    entries: [{ ...honest, localUnpackedBytes: 5 }],
  },
  {
    what: "a stored entry that claims more",
    code: "PKG_ZIP_INVALID",
    says: /differs from the size/,
    entries: [{ ...honest, unpackedBytes: 9 }],
  },
  {
    what: "a deflated entry that claims less",
    code: "PKG_ZIP_INVALID",
    says: /cannot be inflated/,
    entries: [{ name: "a", content: zeros, method: 8, unpackedBytes: 10 }],
  },
  {
    what: "a deflated entry that claims more",
    code: "PKG_ZIP_INVALID",
    says: /differs from the size/,
    entries: [{ name: "a", content: "aaaa", method: 8, unpackedBytes: 10 }],
  },
  {
    what: "a wrong checksum",
    code: "PKG_ZIP_INVALID",
    says: /checksum/,
    entries: [{ ...honest, crc32: 1 }],
  },
  {
    what: "data that are not deflated",
    code: "PKG_ZIP_INVALID",
    says: /cannot be inflated/,
    entries: [{ name: "a", content: "aaaa", method: 8, packedBytes: 2 }],
  },
  {
    what: "entries that share their data",
    code: "PKG_ZIP_INVALID",
    says: /overlaps|another name/,
    entries: [{ ...honest }, { ...honest, localOffset: 0 }],
  },
  {
    what: "data that reach into the next entry",
    code: "PKG_ZIP_INVALID",
    says: /overlaps/,
    entries: [{ ...honest, packedBytes: 8, unpackedBytes: 8 }, {
      name: "b",
      content: "x".repeat(99),
    }],
  },
  {
    what: "data that reach into the directory",
    code: "PKG_ZIP_INVALID",
    says: /into the directory/,
    entries: [{ ...honest, packedBytes: 500, unpackedBytes: 500 }],
  },
  {
    what: "an entry without a local header",
    code: "PKG_ZIP_INVALID",
    says: /no local header/,
    entries: [{ ...honest, localOffset: 9 }],
  },
  {
    what: "an offset far outside",
    code: "PKG_ZIP_INVALID",
    says: /no local header/,
    entries: [{ ...honest, localOffset: 0xfffffff0 }],
  },
  {
    what: "a ZIP64 size",
    code: "PKG_ZIP_INVALID",
    says: /ZIP64/,
    entries: [{ ...honest, packedBytes: 0xffffffff }],
  },

  // The directory.
  {
    what: "fewer entries than promised",
    code: "PKG_ZIP_INVALID",
    says: /directory is cut off/,
    entries: [honest],
    end: { count: 2 },
  },
  {
    what: "more entries than promised",
    code: "PKG_ZIP_INVALID",
    says: /directory is cut off/,
    entries: [honest, { name: "b", content: "b" }],
    end: { count: 1 },
  },
  {
    what: "a directory elsewhere",
    code: "PKG_ZIP_INVALID",
    says: /not where it should be/,
    entries: [honest],
    end: { directoryStart: 5 },
  },
  {
    what: "one part of several",
    code: "PKG_ZIP_INVALID",
    says: /split archive/,
    entries: [honest],
    end: { disk: 1 },
  },
  {
    what: "a ZIP64 count",
    code: "PKG_ZIP_INVALID",
    says: /ZIP64/,
    entries: [honest],
    end: { count: 0xffff },
  },
  {
    what: "a directory of another size than the end record says",
    code: "PKG_ZIP_INVALID",
    says: /not where it should be/,
    bytes: withEnd([honest], (end) => end.setUint32(12, end.getUint32(12, true) - 1, true)),
  },
  {
    what: "a count for one part that differs from the whole",
    code: "PKG_ZIP_INVALID",
    says: /not where it should be/,
    bytes: withEnd([honest], (end) => end.setUint16(8, 2, true)),
  },
  {
    what: "a second directory that only readers of ZIP64 see",
    code: "PKG_ZIP_INVALID",
    says: /ZIP64/,
    bytes: withHiddenDirectory(),
  },
  {
    what: "bytes between the directory and the end",
    code: "PKG_ZIP_INVALID",
    says: /not where it should be/,
    bytes: withGap([honest]),
  },
  {
    what: "no ZIP at all",
    code: "PKG_ZIP_INVALID",
    says: /no ZIP file/,
    bytes: new TextEncoder().encode("# A Markdown file that was renamed"),
  },
  { what: "an empty file", code: "PKG_ZIP_INVALID", says: /no ZIP file/, bytes: new Uint8Array() },
  {
    what: "a file that is cut off",
    code: "PKG_ZIP_INVALID",
    says: /cut off/,
    bytes: buildZip([honest]).slice(0, -5),
  },

  // Sizes.
  {
    what: "one entry with the ratio of a bomb",
    code: "PKG_ZIP_RATIO",
    says: /200 times/,
    entries: [{ name: "a", content: zeros, method: 8 }],
  },
  {
    what: "many entries that make a bomb together",
    code: "PKG_ZIP_RATIO",
    says: /100 times/,
    entries: Array.from({ length: 60 }, (_, index) => bombPart(index)),
  },
  {
    what: "more than 5,000 entries",
    code: "PKG_ZIP_TOO_MANY_ENTRIES",
    says: /5000/,
    entries: Array.from({ length: 5001 }, (_, index) => ({ name: `f${index}` })),
  },
  {
    what: "more than 100 MiB declared",
    code: "PKG_ZIP_TOO_LARGE",
    says: /100 MiB/,
    entries: [{ name: "a", content: "x", method: 8, unpackedBytes: 101 * MIB }],
  },
  {
    what: "more than 50 MiB of archive",
    code: "PKG_ZIP_TOO_LARGE",
    says: /50 MiB/,
    bytes: new Uint8Array(PACKAGE_LIMITS.archiveBytes + 1),
  },
];

/** The archive with its end record changed. */
function withEnd(entries: ForgedEntry[], change: (end: DataView) => void): Uint8Array {
  const archive = buildZip(entries);
  change(new DataView(archive.buffer, archive.length - 22));
  return archive;
}

function withGap(entries: ForgedEntry[]): Uint8Array {
  const archive = buildZip(entries);
  return new Uint8Array([...archive.subarray(0, -22), 0, 0, 0, 0, ...archive.subarray(-22)]);
}

/** The end record leads to `a.md`; a ZIP64 locator, in the comment of that entry, to `b.md`. */
function withHiddenDirectory(): Uint8Array {
  const shown = buildZip([{ name: "a.md", content: "aaaa" }]);
  const hidden = buildZip([{ name: "b.md", content: "bbbb", localOffset: 38 }]);
  const [shownAt, hiddenAt, recordAt] = [202, 76, 146];
  const locator = fields([0, 0x07064b50], [8, recordAt]).subarray(0, 20);
  const record = fields([0, 0x06064b50], [32, 1], [48, hiddenAt]);
  const end = shown.slice(-22);
  new DataView(end.buffer).setUint32(12, 70, true);
  new DataView(end.buffer).setUint32(16, shownAt, true);
  const commented = (central: Uint8Array) => [...central.with(32, 20), ...locator];
  return new Uint8Array([
    ...shown.subarray(0, 38),
    ...hidden.subarray(0, 38),
    ...commented(hidden.subarray(38, 88)),
    ...record,
    ...commented(shown.subarray(38, 88)),
    ...end,
  ]);
}

/** 56 bytes, all zero but these 32-bit fields. */
function fields(...values: (readonly [offset: number, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(56));
  for (const [offset, value] of values) view.setUint32(offset, value, true);
  return new Uint8Array(view.buffer);
}

function unsafe(name: string, says: RegExp): Hostile[] {
  const what = `the path ${JSON.stringify(name.slice(0, 30))}`;
  return [{ what, code: "PKG_ZIP_PATH_UNSAFE", entries: entries("ok.md", name), says }];
}

function duplicate(names: string[], says: RegExp): Hostile[] {
  const what = `the paths ${JSON.stringify(names)}`;
  return [{ what, code: "PKG_ZIP_DUPLICATE", entries: entries(...names), says }];
}

/** About 150 : 1, below the limit of a single entry. */
function bombPart(index: number): ForgedEntry {
  const content = new Uint8Array(255 * 1024);
  crypto.getRandomValues(content.subarray(0, 1000));
  return { name: `part-${index}`, content, method: 8 };
}

for (const { what, code, entries = [], end, bytes, says } of HOSTILE) {
  Deno.test(`readArchive() refuses ${what} with ${code}`, async () => {
    const archive = bytes ?? buildZip(entries, end);

    await rejects(readArchive(archive, WHAT), (error: { code: string; message: string }) => {
      strictEqual(error.code, code);
      ok(error.message.startsWith(WHAT), error.message);
      ok(says.test(error.message), error.message);
      return true;
    });
  });
}

Deno.test("readArchive() reads stored and deflated entries, folders and a comment", async () => {
  const archive = buildZip([
    { name: "docs/", unixMode: 0o040755 },
    { name: "docs/a.md", content: "hello ".repeat(50), method: 8 },
    { name: "./b.md", content: "b" },
    { name: "empty.md", content: "", method: 8 },
  ], { comment: "made by hand" });

  deepStrictEqual(textsOf(await readArchive(archive, WHAT)), {
    "docs/a.md": "hello ".repeat(50),
    "b.md": "b",
    "empty.md": "",
  });
});

Deno.test("readArchive() accepts local headers whose sizes follow the data", async () => {
  const archive = buildZip([{ name: "a.md", content: "abc", flags: 0x808 }]);
  archive.fill(0, 14, 26);

  deepStrictEqual(textsOf(await readArchive(archive, WHAT)), { "a.md": "abc" });
});

Deno.test("readArchive() survives any single damaged byte with a refusal or the same content", async () => {
  const archive = buildZip([{ name: "a.md", content: "hello hello hello", method: 8 }]);
  const outcomes = await Promise.all(Array.from(archive, (_, index) => {
    const damaged = archive.slice();
    damaged[index] = (damaged[index] ?? 0) ^ 0xff;
    return outcomeOf(damaged);
  }));

  deepStrictEqual(outcomes.filter((outcome) => !/^(AppError|hello hello hello)/.test(outcome)), []);
});

async function outcomeOf(archive: Uint8Array): Promise<string> {
  try {
    return Object.values(textsOf(await readArchive(archive, WHAT))).join();
  } catch (error) {
    return (error as Error).name;
  }
}

Deno.test("writeArchive() writes the same bytes for the same files in any order", async () => {
  const files = { "b.md": "b", "a/ü.md": "text ".repeat(99), "9": "nine", "a.md": "" };
  const reversed = Object.fromEntries(Object.entries(files).reverse());

  const archive = writeArchive(asFiles(files), WHAT);

  deepStrictEqual(writeArchive(asFiles(reversed), WHAT), archive);
  deepStrictEqual(textsOf(await readArchive(archive, WHAT)), files);
  deepStrictEqual([...(await readArchive(archive, WHAT)).keys()], ["9", "a.md", "a/ü.md", "b.md"]);
});

Deno.test("writeArchive() writes bytes that no platform and no version of ours changes", () => {
  const archive = writeArchive(asFiles({ "bmad.json": "{}", "a.md": "text ".repeat(99) }), WHAT);

  const hash = createHash("sha256").update(archive).digest("hex");
  strictEqual(hash, "4a02753cd80b69ac7981537dfd8cd0f72a649483cb4eac29aac4977d5a0f9bbf");
});

Deno.test("writeArchive() writes the same bytes in every time zone", async () => {
  const url = new URL("../../../runtime/package/archive.ts", import.meta.url);
  const code = `import { writeArchive } from ${JSON.stringify(url.href)};
    const archive = writeArchive(new Map([["a.md", new Uint8Array(9)]]), "It");
    console.log(archive.toHex(), new Date(1980, 0, 1).getTimezoneOffset());`;
  const outputs = await Promise.all(["Asia/Kolkata", "America/St_Johns"].map(async (TZ) => {
    const args = ["eval", "--no-check", code];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { TZ } }).output();
    return new TextDecoder().decode(stdout).trim().split(" ");
  }));

  const [india, newfoundland] = outputs;
  ok(india?.[0]);
  strictEqual(india[0], newfoundland?.[0]);
  notStrictEqual(india[1], newfoundland?.[1]);
});

Deno.test("writeArchive() keeps files whose names mean something to JavaScript", async () => {
  const files = { ["__proto__"]: "a", "constructor": "b", "x/__proto__": "c", "10": "d", "9": "e" };

  deepStrictEqual(textsOf(await readArchive(writeArchive(asFiles(files), WHAT), WHAT)), files);
});

Deno.test("writeArchive() stores what would look like a bomb, so that it can be read again", async () => {
  const files = new Map([["zeros.bin", new Uint8Array(3 * MIB)]]);

  deepStrictEqual(await readArchive(writeArchive(files, WHAT), WHAT), files);
});

Deno.test("writeArchive() refuses paths that readArchive() would refuse", () => {
  throws(() => writeArchive(asFiles({ "../a.md": "" }), WHAT), { code: "PKG_ZIP_PATH_UNSAFE" });
  throws(() => writeArchive(asFiles({ "a.md": "", "A.md": "" }), WHAT), {
    code: "PKG_ZIP_DUPLICATE",
  });
});
