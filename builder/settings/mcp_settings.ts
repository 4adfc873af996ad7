// The MCP servers as the owner sees and changes them, in the browser and over the API. What leaves here
// holds no value of an environment.
import {
  enabledEntry,
  mcpEntryOf,
  placeholderOf,
  withMcpServers,
  withoutMcpServer,
} from "../../runtime/run/mcp_changes.ts";
import {
  changeMcpFile,
  checkMcpId,
  DEFAULT_MCP_TIMEOUT_MS,
  type McpDocument,
  type McpEntry,
  parsePastedServers,
  readMcpFile,
  toServer,
} from "../../runtime/run/mcp_file.ts";
import { faultOfProgram } from "../../runtime/run/mcp_program.ts";
import { type Sandbox, sandboxFor } from "../../runtime/sandbox/sandbox.ts";
import { machineTools } from "../../runtime/sandbox/sandbox_tools.ts";
import { lackOf } from "../../runtime/sandbox/wrap_servers.ts";
import { AppError } from "../../schemas/error.ts";
import { toSeconds } from "./mcp_input.ts";
import type { SettingsTrials } from "./trials.ts";

/** A server without the values of its environment. */
export interface ShownMcpServer {
  readonly serverId: string;
  readonly isEnabled: boolean;
  readonly command: string;
  readonly args: readonly string[];
  /** Names of variables whose values are stored. */
  readonly env: readonly string[];
  readonly cwd: string | null;
  /** `null` as usual. */
  readonly timeoutSeconds: number | null;
  readonly sandbox: "auto" | "on" | "off";
  readonly hasNetwork: boolean;
  /** Why it cannot start on this machine; `null` if nothing speaks against it. */
  readonly fault: string | null;
}

/** What protects on this machine, as `crewagent doctor` says it. */
export interface Protection {
  readonly kind: Sandbox["kind"];
  readonly description: string;
  readonly advice: string | null;
}

/** What a call of a tool may take unless a server says otherwise. */
export const USUAL_TIMEOUT_SECONDS = DEFAULT_MCP_TIMEOUT_MS / 1000;

let tried: Sandbox | undefined;

/** The machine's sandbox, tried once: trying it starts a program. */
function sandbox(): Sandbox {
  return tried ??= sandboxFor(Deno.build.os, machineTools);
}

/** What protects on this machine. */
export function protection(): Protection {
  const { kind, description, advice = null } = sandbox();
  return { kind, description, advice };
}

/** All servers, in the order of the file. @throws AppError `MCP_CONFIG_INVALID` */
export function shownServers(dataDir: string): ShownMcpServer[] {
  return Object.entries(readMcpFile(dataDir).mcpServers)
    .map(([id, entry]) => shownServer(id, entry));
}

/** A server by its id. @throws AppError `MCP_SERVER_NOT_FOUND`, `MCP_CONFIG_INVALID` */
export function shownServerOf(dataDir: string, id: string): ShownMcpServer {
  return shownServer(id, entryOfId(dataDir, id));
}

/** The entry of an id, with its secrets. @throws as `shownServerOf` */
export function entryOfId(dataDir: string, id: string): McpEntry {
  return requireEntry(readMcpFile(dataDir), id);
}

function requireEntry(document: McpDocument, id: string): McpEntry {
  const entry = mcpEntryOf(document, id);
  if (entry !== undefined) return entry;
  throw new AppError("MCP_SERVER_NOT_FOUND", `There is no MCP server "${id}"`);
}

function shownServer(id: string, entry: McpEntry): ShownMcpServer {
  const server = toServer(id, entry);
  const lack = faultOfProgram(server, machineTools) ?? lackOf(sandbox(), server);
  return {
    serverId: id,
    isEnabled: server.enabled,
    command: server.command,
    args: server.args,
    env: Object.keys(server.env),
    cwd: server.cwd ?? null,
    timeoutSeconds: entry.timeout === undefined ? null : toSeconds(entry.timeout),
    sandbox: server.sandbox ?? "auto",
    hasNetwork: server.network !== false,
    fault: lack ?? null,
  };
}

/** What a change of servers works on. */
export interface McpPlace {
  readonly dataDir: string;
  readonly trials: SettingsTrials;
}

