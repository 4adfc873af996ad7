// `crewagent mcp test`: starts one server as a run would, and shows its tools or why it fails.
import { EXIT } from "../../schemas/error.ts";
import type { McpServer } from "../../schemas/mcp.ts";
import { machineTools } from "../sandbox/sandbox_tools.ts";
import { type Sandbox, sandboxFor } from "../sandbox/sandbox.ts";
import { wrapServers } from "../sandbox/wrap_servers.ts";
import type { McpServerStatus } from "../tools/mcp/mcp_server.ts";
import { openMcpHost } from "../tools/mcp/open_mcp_host.ts";
import { faultOfProgram } from "./mcp_program.ts";
import { formatDuration, oneLine, printable } from "./terminal.ts";

/** Where and how a server is tried. */
export interface TrialOptions {
  readonly dataDir: string;
  readonly projectDir: string;
  readonly isSandboxed: boolean;
  readonly json: boolean;
}

/** Starts a server, enabled or not, and prints what it offers. @returns the exit code */
export async function tryServer(server: McpServer, options: TrialOptions): Promise<number> {
  const { dataDir, projectDir, isSandboxed, json } = options;
  const fault = faultOfProgram(server, machineTools);
  if (fault !== undefined) return printFault(server, fault, json);
  const sandbox = isSandboxed && server.sandbox !== "off"
    ? sandboxFor(Deno.build.os, machineTools)
    : undefined;
  const wrap = sandbox && wrapServers(sandbox, { projectDir, dataDir });
  const startedAt = Date.now();
  const host = await openMcpHost({
    servers: [{ ...server, enabled: true }],
    projectDir,
    dataDir,
    ...(wrap && { wrap }),
  });
  try {
    await host.definitions(null);
    const [status] = host.status();
    const isGood = status?.state === "running";
    const durationMs = Date.now() - startedAt;
    if (json) printJson({ server, status, isGood, sandbox, durationMs });
    else if (status !== undefined && isGood) {
      printTools(status, wordsOfWall(server, sandbox), durationMs);
    } else printFailure(server, status, sandbox);
    return isGood ? EXIT.ok : EXIT.failed;
  } finally {
    await host.close();
  }
}

function printFault({ id }: McpServer, fault: string, json: boolean): number {
  if (json) console.log(JSON.stringify({ id, ok: false, tools: [], failure: fault }, null, 2));
  else console.error(`✗ ${id} cannot start: ${printable(fault)}`);
  return EXIT.failed;
}

interface Trial {
  readonly server: McpServer;
  readonly status: McpServerStatus | undefined;
  readonly isGood: boolean;
  readonly sandbox: Sandbox | undefined;
  readonly durationMs: number;
}

function printJson({ server, status, isGood, sandbox, durationMs }: Trial): void {
  const tools = status?.tools.map(({ name, description }) => ({ name, description })) ?? [];
  console.log(JSON.stringify(
    {
      id: server.id,
      ok: isGood,
      sandbox: sandbox?.kind ?? "none",
      network: sandbox === undefined || sandbox.kind === "none" || server.network !== false,
      durationMs,
      tools,
      failure: isGood ? null : reasonOf(status),
      stderr: status?.stderr ?? "",
    },
    null,
    2,
  ));
}

const NAME_WIDTH = 32;

function wordsOfWall({ network }: McpServer, sandbox: Sandbox | undefined): string {
  if (sandbox === undefined || sandbox.kind === "none") return "without a sandbox";
  return `inside ${sandbox.kind}${network === false ? " without network" : ""}`;
}

function printTools(status: McpServerStatus, wall: string, durationMs: number): void {
  const { id, tools, skippedLines } = status;
  const count = tools.length === 1 ? "1 tool" : `${tools.length} tools`;
  console.log(`✓ ${id} started in ${formatDuration(durationMs)}, ${wall}, and has ${count}`);
  const width = Math.min(NAME_WIDTH, Math.max(0, ...tools.map(({ name }) => name.length)));
  for (const { name, description } of tools) {
    console.log(`  ${oneLine(name, 64).padEnd(width)}  ${oneLine(description, 100)}`.trimEnd());
  }
  if (skippedLines > 0) {
    console.error(`! ${skippedLines} lines on its standard output were no messages`);
  }
}

const LAST_LINES = 20;

function printFailure(
  { id }: McpServer,
  status: McpServerStatus | undefined,
  sandbox: Sandbox | undefined,
): void {
  console.error(`✗ ${id} does not work: ${printable(reasonOf(status))}`);
  const lines = printable(status?.stderr ?? "").trimEnd().split("\n").slice(-LAST_LINES);
  if (lines.join("") === "") console.error("It wrote nothing to its standard error");
  else console.error(["It wrote:", ...lines.map((line) => `  ${line}`)].join("\n"));
  if (sandbox !== undefined && sandbox.kind !== "none") {
    console.error(
      `Does it need more than the sandbox gives? Compare: crewagent mcp test ${id} --no-sandbox`,
    );
  }
}

function reasonOf(status: McpServerStatus | undefined): string {
  return status?.lastFailure ?? "it did not start";
}
