import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { sandboxFor } from "../../../runtime/sandbox/sandbox.ts";
import type { SandboxTools } from "../../../runtime/sandbox/sandbox_tools.ts";

/** A machine with these programs, of which each fails with its text, if there is one. */
function machine(programs: Readonly<Record<string, string>>): SandboxTools {
  return {
    home: "/home/ada",
    find: (program) => program in programs ? `/usr/bin/${program}` : undefined,
    run(program) {
      const stderr = programs[program.slice("/usr/bin/".length)] ?? "";
      return { success: stderr === "", stderr };
    },
    output: () => undefined,
    kindOf: () => undefined,
    readLink: () => undefined,
    realPath: (path) => path,
    firstBytes: () => undefined,
  };
}

const OPTIONS = { projectDir: "/srv/project", readOnly: [], env: {} };

/** [system, programs, kind, words of the description, words of the advice] */
const MACHINES: readonly (readonly [
  typeof Deno.build.os,
  Readonly<Record<string, string>>,
  string,
  RegExp,
  RegExp,
])[] = [
  ["linux", { bwrap: "" }, "bubblewrap", /not your home folder/, /^$/],
  ["linux", {}, "none", /not installed.*your rights/, /apt-get install bubblewrap/],
  [
    "linux",
    { bwrap: "bwrap: setting up uid map: Permission denied\nmore" },
    "none",
    /\(bwrap: setting up uid map: Permission denied\).*your rights/,
    /unprivileged_userns/,
  ],
  [
    "linux",
    { bwrap: "bwrap: Can't mount proc on /newroot/proc: Operation not permitted" },
    "none",
    /mount proc/,
    /container/,
  ],
  ["darwin", { "sandbox-exec": "" }, "seatbelt", /not your home folder/, /^$/],
  ["darwin", {}, "none", /sandbox-exec.*your rights/, /^$/],
  ["windows", { bwrap: "" }, "none", /Windows has no sandbox.*your rights/, /^$/],
  ["freebsd", {}, "none", /freebsd.*your rights/, /^$/],
];

for (const [os, programs, kind, description, advice] of MACHINES) {
  Deno.test(`sandboxFor() finds ${kind} on ${os} with ${JSON.stringify(programs)}`, () => {
    const sandbox = sandboxFor(os, machine(programs));

    strictEqual(sandbox.kind, kind);
    match(sandbox.description, description);
    match(sandbox.advice ?? "", advice);
  });
}

Deno.test("sandboxFor() lets programs through as they are where there is no sandbox", () => {
  const sandbox = sandboxFor("windows", machine({}));

  deepStrictEqual(sandbox.wrap("npx.cmd", ["-y", "server"], OPTIONS), {
    command: "npx.cmd",
    args: ["-y", "server"],
  });
});

Deno.test("sandboxFor() puts what is started behind the sandbox's own arguments", () => {
  const linux = sandboxFor("linux", machine({ bwrap: "" })).wrap("npx", ["--", "-y"], OPTIONS);
  const mac = sandboxFor("darwin", machine({ "sandbox-exec": "" })).wrap("npx", ["-y"], OPTIONS);

  strictEqual(linux.command, "/usr/bin/bwrap");
  deepStrictEqual(linux.args.slice(-4), ["--", "npx", "--", "-y"]);
  strictEqual(mac.command, "/usr/bin/sandbox-exec");
  deepStrictEqual(mac.args.slice(-3), ["/usr/bin/env", "npx", "-y"]);
});
