import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { type CommandList, main, type Screen } from "../main.ts";
import { AppError } from "../schemas/error.ts";

interface Printed {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line with these commands and collects what it prints. */
async function run(args: readonly string[], style: Partial<Screen> = {}): Promise<Printed> {
  const out: string[] = [];
  const err: string[] = [];
  const screen: Screen = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    colour: false,
    debug: false,
    ...style,
  };
  const exitCode = await main(args, screen, COMMANDS);
  return { exitCode, out: out.join("\n"), err: err.join("\n") };
}

const seen: (readonly string[])[] = [];

function listing(name: string, act: (args: readonly string[]) => number) {
  const command = {
    help: `Usage: crewagent ${name}\n`,
    run: (args: readonly string[]) => Promise.resolve().then(() => act(args)),
  };
  return { name, summary: `Does ${name}`, load: () => Promise.resolve({ command }) };
}

const COMMANDS: CommandList = {
  "Good": [
    listing("greet", (args) => {
      seen.push(args);
      return 6;
    }),
  ],
  "Bad": [
    listing("serve", (args) => {
      seen.push(args);
      return 7;
    }),
    listing("refuse", () => {
      throw new AppError("PKG_NOT_FOUND", 'No package at "x".', { details: { path: "x" } });
    }),
    listing("paint", () => {
      throw new AppError("PKG_ZIP_PATH_UNSAFE", 'The path "\x1b[2J" is not allowed');
    }),
    listing("crash", () => {
      throw new TypeError("undefined is not a function");
    }),
    listing("flood", () => {
      throw new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
    }),
    {
      name: "unloadable",
      summary: "Must not be loaded",
      load: () => Promise.reject(new Error("was loaded")),
    },
  ],
};

Deno.test("main() hands a command the arguments behind its name and returns its exit code", async () => {
  const { exitCode } = await run(["greet", "--loud", "you"]);

  strictEqual(exitCode, 6);
  deepStrictEqual(seen.at(-1), ["--loud", "you"]);
});

Deno.test("main() without arguments serves, and opens the browser", async () => {
  const { exitCode } = await run([]);

  strictEqual(exitCode, 7);
  deepStrictEqual(seen.at(-1), ["--open"]);
});

for (const args of [["help"], ["--help"], ["-h"]]) {
  Deno.test(`main() prints the command list, in groups, for ${JSON.stringify(args)}`, async () => {
    const { exitCode, out, err } = await run(args);

    strictEqual(exitCode, 0);
    strictEqual(err, "");
    match(out, /^Good:\n {2}greet {2,}Does greet\n\nBad:\n/m);
  });
}

for (const args of [["version"], ["--version"], ["-V"]]) {
  Deno.test(`main() prints the version of deno.json for ${args}`, async () => {
    const { exitCode, out } = await run(args);

    strictEqual(exitCode, 0);
    match(out, new RegExp(`^crewagent ${config.version.replaceAll(".", "\\.")} \\(.*\\)$`));
  });
}

for (const args of [["greet", "--help"], ["greet", "you", "-h"], ["help", "greet"]]) {
  Deno.test(`main() prints a command's help, and does not run it, for ${args.join(" ")}`, async () => {
    const before = seen.length;
    const { exitCode, out } = await run(args);

    strictEqual(exitCode, 0);
    strictEqual(out, "Usage: crewagent greet");
    strictEqual(seen.length, before);
  });
}

Deno.test("main() leaves an option behind -- to the command", async () => {
  const { exitCode } = await run(["greet", "--", "--help"]);

  strictEqual(exitCode, 6);
  deepStrictEqual(seen.at(-1), ["--", "--help"]);
});

Deno.test("main() refuses an unknown command with exit code 2 and names the nearest", async () => {
  const { exitCode, out, err } = await run(["gret"]);

  strictEqual(exitCode, 2);
  strictEqual(out, "");
  match(err, /^Error USAGE: There is no command "gret"\. Did you mean "greet"\?\n/);
});

Deno.test("main() guesses nothing for a word that resembles no command", async () => {
  const { err } = await run(["photosynthesis"]);

  match(err, /^Error USAGE: There is no command "photosynthesis"\.\n/);
});

Deno.test("main() prints an AppError as code and message and takes its exit code", async () => {
  const { exitCode, err } = await run(["refuse"]);

  strictEqual(exitCode, 3);
  strictEqual(err, 'Error PKG_NOT_FOUND: No package at "x".');
});

Deno.test("main() prints an AppError as one JSON object on standard error with --json", async () => {
  const { out, err } = await run(["refuse", "--json"]);

  strictEqual(out, "");
  deepStrictEqual(JSON.parse(err), {
    error: { code: "PKG_NOT_FOUND", message: 'No package at "x".', details: { path: "x" } },
  });
});

Deno.test("main() prints explicit null where an error has no details, with --json", async () => {
  const { err } = await run(["crash", "--json"]);

  strictEqual(JSON.parse(err).error.details, null);
});

Deno.test("main() colours the code, not the message, where the screen takes colour", async () => {
  const { err } = await run(["refuse"], { colour: true });

  strictEqual(err, '\x1b[1;31mError PKG_NOT_FOUND:\x1b[0m No package at "x".');
});

Deno.test("main() lets no control character of a message reach the terminal", async () => {
  const { err } = await run(["paint"]);

  strictEqual(err, 'Error PKG_ZIP_PATH_UNSAFE: The path "\\x1b[2J" is not allowed');
});

Deno.test("main() prints an unknown failure as INTERNAL without its stack", async () => {
  const { exitCode, err } = await run(["crash"]);

  strictEqual(exitCode, 1);
  match(err, /^Error INTERNAL: .*undefined is not a function\n.*CREWAGENT_DEBUG=1/);
  strictEqual(err.includes("main_test.ts"), false);
});

Deno.test("main() prints the stack of an unknown failure when debugging", async () => {
  const { err } = await run(["crash"], { debug: true });

  match(err, /TypeError: undefined is not a function\n +at .*main_test\.ts/);
});

Deno.test("main() ends quietly, with SIGPIPE's exit code, when the output's reader is gone", async () => {
  const { exitCode, out, err } = await run(["flood"]);

  strictEqual(exitCode, 141);
  strictEqual(out + err, "");
});

Deno.test("main() reports a command that cannot be loaded", async () => {
  const { exitCode, err } = await run(["unloadable"]);

  strictEqual(exitCode, 1);
  match(err, /was loaded/);
});
