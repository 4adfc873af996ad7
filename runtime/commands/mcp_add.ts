// `crewagent mcp add` and `mcp import`: servers from the command line and from pasted JSON.
import { resolve } from "node:path";
import { AppError, EXIT, messageOf } from "../../schemas/error.ts";
import { placeholderOf, withMcpServers } from "../run/mcp_changes.ts";
import {
  changeMcpFile,
  checkMcpId,
  type McpDocument,
  type McpEntry,
  parsePastedServers,
} from "../run/mcp_file.ts";
import { sandboxFor } from "../sandbox/sandbox.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { lackOf } from "../sandbox/wrap_servers.ts";
import { onePositional } from "./options.ts";
import { printable } from "./terminal.ts";

const ADD_USAGE = "crewagent mcp add NAME [options] -- COMMAND [ARG ...]";

/** A server as the command line gives it. */
export interface AddRequest {
  readonly positionals: readonly string[];
  /** What stands behind `--`. */
  readonly program: readonly string[];
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly timeout?: string;
  readonly disabled: boolean;
  readonly "no-sandbox": boolean;
  readonly "no-network": boolean;
  readonly replace: boolean;
}

/**
 * Adds one server. @returns the exit code
 * @throws AppError `USAGE`, `MCP_CONFIG_INVALID`
 */
export function addServer(dataDir: string, request: AddRequest): number {
  const { positionals, program, env = [], cwd, timeout, disabled, replace } = request;
  const id = onePositional(positionals, "NAME", ADD_USAGE);
  const [command, ...args] = program;
  if (!command) {
    throw new AppError("USAGE", `The command of the server is missing. Usage: ${ADD_USAGE}`);
  }
  checkMcpId(id);
  const entry: McpEntry = {
    command,
    ...(args.length === 0 ? {} : { args }),
    ...(env.length === 0 ? {} : { env: Object.fromEntries(env.map(assignment)) }),
    ...(cwd === undefined ? {} : { cwd: existingFolder(cwd) }),
    ...(timeout === undefined ? {} : { timeout: seconds(timeout) }),
    ...(disabled ? { disabled: true } : {}),
    ...switchesOf(request),
  };
  changeMcpFile(dataDir, (document) => withNewServers(document, { [id]: entry }, replace));
  console.log(`Added ${id}. Try it with: crewagent mcp test ${id}`);
  warn(id, entry);
  return EXIT.ok;
}

function switchesOf(request: AddRequest): Pick<McpEntry, "sandbox" | "network"> {
  if (request["no-sandbox"] && request["no-network"]) {
    throw new AppError(
      "USAGE",
      "--no-network goes with the sandbox, which --no-sandbox switches off: give one of them",
    );
  }
  return {
    ...(request["no-sandbox"] && { sandbox: "off" }),
    ...(request["no-network"] && { network: false }),
  };
}

/** Says what the switches of a server mean on this machine, where that is not what one may expect. */
function warn(id: string, entry: McpEntry): void {
  if (entry.sandbox === "off") {
    console.error(`  ${id} runs with all your rights: it can read your files and keys`);
  }
  const lack = entry.sandbox === "on" || entry.network === false
    ? lackOf(sandboxFor(Deno.build.os, machineTools), entry)
    : undefined;
  if (lack !== undefined) console.error(`  ${id} will not start on this machine. ${lack}`);
}

function assignment(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new AppError("USAGE", `"${text}" after --env is not of the form NAME=VALUE`);
}

function existingFolder(text: string): string {
  const path = resolve(text);
  try {
    if (Deno.statSync(path).isDirectory) return path;
  } catch {
    // Said below.
  }
  throw new AppError("USAGE", `"${text}" after --cwd is no folder that is there`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 3600) return value;
  throw new AppError(
    "USAGE",
    `"${text}" after --timeout is not a number of seconds from 1 to 3600`,
  );
}

function withNewServers(
  document: McpDocument,
  added: Readonly<Record<string, McpEntry>>,
  replace: boolean,
): McpDocument {
  const known = Object.keys(added).find((id) => Object.hasOwn(document.mcpServers, id));
  if (known === undefined || replace) return withMcpServers(document, added);
  throw new AppError(
    "USAGE",
    `There is an MCP server "${known}" already. Add --replace to put this one in its place`,
  );
}

/** Where pasted servers are, and what to do with those that are known. */
export interface ImportRequest {
  readonly positionals: readonly string[];
  readonly replace: boolean;
}

/**
 * Adds the servers of a file or of standard input. What cannot be used is named and left out.
 * @returns the exit code, which tells whether all could be used
 * @throws AppError `USAGE`, `FILE_NOT_FOUND`, `MCP_CONFIG_INVALID`; then nothing is added
 */
export async function importServers(
  dataDir: string,
  { positionals, replace }: ImportRequest,
): Promise<number> {
  const file = onePositional(positionals, "FILE", "crewagent mcp import FILE|-");
  const text = file === "-" ? await new Response(Deno.stdin.readable).text() : readFile(file);
  const pasted = parsePastedServers(text, file === "-" ? "What was pasted" : `"${file}"`);
  changeMcpFile(dataDir, (document) => withNewServers(document, pasted.servers, replace));
  for (const [id, entry] of Object.entries(pasted.servers)) {
    console.log(`Added ${id}`);
    warn(id, entry);
    const placeholder = placeholderOf(entry);
    if (placeholder !== undefined) {
      console.error(`  ${printable(placeholder)} in it stays as it is: CrewAgent fills in nothing`);
    }
  }
  for (const { id, reason } of pasted.refused) {
    console.error(`Not added: server "${printable(id)}" ${printable(reason)}`);
  }
  return pasted.refused.length === 0 ? EXIT.ok : EXIT.failed;
}

function readFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new AppError("FILE_NOT_FOUND", `"${path}" cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}
