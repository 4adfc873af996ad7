// `crewagent mcp`: the MCP servers that runs may use. Adding is in `mcp_add.ts`, trying in
// `mcp_trial.ts`.
import { resolve } from "node:path";
import { AppError, EXIT } from "../../schemas/error.ts";
import type { McpServer } from "../../schemas/mcp.ts";
import { dataFolder } from "../run/data_folder.ts";
import { enabledEntry, mcpEntryOf, withMcpServers, withoutMcpServer } from "../run/mcp_changes.ts";
import { changeMcpFile, type McpDocument, type McpEntry, readMcpServers } from "../run/mcp_file.ts";
import type { Command } from "./command.ts";
import { addServer, importServers } from "./mcp_add.ts";
import { nearest } from "./nearest.ts";
import { noPositionals, onePositional, readOptions } from "./options.ts";
import { oneLine, printable } from "./terminal.ts";

const HELP = `Usage: crewagent mcp ACTION [options]

Keeps the MCP servers whose tools an agent may use, if the agent's own "tools" allow them.

Actions
  list                            the servers; what their environment holds is not shown
  add NAME -- COMMAND [ARG ...]   a new server: a program on this machine
  import FILE|-                   servers out of the "mcpServers" JSON of other programs
  remove NAME
  enable NAME | disable NAME
  serve PACKAGE...                offers packages to another program as MCP tools; see below
  test NAME                       starts the server, here or in the folder of --project, and lists its
                                  tools; a sandbox protects your files where the system has one

Options
  --env NAME=VALUE   for add; can be repeated
  --cwd DIR          for add: where the server starts; the project of the run unless told
  --timeout S        for add: seconds a call of a tool may take; 60 unless told
  --disabled         for add: keep it, but do not use it yet
  --replace          for add and import: put it in place of a server of that name
  --project DIR      for test
  --no-network       for add: cut it off from the network; it starts only where there is a sandbox
  --no-sandbox       for add: start it with all your rights; for test: only this once, to see whether
                     the sandbox is its trouble
  --json             for list and test: the same as JSON
  --data DIR         where the servers are kept (or CREWAGENT_HOME)

serve takes --project DIR (the folder that runs work on, required), the options of run that choose a
model and its rights (--model, --base-url, --profile, --simulate, --yes, --allow, --ask, --deny) and
--wait S, how long a call waits for the run to stop (20). Its tools: list_packages, start_run,
answer_run, run_status, read_artifact.

Examples
  crewagent mcp serve story.bmad --project . --profile local
  crewagent mcp add files -- npx -y @modelcontextprotocol/server-filesystem .
  crewagent mcp add tracker --env TOKEN=abc --timeout 30 -- uvx mcp-server-tracker
  crewagent mcp test files

Exit codes: 0 ok, 1 the server does not work or was not imported, 2 usage, 3 there is no such server or
the configuration cannot be read.
`;

const USAGE = "crewagent mcp list | add | import | remove | enable | disable | test | serve";

const OPTIONS = {
  env: { type: "string", multiple: true },
  cwd: { type: "string" },
  timeout: { type: "string" },
  disabled: { type: "boolean", default: false },
  replace: { type: "boolean", default: false },
  project: { type: "string" },
  "no-network": { type: "boolean", default: false },
  "no-sandbox": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  data: { type: "string" },
} as const;

/** The command `mcp`. */
export const command: Command = { help: HELP, run };

interface Request {
  readonly dataDir: string;
  readonly positionals: readonly string[];
  readonly values: ReturnType<typeof readOptions<typeof OPTIONS>>["values"];
}

