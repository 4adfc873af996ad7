// argv → command; nothing else. Commands are loaded by literal dynamic imports, so `--version` and
// `--help` load none of them (docs/decisions/001-build.md).

import config from "./deno.json" with { type: "json" };
import type { Command } from "./runtime/commands/command.ts";
import { failureOf } from "./runtime/commands/failure.ts";
import { nearest } from "./runtime/commands/nearest.ts";
import { wantsColour } from "./runtime/commands/terminal.ts";
import { AppError, EXIT } from "./schemas/error.ts";

/** A line of the command list, and how to load the command behind it. */
export interface Listing {
  /** The first argument that names the command. */
  readonly name: string;
  /** One line for `--help`, without a full stop. */
  readonly summary: string;
  /** Loads the command's module; a literal `import()`, which the bundler follows. */
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Where text goes, and how it may look there. */
export interface Screen {
  /** Writes a line to standard output. */
  readonly out: (line: string) => void;
  /** Writes a line to standard error. */
  readonly err: (line: string) => void;
  /** Whether standard error takes colour. */
  readonly colour: boolean;
  /** Whether failures show their stack and cause (`CREWAGENT_DEBUG=1`). */
  readonly debug: boolean;
}

/** The command list as `--help` prints it: title of a group → its commands; `Other` comes last. */
export type CommandList = Readonly<Record<string, readonly Listing[]>>;

const COMMANDS: CommandList = {
  "Builder": [
    {
      name: "serve",
      summary: "Draw and run workflows in your browser; serve flows",
      load: () => import("./builder/commands/serve.ts"),
    },
    {
      name: "user",
      summary: "Make and list accounts of the builder",
      load: () => import("./builder/commands/user.ts"),
    },
    {
      name: "token",
      summary: "Make an API token for a script",
      load: () => import("./builder/commands/token.ts"),
    },
  ],
  "Packages": [
    {
      name: "new",
      summary: "Start a package in a new folder",
      load: () => import("./runtime/commands/new.ts"),
    },
    {
      name: "check",
      summary: "List every finding about a package",
      load: () => import("./runtime/commands/check.ts"),
    },
    {
      name: "simulate",
      summary: "Walk a workflow without a model and report what it never reaches",
      load: () => import("./runtime/commands/simulate.ts"),
    },
    {
      name: "test",
      summary: "Play a package's recorded runs again, without a model",
      load: () => import("./runtime/commands/test.ts"),
    },
    {
      name: "pack",
      summary: "Make a .bmad file of a folder",
      load: () => import("./runtime/commands/pack.ts"),
    },
    {
      name: "unpack",
      summary: "Make a folder of a .bmad file",
      load: () => import("./runtime/commands/unpack.ts"),
    },
  ],
  "Runs": [
    {
      name: "run",
      summary: "Run a workflow on a project folder",
      load: () => import("./runtime/commands/run.ts"),
    },
    {
      name: "runs",
      summary: "List the runs",
      load: () => import("./runtime/commands/runs.ts"),
    },
    {
      name: "show",
      summary: "Show a run: progress, files, log",
      load: () => import("./runtime/commands/show.ts"),
    },
    {
      name: "resume",
      summary: "Go on with a run that waits or was cut off",
      load: () => import("./runtime/commands/resume.ts"),
    },
    {
      name: "changes",
      summary: "Show what a run changed in the project",
      load: () => import("./runtime/commands/changes.ts"),
    },
    {
      name: "revert",
      summary: "Put the project back as it was",
      load: () => import("./runtime/commands/revert.ts"),
    },
    {
      name: "replay",
      summary: "Show a run turn by turn, without a model",
      load: () => import("./runtime/commands/replay.ts"),
    },
    {
      name: "export",
      summary: "Make one file of a run, to show it elsewhere",
      load: () => import("./runtime/commands/export.ts"),
    },
    {
      name: "fork",
      summary: "Start a new run from a node of another",
      load: () => import("./runtime/commands/fork.ts"),
    },
    {
      name: "answer",
      summary: "Answer what a waiting run asks, and go on",
      load: () => import("./runtime/commands/answer.ts"),
    },
    {
      name: "policy",
      summary: "Say which tool calls are allowed, asked for or denied",
      load: () => import("./runtime/commands/policy.ts"),
    },
    {
      name: "limits",
      summary: "Say how much any run may take",
      load: () => import("./runtime/commands/limits.ts"),
    },
  ],
  "Flows": [
    {
      name: "generate",
      summary: "Make a project of flows that runs by itself",
      load: () => import("./runtime/commands/generate.ts"),
    },
  ],
  "Models": [
    {
      name: "profile",
      summary: "Keep, test and list model connections",
      load: () => import("./runtime/commands/profile.ts"),
    },
    {
      name: "mcp",
      summary: "Add, test and list MCP servers",
      load: () => import("./runtime/commands/mcp.ts"),
    },
  ],
  "Other": [
    {
      name: "doctor",
      summary: "Say what this machine has and what is protected",
      load: () => import("./runtime/commands/doctor.ts"),
    },
    {
      name: "paths",
      summary: "Say where CrewAgent keeps its data, and how much",
      load: () => import("./runtime/commands/paths.ts"),
    },
  ],
};

/**
 * Runs the command that the arguments name.
 * @returns the exit code; failures are printed on `screen.err`, never thrown
 */
export async function main(
  args: readonly string[],
  screen: Screen,
  commands: CommandList = COMMANDS,
): Promise<number> {
  try {
    return await dispatch(args, screen, commands);
  } catch (thrown) {
    return report(thrown, args, screen);
  }
}

async function dispatch(args: readonly string[], screen: Screen, commands: CommandList) {
  if (args.length === 0) return await (await commandNamed("serve", commands)).run(["--open"]);
  const [name = "help", ...rest] = args;
  if (["version", "--version", "-V"].includes(name)) return print(screen, versionLine());
  if (["help", "--help", "-h"].includes(name)) {
    if (name !== "help" || rest[0] === undefined) return print(screen, commandListText(commands));
    return print(screen, (await commandNamed(rest[0], commands)).help);
  }
  const command = await commandNamed(name, commands);
  return asksForHelp(rest) ? print(screen, command.help) : await command.run(rest);
}

async function commandNamed(name: string, commands: CommandList): Promise<Command> {
  const listings = Object.values(commands).flat();
  const listing = listings.find((entry) => entry.name === name);
  if (listing === undefined) throw unknownCommand(name, listings.map((entry) => entry.name));
  return (await listing.load()).command;
}

function unknownCommand(name: string, known: readonly string[]): AppError {
  const guess = nearest(name, [...known, "help", "version"]);
  const advice = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  return new AppError(
    "USAGE",
    `There is no command "${name}".${advice}\n"crewagent --help" lists the commands.`,
    { details: { command: name, nearest: guess ?? null } },
  );
}

/** Arguments behind `--` belong to the command, even where they look like an option of ours. */
function ownOptions(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

function asksForHelp(args: readonly string[]): boolean {
  return ownOptions(args).some((arg) => arg === "--help" || arg === "-h");
}

function report(thrown: unknown, args: readonly string[], screen: Screen): number {
  const json = ownOptions(args).includes("--json");
  const failure = failureOf(thrown, { json, colour: screen.colour, debug: screen.debug });
  if (failure.text !== "") screen.err(failure.text);
  return failure.exitCode;
}

function print(screen: Screen, text: string): number {
  screen.out(text.trimEnd());
  return EXIT.ok;
}

function versionLine(): string {
  return `crewagent ${config.version} (deno ${Deno.version.deno}, ${Deno.build.target})`;
}

function commandListText(commands: CommandList): string {
  const width = Math.max(...Object.values(commands).flat().map(({ name }) => name.length), 7) + 2;
  const line = (name: string, summary: string) => `  ${name.padEnd(width)}${summary}`;
  const { Other: others = [], ...titled } = commands;
  const groups = Object.entries(titled).flatMap(([title, listings]) => [
    `${title}:`,
    ...listings.map(({ name, summary }) => line(name, summary)),
    "",
  ]);
  return [
    "CrewAgent draws, runs and shares agent workflows.",
    "",
    "Usage: crewagent COMMAND [ARGUMENTS]",
    "       crewagent                       the same as: crewagent serve --open",
    "",
    ...groups,
    "Other:",
    ...others.map(({ name, summary }) => line(name, summary)),
    line("help", "Print this list, or the help of a command"),
    line("version", "Print the version"),
    "",
    "crewagent COMMAND --help    options, an example and the exit codes of a command",
  ].join("\n");
}

if (import.meta.main) {
  const screen: Screen = {
    out: console.log,
    err: console.error,
    colour: wantsColour(Deno.stderr),
    debug: Deno.env.get("CREWAGENT_DEBUG") === "1",
  };
  // What throws outside the command's own promise is a bug of ours, and reported like any other.
  const end = (thrown: unknown) => Deno.exit(report(thrown, Deno.args, screen));
  globalThis.addEventListener("unhandledrejection", (event) => end(event.reason));
  globalThis.addEventListener("error", (event) => end(event.error));
  // Exit rather than end: an idle connection that a command left open must not hold the shell.
  Deno.exit(await main(Deno.args, screen));
}
