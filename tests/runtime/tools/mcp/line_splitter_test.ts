import { deepEqual, equal, ok } from "node:assert/strict";
import { LineSplitter } from "../../../../runtime/tools/mcp/line_splitter.ts";
import { TextRing } from "../../../../runtime/tools/mcp/text_ring.ts";

/** Lines as they come out; `null` for one that was too long. */
function split(chunks: readonly (string | Uint8Array)[], maxBytes = 10): (string | null)[] {
  const lines: (string | null)[] = [];
  const splitter = new LineSplitter(maxBytes, {
    line: (text) => lines.push(text),
    tooLong: () => lines.push(null),
  });
  for (const chunk of chunks) splitter.push(encode(chunk));
  return lines;
}

const encode = (chunk: string | Uint8Array) =>
  typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;

Deno.test("LineSplitter cuts lines wherever the chunks end", () => {
  deepEqual(split(["a\nb", "c\r\n", "\n", "d", "e\nrest"]), ["a", "bc", "", "de"]);
});

Deno.test("LineSplitter puts characters together that were torn apart", () => {
  const bytes = encode("äöü\n");
  deepEqual(split([...bytes].map((byte) => new Uint8Array([byte]))), ["äöü"]);
});

Deno.test("LineSplitter drops a line that is too long, tells it once and at once, and goes on", () => {
  deepEqual(split(["0123456789\n", "01234567890", "123", "4\nb\n"]), ["0123456789", null, "b"]);
  deepEqual(split(["x".repeat(1000)]), [null]);
});

Deno.test("TextRing keeps the end of what it gets", () => {
  const ring = new TextRing(10);
  equal(ring.text(), "");
  for (const chunk of ["abc", "defghijk", "l"]) ring.push(encode(chunk));
  equal(ring.text(), "cdefghijkl");
  ring.push(encode("x".repeat(1000) + "end"));
  equal(ring.text(), "xxxxxxxend");
});

Deno.test("TextRing holds many small chunks", () => {
  const ring = new TextRing(5000);
  for (let i = 0; i < 10_000; i++) ring.push(encode(`${i % 10}`));
  ok(ring.text() === "0123456789".repeat(500));
});
