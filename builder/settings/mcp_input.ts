// From what a form or a request says of an MCP server to its entry, with what is wrong field by field.
import { isAbsolute } from "node:path";
import type { McpEntry } from "../../runtime/run/mcp_file.ts";
import type { Checked } from "./field_faults.ts";

/** A server as a person gives it. */
export interface McpInput {
  readonly command: string;
  readonly args: readonly string[];
  /** `null` keeps the value that is stored; a name that is not there goes. */
  readonly env: Readonly<Record<string, string | null>>;
  /** From the root on; `null`: the project of the run. */
  readonly cwd: string | null;
  /** Of one call; `null`: as usual. */
  readonly timeoutSeconds: number | null;
  readonly sandbox: "auto" | "on" | "off";
  readonly hasNetwork: boolean;
  readonly isEnabled: boolean;
}

const MOST_SECONDS = 3600;

/** What a form says anew; all else in an entry stays. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "command",
  "args",
  "env",
  "cwd",
  "timeout",
  "sandbox",
  "network",
  "enabled",
  "disabled",
]);

/** Checks a server. Of `known` stay kept values and keys that CrewAgent does not use. */
export function checkMcpServer(input: McpInput, known: McpEntry | undefined): Checked<McpEntry> {
  const { command, args, cwd, timeoutSeconds, sandbox, hasNetwork, isEnabled } = input;
  const faults: Record<string, string> = {};
  if (command.trim() === "") faults.command = "Name the program that is started, such as npx";
  if ([command, ...args, cwd ?? ""].some((text) => text.includes("\0"))) {
    faults.command = "Neither the program nor its arguments may hold a NUL character";
  }
  const env = readEnv(input.env, known, faults);
  if (cwd !== null && !isFolder(cwd)) {
    faults.cwd = `"${cwd}" is no folder that is there, written from the root on`;
  }
  const isLong = timeoutSeconds !== null && timeoutSeconds >= 1 && timeoutSeconds <= MOST_SECONDS;
  if (timeoutSeconds !== null && !isLong) {
    faults.timeoutSeconds = `This takes a number of seconds from 1 to ${MOST_SECONDS}`;
  }
  if (sandbox === "off" && !hasNetwork) {
    faults.hasNetwork = "Only a sandbox can cut off the network: choose one of the two";
  }
  if (Object.keys(faults).length > 0) return { faults };
  const { timeout, network } = known ?? {};
  const kept = Object.fromEntries(
    Object.entries(known ?? {}).filter(([name]) => !OWN_KEYS.has(name)),
  );
  const seconds = timeoutSeconds ?? undefined;
  const isSameTimeout = timeout !== undefined && toSeconds(timeout) === seconds;
  return {
    value: {
      ...kept,
      command: command.trim(),
      ...(args.length > 0 && { args }),
      ...(Object.keys(env).length > 0 && { env }),
      ...(cwd !== null && { cwd }),
      ...(seconds !== undefined && { timeout: isSameTimeout ? timeout : seconds }),
      ...(sandbox !== "auto" && { sandbox }),
      ...(hasNetwork ? network === true && { network } : { network: false }),
      ...(!isEnabled && { disabled: true }),
    },
  };
}

/** What an entry says in seconds: other clients write milliseconds. */
export function toSeconds(timeout: number): number {
  return timeout <= MOST_SECONDS ? timeout : timeout / 1000;
}

function readEnv(
  env: McpInput["env"],
  known: McpEntry | undefined,
  faults: Record<string, string>,
): NonNullable<McpEntry["env"]> {
  const all = Object.entries(env).flatMap(
    ([name, value]): [string, string | number | boolean][] => {
      const kept = known?.env !== undefined && Object.hasOwn(known.env, name)
        ? known.env[name]
        : undefined;
      if (!/^[^=\0\s]+$/.test(name)) {
        faults.env = "A variable is NAME=VALUE, its name without spaces";
      } else if (value?.includes("\0")) {
        faults.env = `The value of ${name} holds a NUL character`;
      } else if (value !== null) return [[name, value]];
      else if (kept !== undefined) return [[name, kept]];
      else faults.env = `No value of ${name} is stored: give one`;
      return [];
    },
  );
  return Object.fromEntries(all);
}

function isFolder(path: string): boolean {
  if (!isAbsolute(path) || path.includes("\0")) return false;
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
