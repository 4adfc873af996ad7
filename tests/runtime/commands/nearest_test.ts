import { strictEqual } from "node:assert/strict";
import { nearest } from "../../../runtime/commands/nearest.ts";

const COMMANDS = ["new", "check", "pack", "unpack", "run", "runs", "show", "resume"];

const GUESSES: ReadonlyArray<readonly [typed: string, meant: string | undefined]> = [
  ["chekc", "check"],
  ["chck", "check"],
  ["RESUME", "resume"],
  ["resmue", "resume"],
  ["unpak", "unpack"],
  ["rn", "run"],
  ["shwo", "show"],
  ["serve", undefined],
  ["x", undefined],
  ["", undefined],
];

for (const [typed, meant] of GUESSES) {
  Deno.test(`nearest() takes "${typed}" for ${meant ?? "nothing it knows"}`, () => {
    strictEqual(nearest(typed, COMMANDS), meant);
  });
}

Deno.test("nearest() prefers the first of equally near names", () => {
  strictEqual(nearest("rug", ["run", "rub"]), "run");
});