/**
 * Saves a checked entry; `new` must not be there yet, `replacement` must be.
 * @throws AppError `MCP_CONFIG_INVALID`, `MCP_SERVER_EXISTS`, `MCP_SERVER_NOT_FOUND`
 */
export async function saveServer(
  { dataDir, trials }: McpPlace,
  id: string,
  { as, entry }: { readonly as: "new" | "replacement"; readonly entry: McpEntry },
): Promise<void> {
  checkMcpId(id);
  if (as === "replacement") await trials.servers.forget(id);
  changeMcpFile(dataDir, (document) => {
    if (as === "replacement") requireEntry(document, id);
    else refuseKnown(document, id);
    return withMcpServers(document, { [id]: entry });
  });
}

function refuseKnown(document: McpDocument, id: string): void {
  if (mcpEntryOf(document, id) === undefined) return;
  throw new AppError(
    "MCP_SERVER_EXISTS",
    `There is an MCP server "${id}" already. Choose another name, or say that it is replaced`,
  );
}

/** Removes a server. @throws AppError `MCP_SERVER_NOT_FOUND`, `MCP_CONFIG_INVALID` */
export async function removeServer({ dataDir, trials }: McpPlace, id: string): Promise<void> {
  await trials.servers.forget(id);
  changeMcpFile(dataDir, (document) => {
    requireEntry(document, id);
    return withoutMcpServer(document, id);
  });
}

/** Lets runs use a server, or keeps it for later. @throws as `removeServer` */
export function useServer(dataDir: string, id: string, use: "enable" | "disable"): void {
  changeMcpFile(
    dataDir,
    (document) => withMcpServers(document, { [id]: enabledEntry(requireEntry(document, id), use) }),
  );
}

/** What came of pasted JSON: servers that are saved, or what is wrong with it and nothing saved. */
export type PasteOutcome =
  | { readonly added: readonly string[]; readonly warnings: readonly string[] }
  | { readonly added: readonly []; readonly faults: readonly string[] };

/** Saves the servers of pasted `mcpServers` JSON, all of them or none. Quotes no value. */
export async function pasteServers(
  { dataDir, trials }: McpPlace,
  { text, replaces }: { readonly text: string; readonly replaces: "known" | "nothing" },
): Promise<PasteOutcome> {
  try {
    const { servers, refused } = parsePastedServers(text, "What was pasted");
    const faults = refused.map(({ id, reason }) => `The server "${id}" ${reason}`);
    if (faults.length > 0) return { added: [], faults };
    const added = Object.keys(servers);
    if (replaces === "known") await Promise.all(added.map((id) => trials.servers.forget(id)));
    changeMcpFile(dataDir, (document) => {
      if (replaces === "nothing") { for (const id of added) refuseKnown(document, id); }
      return withMcpServers(document, servers);
    });
    return { added, warnings: Object.entries(servers).flatMap(warningOf) };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !thrown.code.startsWith("MCP_")) throw thrown;
    return { added: [], faults: [thrown.message] };
  }
}

function warningOf([id, entry]: [string, McpEntry]): string[] {
  const placeholder = placeholderOf(entry);
  if (placeholder === undefined) return [];
  return [`${placeholder} in "${id}" stays as it is: CrewAgent fills in nothing`];
}

/**
 * Starts a test: the server runs in `projectDir`, or in an empty folder that goes with the test.
 * @throws AppError `MCP_SERVER_NOT_FOUND`, `MCP_CONFIG_INVALID`, `TRIAL_BUSY`
 */
export function startServerTrial(
  { dataDir, trials }: McpPlace,
  id: string,
  projectDir: string | undefined,
): void {
  const server = toServer(id, entryOfId(dataDir, id));
  trials.servers.start(id, async (signal) => {
    // Loaded here: the MCP library takes longer to load than a page.
    const { tryMcpServer } = await import("../../runtime/run/mcp_trial.ts");
    const folder = projectDir ?? await Deno.makeTempDir({ prefix: "crewagent-mcp-test-" });
    try {
      const options = { dataDir, projectDir: folder, isSandboxed: true, signal };
      return await tryMcpServer(server, options);
    } finally {
      if (projectDir === undefined) await Deno.remove(folder, { recursive: true });
    }
  });
}
