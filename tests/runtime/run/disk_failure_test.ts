import assert from "node:assert/strict";
import { AppError } from "../../../schemas/error.ts";
import { diskFailure, withDiskFailures } from "../../../runtime/run/disk_failure.ts";

const failing = (code: string) => Object.assign(new Error(`(os error) ${code}`), { code });

Deno.test("diskFailure() says what is wrong with the data folder and what to do", () => {
  const rows: [thrown: unknown, message: RegExp][] = [
    [failing("ENOSPC"), /the disk is full\. Free some space, then try again or resume the run/],
    [new Error("Disk quota exceeded (os error 122)"), /your share of the disk/],
    [failing("EROFS"), /read-only.*--data DIR/],
    [failing("EACCES"), /may not write there/],
    [new Deno.errors.NotCapable("Requires all access"), /\/dev, \/proc.*--data DIR/],
    [new AppError("FILE_WRITE_FAILED", "x", { cause: failing("ENOSPC") }), /the disk is full/],
  ];
  for (const [thrown, message] of rows) {
    const failure = diskFailure(thrown);
    assert.equal(failure?.code, "FILE_WRITE_FAILED");
    assert.match(failure?.message ?? "", message);
  }
});

Deno.test("diskFailure() leaves every other failure alone", () => {
  const rows = [failing("ENOENT"), new Error("x"), new AppError("RUN_BUSY", "x"), "text", null];
  for (const thrown of rows) assert.equal(diskFailure(thrown), undefined);
});

Deno.test("withDiskFailures() passes results on and translates only disk failures", async () => {
  assert.equal(await withDiskFailures(() => Promise.resolve(1)), 1);
  await assert.rejects(withDiskFailures(() => Promise.reject(failing("ENOSPC"))), {
    code: "FILE_WRITE_FAILED",
  });
  await assert.rejects(withDiskFailures(() => Promise.reject(new TypeError("ours"))), TypeError);
});