async function run(args: readonly string[]): Promise<number> {
  if (args[0] === "serve") return await (await import("./mcp_serve.ts")).serveMcp(args.slice(1));
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  const { values, positionals: [action = "list", ...positionals] } = readOptions(own, OPTIONS);
  const program = end === -1 ? [] : args.slice(end + 1);
  const dataDir = dataFolder(values.data);
  const request: Request = { dataDir, positionals, values };
  switch (action) {
    case "list":
      return list(request);
    case "add":
      return addServer(dataDir, { positionals, program, ...values });
    case "import":
      return await importServers(dataDir, { positionals, replace: values.replace });
    case "remove":
      return remove(request);
    case "enable":
    case "disable":
      return setEnabled(request, action);
    case "test":
      return await test(request);
  }
  throw new AppError("USAGE", `"${action}" is no action for MCP servers. Usage: ${USAGE}`);
}

function list({ dataDir, positionals, values }: Request): number {
  noPositionals(positionals, "crewagent mcp list [--json]");
  const servers = readMcpServers(dataDir);
  if (values.json) {
    const shown = servers.map((server) => ({ ...server, env: Object.keys(server.env) }));
    console.log(JSON.stringify(shown, null, 2));
  } else if (servers.length === 0) {
    console.log("No MCP servers. Add one with: crewagent mcp add NAME -- COMMAND [ARG ...]");
  } else {
    const width = Math.max(...servers.map(({ id }) => id.length));
    for (const server of servers) console.log(`${server.id.padEnd(width)}  ${describe(server)}`);
  }
  return EXIT.ok;
}

function describe(server: McpServer): string {
  const { command, args, env, cwd, enabled, timeoutMs, sandbox, network } = server;
  const names = Object.keys(env);
  return [
    enabled ? "enabled " : "disabled",
    oneLine([command, ...args].map(quoted).join(" "), 120),
    ...(names.length === 0 ? [] : [`env ${printable(names.join(", "))}`]),
    ...(cwd === undefined ? [] : [`in ${printable(cwd)}`]),
    `${timeoutMs / 1000} s`,
    ...(sandbox === "off" ? ["NO SANDBOX"] : sandbox === "on" ? ["only in a sandbox"] : []),
    ...(network === false ? ["no network"] : []),
  ].join("  ");
}

/** As a shell would need it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function remove({ dataDir, positionals }: Request): number {
  const id = onePositional(positionals, "NAME", "crewagent mcp remove NAME");
  changeMcpFile(dataDir, (document) => {
    knownEntry(document, id);
    return withoutMcpServer(document, id);
  });
  console.log(`Removed ${id}`);
  return EXIT.ok;
}

function setEnabled(
  { dataDir, positionals }: Request,
  action: "enable" | "disable",
): number {
  const id = onePositional(positionals, "NAME", `crewagent mcp ${action} NAME`);
  changeMcpFile(dataDir, (document) => {
    const entry = enabledEntry(knownEntry(document, id), action);
    return withMcpServers(document, { [id]: entry });
  });
  console.log(`${action === "enable" ? "Enabled" : "Disabled"} ${id}`);
  return EXIT.ok;
}

async function test({ dataDir, positionals, values }: Request): Promise<number> {
  const id = onePositional(positionals, "NAME", "crewagent mcp test NAME [--project DIR]");
  const servers = readMcpServers(dataDir);
  const server = servers.find((server) => server.id === id);
  if (server === undefined) throw notFound(id, servers.map((server) => server.id));
  // Loaded here, for the MCP library takes longer to load than the rest of this command.
  const { tryServer } = await import("./mcp_trial.ts");
  return await tryServer(server, {
    dataDir,
    projectDir: resolve(values.project ?? "."),
    isSandboxed: !values["no-sandbox"],
    json: values.json,
  });
}

function knownEntry(document: McpDocument, id: string): McpEntry {
  const entry = mcpEntryOf(document, id);
  if (entry === undefined) throw notFound(id, Object.keys(document.mcpServers));
  return entry;
}

function notFound(id: string, known: readonly string[]): AppError {
  const guess = nearest(id, known);
  const advice = guess === undefined
    ? "List them with: crewagent mcp list"
    : `Did you mean "${guess}"?`;
  return new AppError("MCP_SERVER_NOT_FOUND", `There is no MCP server "${id}". ${advice}`);
}
