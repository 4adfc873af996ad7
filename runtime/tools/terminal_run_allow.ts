// Which commands `terminal.run` may start: the allow-list of the policy, and what no list allows. Pure.
import { type ToolFailure, toolFailure } from "../../schemas/tool.ts";
import { argumentFailure, show } from "./arguments.ts";

/** A bare name; no path, no assignment (`A=b`), no option, nothing a shell would take apart. */
const PROGRAM = /^[A-Za-z0-9_][A-Za-z0-9._+-]*(?<!\.)$/;

const MAX_ARGUMENTS = 200;
const MAX_COMMAND_CHARS = 32 * 1024;

/**
 * Programs that start any other program they are told to. A list that held one of them would hold all,
 * so they are refused even where a list names them. (An interpreter such as `python3` can do the same;
 * who allows it allows whatever it runs.)
 */
const LAUNCHERS: ReadonlySet<string> = new Set(
  ("ash bash busybox chroot chrt cmd command csh dash doas env eval exec expect find fish flatpak " +
    "flock gdb ionice ksh ltrace mksh nice nohup nsenter osascript parallel powershell prlimit pwsh " +
    "rsh script setarch setpriv setsid sh ssh start stdbuf strace su sudo systemd-run taskset tcsh " +
    "time timeout toybox tmux unshare watch wscript wsl xargs zsh").split(" "),
);

/** Words of an allow-list entry: the program, and first arguments where it has any. */
export function wordsOf(rule: string): readonly string[] {
  return rule.trim().split(/\s+/);
}

/** True if `words` begins with all of `start`. */
export function beginsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, at) => words[at] === word);
}

/** Why a command may not run, or `undefined`. `allow` as in the policy; absent allows nothing. */
export function commandFault(
  command: readonly string[],
  allow: readonly string[] | null | undefined,
): ToolFailure | undefined {
  const [program = ""] = command;
  if (!PROGRAM.test(program)) {
    return argumentFailure(
      `terminal_run: the program ${
        show(program)
      } has to be a bare name such as "git", and each argument an item of its own: ["git", "status", "--short"]. Paths and assignments are refused, and there is no shell`,
    );
  }
  if (command.length > MAX_ARGUMENTS || command.join(" ").length > MAX_COMMAND_CHARS) {
    return argumentFailure(
      `terminal_run: "command" may have ${MAX_ARGUMENTS} items and ${MAX_COMMAND_CHARS} characters`,
    );
  }
  if (command.some((word) => word.includes("\0"))) {
    return argumentFailure('terminal_run: "command" holds a NUL character');
  }
  if (LAUNCHERS.has(program.toLowerCase().replace(/\.exe$/, ""))) {
    return toolFailure(
      "E_TOOL_DENIED",
      `"${program}" is refused: it starts other programs. Name the program itself; there is no shell`,
    );
  }
  if (allow === null || allow?.some((rule) => beginsWith(command, wordsOf(rule)))) return undefined;
  const allowed = allow && allow.length > 0 ? allow.join(", ") : "none";
  return toolFailure(
    "E_TOOL_DENIED",
    `${show(command.slice(0, 2).join(" "))} is not among the commands of this agent: ${allowed}`,
  );
}
