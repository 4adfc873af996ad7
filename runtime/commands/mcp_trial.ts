// `crewagent mcp test`: starts one server as a run would, and shows its tools or why it fails.
import { EXIT } from "../../schemas/error.ts";
import type { McpServer } from "../../schemas/mcp.ts";
import { type McpTrial, type McpTrialOptions, tryMcpServer } from "../run/mcp_trial.ts";
import { formatDuration, oneLine, printable } from "./terminal.ts";

/** Where and how a server is tried, and how that is printed. */
export interface TrialOptions extends McpTrialOptions {
  readonly json: boolean;
}

/** Starts a server, enabled or not, and prints what it offers. @returns the exit code */
export async function tryServer(server: McpServer, options: TrialOptions): Promise<number> {
  const trial = await tryMcpServer(server, options);
  if (options.json) printJson(server, trial);
  else if (trial.isGood) printTools(server, trial);
  else printFailure(server, trial);
  return trial.isGood ? EXIT.ok : EXIT.failed;
}

function printJson({ id }: McpServer, trial: McpTrial): void {
  const { isGood, isMissing, sandbox, hasNetwork, durationMs, tools, failure, stderr } = trial;
  const shown = isMissing
    ? { id, ok: false, tools: [], failure }
    : { id, ok: isGood, sandbox, network: hasNetwork, durationMs, tools, failure, stderr };
  console.log(JSON.stringify(shown, null, 2));
}

const NAME_WIDTH = 32;

function wordsOfWall({ sandbox, hasNetwork }: McpTrial): string {
  if (sandbox === "none") return "without a sandbox";
  return `inside ${sandbox}${hasNetwork ? "" : " without network"}`;
}

function printTools({ id }: McpServer, trial: McpTrial): void {
  const { tools, skippedLines, durationMs } = trial;
  const count = tools.length === 1 ? "1 tool" : `${tools.length} tools`;
  const wall = wordsOfWall(trial);
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

function printFailure({ id }: McpServer, trial: McpTrial): void {
  const { isMissing, failure, stderr, sandbox } = trial;
  if (isMissing) {
    console.error(`✗ ${id} cannot start: ${printable(failure ?? "")}`);
    return;
  }
  console.error(`✗ ${id} does not work: ${printable(failure ?? "")}`);
  const lines = printable(stderr).trimEnd().split("\n").slice(-LAST_LINES);
  if (lines.join("") === "") console.error("It wrote nothing to its standard error");
  else console.error(["It wrote:", ...lines.map((line) => `  ${line}`)].join("\n"));
  if (sandbox !== "none") {
    console.error(
      `Does it need more than the sandbox gives? Compare: crewagent mcp test ${id} --no-sandbox`,
    );
  }
}
