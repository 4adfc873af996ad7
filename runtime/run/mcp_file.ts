// `<data>/mcp.json`: the MCP servers that a person configured, in the `mcpServers` shape of other
// clients. Not here: starting them (`runtime/tools/mcp/`).
import { isAbsolute, join } from "node:path";
import { isTextTooDeep } from "../../schemas/depth.ts";
import { AppError, messageOf } from "../../schemas/error.ts";
import type { McpServer } from "../../schemas/mcp.ts";
import { validate } from "../../schemas/validate.ts";
import type { Violation } from "../../schemas/violation.ts";
import { makeFolder, writeFileAtomic } from "../disk/durable.ts";

/** A server as the file has it; unknown keys are kept. */
export interface McpEntry {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly cwd?: string;
  readonly disabled?: boolean;
  readonly enabled?: boolean;
  /** Seconds up to 3600, milliseconds above: other clients write either. */
  readonly timeout?: number;
  readonly sandbox?: "on" | "off";
  readonly network?: boolean;
  readonly [unknown: string]: unknown;
}

/** The whole file; unknown keys are kept. */
export interface McpDocument {
  readonly mcpServers: Readonly<Record<string, McpEntry>>;
  readonly [unknown: string]: unknown;
}

/** How long a server may take to answer, unless its `timeout` says otherwise. */
export const DEFAULT_MCP_TIMEOUT_MS = 60_000;

const MAX_CHARACTERS = 1_000_000;
const MOST_SECONDS = 3600;
const ID_PATTERN = /^[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*$/;
const MAX_ID_LENGTH = 40;
const ID_RULE = `up to ${MAX_ID_LENGTH} letters, digits, "-" and single "_" between them`;

/** Where the servers of a data folder are written down. */
export function mcpFilePath(dataDir: string): string {
  return join(dataDir, "mcp.json");
}

/**
 * Reads the file; none saved is one without servers.
 * @throws AppError `MCP_CONFIG_INVALID` saying what is wrong and where
 */
export function readMcpFile(dataDir: string): McpDocument {
  let text: string;
  try {
    text = Deno.readTextFileSync(mcpFilePath(dataDir));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { mcpServers: {} };
    throw invalid(SAVED, "it cannot be read", cause);
  }
  const document = parseJson(text, SAVED);
  const [refused] = refusedServers(document);
  if (refused) throw invalid(SAVED, `server "${refused.id}" ${refused.reason}`);
  return checked(document, SAVED);
}

/**
 * The configured servers, disabled ones too, in the order of the file.
 * @throws AppError `MCP_CONFIG_INVALID`
 */
export function readMcpServers(dataDir: string): readonly McpServer[] {
  return Object.entries(readMcpFile(dataDir).mcpServers).map(([id, entry]) => toServer(id, entry));
}

/** Changes the file; processes that change it at the same time wait for each other. */
export function changeMcpFile(
  dataDir: string,
  change: (document: McpDocument) => McpDocument,
): McpDocument {
  makeFolder(dataDir);
  using lock = Deno.openSync(join(dataDir, "mcp.lock"), {
    create: true,
    write: true,
    mode: 0o600,
  });
  lock.lockSync(true);
  const changed = checked(change(readMcpFile(dataDir)), "The servers after this change");
  writeFileAtomic(mcpFilePath(dataDir), `${JSON.stringify(changed, null, 2)}\n`);
  return changed;
}

/** A server of the file in the terms of the product. */
export function toServer(id: string, entry: McpEntry): McpServer {
  const env = Object.entries(entry.env ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    id,
    command: entry.command,
    args: entry.args ?? [],
    env: Object.fromEntries(env),
    ...(entry.cwd === undefined ? {} : { cwd: entry.cwd }),
    enabled: entry.enabled !== false && entry.disabled !== true,
    timeoutMs: timeoutMs(entry.timeout),
    ...(entry.sandbox === undefined ? {} : { sandbox: entry.sandbox }),
    ...(entry.network === undefined ? {} : { network: entry.network }),
  };
}

/** A server that cannot be used, and why, to be put behind `server "id"`. */
export interface RefusedServer {
  readonly id: string;
  readonly reason: string;
}

/** What a pasted configuration holds: servers to keep, and those that cannot be. */
export interface PastedServers {
  readonly servers: Readonly<Record<string, McpEntry>>;
  readonly refused: readonly RefusedServer[];
}

/**
 * Reads pasted JSON: `{"mcpServers": {…}}`, `{"servers": {…}}`, or the servers alone.
 * @param name what the text is called in a message, such as its file
 * @throws AppError `MCP_CONFIG_INVALID`
 */
export function parsePastedServers(text: string, name: string): PastedServers {
  const value = parseJson(text, name);
  const pasted = [value.mcpServers, value.servers].find(isMap) ?? value;
  const refused = refusedServers({ mcpServers: pasted });
  const isRefused = new Set(refused.map(({ id }) => id));
  const kept = Object.entries(pasted).filter(([id]) => !isRefused.has(id));
  if (kept.length + refused.length === 0) throw invalid(name, "it names no servers");
  return { servers: checked({ mcpServers: Object.fromEntries(kept) }, name).mcpServers, refused };
}

/** Refuses an id that the names of tools cannot carry. @throws AppError `MCP_CONFIG_INVALID` */
export function checkMcpId(id: string): void {
  const fault = faultOfId(id);
  if (fault) throw new AppError("MCP_CONFIG_INVALID", `The server "${id}" ${fault}`);
}

const SAVED = "mcp.json in the data folder";

function timeoutMs(timeout: number | undefined): number {
  if (timeout === undefined) return DEFAULT_MCP_TIMEOUT_MS;
  return Math.round(timeout <= MOST_SECONDS ? timeout * 1000 : timeout);
}

function parseJson(text: string, name: string): Readonly<Record<string, unknown>> {
  if (text.length > MAX_CHARACTERS) {
    throw invalid(name, `it has over ${MAX_CHARACTERS} characters`);
  }
  if (isTextTooDeep(text)) throw invalid(name, "it is nested too deeply");
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    // The parser's own words quote the text, which may hold secrets.
    const place = /\(line \d+ column \d+\)/.exec(messageOf(cause))?.[0];
    throw invalid(name, `it is not JSON${place === undefined ? "" : ` ${place}`}`);
  }
  if (isMap(value)) return value;
  throw invalid(name, 'it is not an object such as {"mcpServers": {…}}');
}

