// What `crewagent doctor` looks at, but for the data folder (`doctor_data.ts`). Each check says one
// thing; none throws for what it finds.
import config from "../../deno.json" with { type: "json" };
import { messageOf } from "../../schemas/error.ts";
import type { McpServer } from "../../schemas/mcp.ts";
import { mcpFilePath, readMcpServers } from "../run/mcp_file.ts";
import { findProfile, readProfiles } from "../run/profile_file.ts";
import { readToolPolicy } from "../run/tool_policy_file.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { SandboxTools } from "../sandbox/sandbox_tools.ts";
import { faultOfProgram } from "../run/mcp_program.ts";
import { scoreWords } from "./profile_score.ts";
import { wantsColour } from "./terminal.ts";

/** One line of the report. */
export interface Check {
  readonly name: string;
  readonly state: "good" | "warning" | "broken";
  /** What was found. */
  readonly text: string;
  /** What to do; only where something is to be done. */
  readonly advice?: string;
}

/** The version, of Deno too. */
export function checkVersion(): Check {
  const text = `${config.version} (deno ${Deno.version.deno}, ${Deno.build.target})`;
  return { name: "CrewAgent", state: "good", text };
}

/** Whether MCP servers run behind a wall. */
export function checkSandbox({ kind, description, advice }: Sandbox): Check {
  return {
    name: "Sandbox",
    state: kind === "none" ? "warning" : "good",
    text: description,
    ...(advice === undefined ? {} : { advice }),
  };
}

/** Whether the rules for tools can be read; a run does not start without. */
export function checkPolicy(dataDir: string): Check {
  const name = "Tool policy";
  try {
    const { rules, always } = readToolPolicy(dataDir);
    const text = rules.length + always.length === 0
      ? "no rules of yours: what is usual holds (crewagent policy --help)"
      : `rules of yours: ${rules.length}, standing consents: ${always.length}`;
    return { name, state: "good", text };
  } catch (thrown) {
    return { name, state: "broken", text: messageOf(thrown) };
  }
}

/** Which model connection is used unless told. */
export function checkProfiles(dataDir: string): Check {
  const name = "Profile";
  try {
    const document = readProfiles(dataDir);
    const profile = document.default && findProfile(document, document.default);
    if (!profile) {
      return {
        name,
        state: "warning",
        text: "none is the default: each run has to name its model",
        advice: "See: crewagent profile --help",
      };
    }
    const { model, preset, key } = profile;
    const missing = key && "env" in key && !Deno.env.get(key.env) ? key.env : undefined;
    if (missing !== undefined) {
      return {
        name,
        state: "warning",
        text: `"${profile.name}" takes its key from ${missing}, which is not set`,
        advice: `Set ${missing} where you start crewagent`,
      };
    }
    const text = `"${profile.name}": ${model} (${preset}), ${scoreWords(profile)}`;
    return { name, state: "good", text };
  } catch (thrown) {
    return { name, state: "broken", text: messageOf(thrown) };
  }
}

/** The configured MCP servers: one line, and one more for each that cannot start. */
export function checkMcpServers(dataDir: string, tools: SandboxTools): readonly Check[] {
  const name = "MCP servers";
  let servers: readonly McpServer[];
  try {
    servers = readMcpServers(dataDir);
  } catch (thrown) {
    return [{
      name,
      state: "broken",
      text: messageOf(thrown),
      advice: `Mend ${mcpFilePath(dataDir)}`,
    }];
  }
  const enabled = servers.filter((server) => server.enabled);
  const names = enabled.map(({ id }) => id).join(", ");
  const text = enabled.length === 0 ? "none" : `${enabled.length} enabled: ${names}`;
  const disabled = servers.length - enabled.length;
  return [
    { name, state: "good", text: disabled === 0 ? text : `${text}; ${disabled} disabled` },
    ...enabled.flatMap((server) => checkServer(server, tools)),
  ];
}

function checkServer(server: McpServer, tools: SandboxTools): Check[] {
  const text = faultOfProgram(server, tools);
  if (text === undefined) return [];
  const advice = `Mend it, or: crewagent mcp disable ${server.id}`;
  return [{ name: `MCP ${server.id}`, state: "broken", text, advice }];
}

/** What a run can do with the terminal it would be started from. */
export function checkTerminal(): Check {
  const name = "Terminal";
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    return {
      name,
      state: "good",
      text: "none here: a run that asks something waits for an answer",
    };
  }
  const { columns, rows } = Deno.consoleSize();
  const colour = wantsColour(Deno.stdout) ? "with colour" : "without colour";
  const size = columns === 0 ? "of unknown size" : `${columns} columns, ${rows} lines`;
  return { name, state: "good", text: `${size}, ${colour}` };
}

const FEWEST_OPEN_FILES = 256;

/** How many files a process may have open; not told where the system has no such limit. */
export function checkOpenFiles(tools: SandboxTools): readonly Check[] {
  const limit = Deno.build.os === "windows" ? undefined : tools.output("sh", ["-c", "ulimit -n"]);
  const count = limit?.trim();
  if (!count) return [];
  const isEnough = count === "unlimited" || Number(count) >= FEWEST_OPEN_FILES;
  return [{
    name: "Open files",
    state: isEnough ? "good" : "warning",
    text: `up to ${count} for a process`,
    ...(isEnough ? {} : { advice: `Raise it in your shell: ulimit -n ${FEWEST_OPEN_FILES * 4}` }),
  }];
}
