import { deepEqual, ok } from "node:assert/strict";
import { describeProblem, FileProblem } from "../../../runtime/tools/file_problem.ts";

const ERRORS: readonly (readonly [unknown, string, RegExp])[] = [
  [new Deno.errors.NotFound("open '/home/x/a'"), "ENOENT", /does not exist/],
  [withCode("EACCES"), "E_TOOL_DENIED", /does not give access/],
  [withCode("EROFS"), "E_TOOL_DENIED", /read only/],
  [withCode("ENOTDIR"), "ENOENT", /is a file, not a folder/],
  [withCode("ENAMETOOLONG"), "E_SANDBOX_VIOLATION", /too long/],
  [withCode("ELOOP"), "E_SANDBOX_VIOLATION", /in a circle/],
  [withCode("ENOSPC"), "E_INTERNAL", /disk is full/],
  [withCode("ESTRANGE"), "E_INTERNAL", /the system answered ESTRANGE/],
  [new RangeError("/home/x"), "E_INTERNAL", /the system answered RangeError/],
  [new Deno.errors.NotCapable("read /home/x"), "E_SANDBOX_VIOLATION", /second wall/],
  ["/home/x", "E_INTERNAL", /the system answered/],
];

for (const [thrown, code, message] of ERRORS) {
  Deno.test(`describeProblem() turns ${Deno.inspect(thrown).split("\n")[0]} into ${code}`, () => {
    const { error } = describeProblem(thrown, "@project/a.md");
    ok(error.code === code && message.test(error.message), JSON.stringify(error));
    ok(error.message.startsWith('"@project/a.md"'));
    ok(!error.message.includes("/home"));
  });
}

Deno.test("describeProblem() passes a worded problem on", () => {
  const problem = new FileProblem("E_TOOL_ARGS", "Because", { bytes: 1 });
  deepEqual(describeProblem(problem, "x"), {
    ok: false,
    error: { code: "E_TOOL_ARGS", message: "Because", details: { bytes: 1 } },
  });
});

function withCode(code: string): Error {
  return Object.assign(new Error("at /home/x/a"), { code });
}
