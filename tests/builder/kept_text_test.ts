import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { editableText, keptBytes } from "../../builder/kept_text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);

/** What a file holds, what a form makes of it, and what the file holds then. */
const EDITS: readonly (readonly [what: string, old: string, edited: string, then: string])[] = [
  ["nothing changed", "a\r\nb\r\n", "a\nb\n", "a\r\nb\r\n"],
  ["a line changed, CRLF", "a\r\nb\r\nc\r\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n"],
  ["a line added, CRLF", "a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"],
  ["CR alone", "a\rb\rc", "a\nb\nx\nc", "a\rb\rx\rc"],
  ["mixed ends away from the edit", "a\r\nb\nc\rd\ne\n", "a\nb\nc\nD\ne\n", "a\r\nb\nc\rD\ne\n"],
  ["mixed ends behind the edit", "a\nb\nc\r\nd\r\n", "A\nb\nc\nd\n", "A\nb\nc\r\nd\r\n"],
  ["no final line end, kept", "a\nb", "a\nB", "a\nB"],
  ["a final line end, taken away", "a\r\nb\r\n", "a\nb", "a\r\nb"],
  ["lines behind the last", "a\r\nb", "a\nb\nc", "a\r\nb\r\nc"],
  ["byte order mark", "\uFEFFa\nb\n", "x\nb\n", "\uFEFFx\nb\n"],
  ["byte order mark and CRLF", "\uFEFFa\r\n", "a\nb\n", "\uFEFFa\r\nb\r\n"],
  ["a second mark is text", "\uFEFF\uFEFFa", "\uFEFFb", "\uFEFF\uFEFFb"],
  ["a repeated line", "x\r\nx\r\nx\n", "x\nx\n", "x\r\nx\r\n"],
  ["all taken away", "a\r\nb\r\n", "", ""],
  ["from nothing", "", "a\nb\n", "a\nb\n"],
  ["a leading line end", "\n\na\n", "\n\nb\n", "\n\nb\n"],
];

Deno.test("keptBytes() keeps line ends, byte order mark and what the form left alone", () => {
  for (const [what, old, edited, then] of EDITS) {
    deepStrictEqual([what, text(keptBytes(edited, bytes(old)))], [what, then]);
  }
});

Deno.test("keptBytes() of a text as editableText() gave it is the file, byte for byte", () => {
  for (const [what, old] of EDITS) {
    const shown = editableText(bytes(old)) ?? "not editable";
    strictEqual(text(keptBytes(shown, bytes(old))), old, what);
  }
});

Deno.test("editableText() refuses what is no UTF-8 text", () => {
  const none: Uint8Array[] = [
    new Uint8Array([0xff, 0xfe, 0x61, 0]),
    new Uint8Array([0x61, 0x80]),
    new Uint8Array([0xed, 0xa0, 0x80]),
    bytes("a\0b"),
  ];
  deepStrictEqual(none.map(editableText), none.map(() => undefined));
});
