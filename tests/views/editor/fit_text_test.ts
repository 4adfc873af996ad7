import assert from "node:assert/strict";
import { fitLines } from "../../../views/editor/fit_text.ts";

Deno.test("fitLines() breaks between words, and cuts only the last line", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", [""]],
    ["Finish", ["Finish"]],
    ["Agree on the brief", ["Agree on the", "brief"]],
    ["  Agree\n on   the brief ", ["Agree on the", "brief"]],
    ["One two three four five six seven eight", ["One two three", "four five six …"]],
    ["Donaudampfschifffahrtsgesellschaft fährt", ["Donaudampfsch…"]],
  ];
  for (const [text, wanted] of cases) {
    const shown = fitLines(text, { width: 122, size: 13, lines: 2 });
    assert.equal(shown.length, wanted.length, JSON.stringify({ text, shown }));
    assert.equal(shown[0]?.slice(0, 3), wanted[0]?.slice(0, 3));
    assert.equal(shown.at(-1)?.endsWith("…"), wanted.at(-1)?.endsWith("…"));
  }
});
