import assert from "node:assert/strict";
import { guardOptionsOf, type GuardValues } from "../../../runtime/commands/guard_options.ts";

Deno.test("guardOptionsOf() reads what was given and leaves the rest out", () => {
  assert.deepEqual(guardOptionsOf({}), {});
  assert.deepEqual(
    guardOptionsOf({
      strictness: "compatible",
      outputs: "warn",
      context: "run",
      "bind-conditions": true,
    }),
    { strictness: "compatible", outputs: "warn", context: "run", conditionsBinding: true },
  );
});

Deno.test("guardOptionsOf() names the words there are", () => {
  const rows: [values: GuardValues, message: RegExp][] = [
    [{ strictness: "lax" }, /--strictness takes strict or compatible, not "lax"/],
    [{ outputs: "" }, /--outputs takes required or warn/],
    [{ context: "all" }, /--context takes node or run/],
  ];
  for (const [values, message] of rows) {
    assert.throws(() => guardOptionsOf(values), { code: "USAGE", message });
  }
});