/** Servers whose fault a sentence explains better than the schema does. */
function refusedServers(document: Readonly<Record<string, unknown>>): RefusedServer[] {
  const servers = isMap(document.mcpServers) ? document.mcpServers : {};
  return Object.entries(servers).flatMap(([id, entry]) => {
    const reason = faultOfId(id) ?? faultOfTransport(entry) ?? faultOfFolder(entry) ??
      faultOfSwitches(entry);
    return reason === undefined ? [] : [{ id, reason }];
  });
}

function faultOfId(id: string): string | undefined {
  if (ID_PATTERN.test(id) && id.length <= MAX_ID_LENGTH) return undefined;
  const guess = id.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, MAX_ID_LENGTH);
  return `needs another name, since it becomes part of the names of tools: ${ID_RULE}` +
    (guess ? `, such as "${guess}"` : "");
}

function faultOfTransport(entry: unknown): string | undefined {
  if (!isMap(entry)) return undefined;
  const address = [entry.url, entry.serverUrl, entry.httpUrl].find((url) => url !== undefined);
  const isOther = typeof entry.type === "string" && entry.type !== "stdio";
  if (!isOther && (address === undefined || entry.command !== undefined)) return undefined;
  return "is reached over the network, and CrewAgent starts MCP servers only as programs on this " +
    'machine: give it a "command", or use a program that bridges to it, such as npx -y mcp-remote URL';
}

function faultOfFolder(entry: unknown): string | undefined {
  if (!isMap(entry) || typeof entry.cwd !== "string" || isAbsolute(entry.cwd)) return undefined;
  return `has the working folder "${entry.cwd}", which has to be written from the root on; ` +
    "without one it is the project";
}

function faultOfSwitches(entry: unknown): string | undefined {
  if (!isMap(entry)) return undefined;
  const { sandbox, network } = entry;
  // A switch for safety that is misread must not be taken for one that is not there.
  if (sandbox !== undefined && sandbox !== "on" && sandbox !== "off") {
    return `has "sandbox": ${JSON.stringify(sandbox)}, which has to be "on" or "off"`;
  }
  if (sandbox !== "off" || network !== false) return undefined;
  return 'has "sandbox": "off" and "network": false, but only a sandbox can cut off the network';
}

function checked(value: Readonly<Record<string, unknown>>, name: string): McpDocument {
  const [violation] = validate("mcp_servers", value);
  if (violation) throw invalid(name, wordsOf(violation));
  return value as unknown as McpDocument;
}

/** Values of an environment may be secrets, so a message never shows one. */
function wordsOf({ pointer, message }: Violation): string {
  if (/\/env(\/|$)/.test(pointer)) {
    return `${pointer}: an environment maps names to strings, numbers, true or false`;
  }
  return `${pointer || "it"}: ${message}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(name: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    "MCP_CONFIG_INVALID",
    `${name} cannot be used as a list of MCP servers: ${reason}`,
    { cause },
  );
}
