import { notStrictEqual, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { integrityHash, packageHash } from "../../../runtime/package/integrity.ts";
import { asFiles } from "./sample_package.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

Deno.test("integrityHash() is the SHA-256 of the sorted list that the format defines", () => {
  const files = asFiles({ "b.md": "B", "a/x.md": "", "bmad.json": "{}" });
  const list = `a/x.md\0${sha256("")}\nb.md\0${sha256("B")}\n`;

  strictEqual(integrityHash(files), sha256(list));
});

Deno.test("integrityHash() sorts by UTF-8 bytes, not by UTF-16 units", () => {
  const files = asFiles({ "\u{1f600}.md": "1", "\uffee.md": "2" });
  const list = `\uffee.md\0${sha256("2")}\n\u{1f600}.md\0${sha256("1")}\n`;

  strictEqual(integrityHash(files), sha256(list));
});

Deno.test("packageHash() differs where only the manifest does", () => {
  const one = asFiles({ "bmad.json": "1", "a.md": "a" });
  const two = asFiles({ "bmad.json": "2", "a.md": "a" });

  strictEqual(integrityHash(one), integrityHash(two));
  notStrictEqual(packageHash(one), packageHash(two));
});

Deno.test("packageHash() does not depend on the order of files", () => {
  strictEqual(
    packageHash(asFiles({ "a.md": "a", "b.md": "b" })),
    packageHash(asFiles({ "b.md": "b", "a.md": "a" })),
  );
});
