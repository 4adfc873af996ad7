import assert from "node:assert/strict";
import {
  formatBytes,
  formatDuration,
  oneLine,
  palette,
  printable,
} from "../../../runtime/commands/terminal.ts";

Deno.test("printable() makes escape sequences and bidirectional overrides visible and keeps lines", () => {
  const rows: [text: string, shown: string][] = [
    ["plain äöü 你好 🙂\n\tindented", "plain äöü 你好 🙂\n\tindented"],
    ["\x1b[2Jgone", "\\x1b[2Jgone"],
    ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
    ["a\r\nb", "a\nb"],
    ["\x9b31m", "\\x9b31m"],
    ["\u202efdp.exe", "\\x202efdp.exe"],
    ["nul\0", "nul\\x00"],
  ];
  for (const [text, shown] of rows) assert.equal(printable(text), shown);
});

Deno.test("oneLine() folds white space and cuts by characters, not by code units", () => {
  assert.equal(oneLine("a\n  b\tc", 10), "a b c");
  assert.equal(oneLine("🙂🙂🙂🙂", 3), "🙂🙂…");
});

Deno.test("formatBytes() and formatDuration() read as a person would say it", () => {
  assert.deepEqual([0, 999, 1000, 1_500_000].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "1.5 MB",
  ]);
  assert.deepEqual([840, 42_000, 185_000, 3_720_000].map(formatDuration), [
    "0.8 s",
    "42 s",
    "3 min 05 s",
    "1 h 02 min",
  ]);
});

Deno.test("palette() paints only when colour is wanted", () => {
  assert.equal(palette(false).red("x"), "x");
  assert.equal(palette(true).red("x"), "\x1b[31mx\x1b[0m");
});
