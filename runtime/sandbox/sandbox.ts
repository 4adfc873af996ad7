// The operating system's wall round programs of others: what one is, and which one this machine has.
// Not here: the file worker's wall, which is Deno's (`runtime/tools/start_worker.ts`).
import { bubblewrapCommand, bubblewrapProbe } from "./bubblewrap.ts";
import type { SandboxTools } from "./sandbox_tools.ts";
import { seatbeltCommand, seatbeltProbe } from "./seatbelt.ts";

/** What is started instead of a program. */
export interface WrappedCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a program inside may touch. All paths are absolute. */
export interface WrapOptions {
  /** The folder that may be read and written, but for its `.git`, which may only be read. */
  readonly projectDir: string;
  /** The working folder; the project unless told. */
  readonly cwd?: string;
  /** More that may be read, besides what the command line itself names; missing ones are left out. */
  readonly readOnly: readonly string[];
  /** The environment it will be started with; pass it to the process too, for it is not in `args`. */
  readonly env: Readonly<Record<string, string>>;
  /** Never seen, not even inside the project: the data folder with its keys and logs. */
  readonly hidden?: readonly string[];
  /** An existing folder of the program's own, kept for its next start: downloads and caches. */
  readonly cacheDir?: string;
  /** "none" cuts it off; it keeps the network unless told. */
  readonly network?: "shared" | "none";
}

/** A wall round programs; `none` lets them through as they are. */
export interface Sandbox {
  readonly kind: "bubblewrap" | "seatbelt" | "none";
  /** One sentence for people: what protects, or why nothing does. */
  readonly description: string;
  /** What to do where nothing protects; absent where nothing can be done. */
  readonly advice?: string;
  /** The command line that starts a program inside. */
  wrap(command: string, args: readonly string[], options: WrapOptions): WrappedCommand;
}

/** The sandbox that works on this machine; it is tried, which takes some 10 ms. */
export function sandboxFor(os: typeof Deno.build.os, tools: SandboxTools): Sandbox {
  if (os === "linux") return bubblewrap(tools);
  if (os === "darwin") return seatbelt(tools);
  return none(
    os === "windows"
      ? "Windows has no sandbox that CrewAgent can put round MCP servers: they run with your rights"
      : `CrewAgent knows no sandbox for ${os}: MCP servers run with your rights`,
  );
}

function bubblewrap(tools: SandboxTools): Sandbox {
  const program = tools.find("bwrap");
  if (program === undefined) {
    return none(
      "bubblewrap is not installed: MCP servers run with your rights",
      "Install it, such as with: sudo apt-get install bubblewrap",
    );
  }
  const { success, stderr } = tools.run(program, bubblewrapProbe());
  if (!success) {
    return none(
      `bubblewrap does not work here (${firstLine(stderr)}): MCP servers run with your rights`,
      adviceFor(stderr),
    );
  }
  return {
    kind: "bubblewrap",
    description: "bubblewrap: MCP servers see the system's programs and the project, " +
      "not your home folder nor other processes, and write only the project",
    wrap: (command, args, options) =>
      bubblewrapCommand(program, { command, args }, { ...options, tools }),
  };
}

function seatbelt(tools: SandboxTools): Sandbox {
  const program = tools.find("sandbox-exec");
  if (program === undefined) {
    return none("macOS' sandbox-exec is not on the PATH: MCP servers run with your rights");
  }
  const { success, stderr } = tools.run(program, seatbeltProbe());
  if (!success) {
    return none(
      `sandbox-exec does not work here (${firstLine(stderr)}): MCP servers run with your rights`,
    );
  }
  return {
    kind: "seatbelt",
    description: "seatbelt: MCP servers see the system's programs and the project, " +
      "not your home folder, and write only the project",
    wrap: (command, args, options) =>
      seatbeltCommand(program, { command, args }, { ...options, tools }),
  };
}

function none(description: string, advice?: string): Sandbox {
  return {
    kind: "none",
    description,
    ...(advice === undefined ? {} : { advice }),
    wrap: (command, args) => ({ command, args }),
  };
}

function adviceFor(stderr: string): string {
  if (/mount proc|pivot_root|slave/i.test(stderr)) {
    return "This looks like a container: start it with the right to mount, or protect it from outside";
  }
  return "User namespaces seem to be off. As root: sysctl kernel.unprivileged_userns_clone=1 (Debian), " +
    "or sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)";
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.slice(0, 200) || "no reason given";
}
