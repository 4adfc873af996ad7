// Serves flows alone, without the builder: `crewagent serve --flows DIR --headless`.
import config from "../../deno.json" with { type: "json" };
import type { Command } from "../../runtime/commands/command.ts";
import { onInterrupt } from "../../runtime/commands/interrupt.ts";
import { noPositionals, readOptions } from "../../runtime/commands/options.ts";
import { printable } from "../../runtime/commands/terminal.ts";
import { dataFolder } from "../../runtime/run/data_folder.ts";
import { AppError, EXIT, messageOf } from "../../schemas/error.ts";
import { openFlowService } from "../flow_service/open_flow_service.ts";

const USAGE = "crewagent serve --flows DIR --headless [--port N] [--host ADDRESS]";
const USUAL_PORT = 7717;

const HELP = `Usage: ${USAGE}

Serves the agents and flows of a folder as a REST service; /docs lists the routes. Settings come from
config/runtime.yaml, .env and the environment. Logs are JSON lines on standard output. Ctrl-C ends it.

Options
  --flows DIR        the folder that holds agents/, or its parent with bmad/ and config/
  --headless         without the builder
  --port N           port to listen on, 0 for any free one (PORT, or ${USUAL_PORT})
  --host ADDRESS     address to listen on (127.0.0.1: this machine only); others need FLOWS_TOKEN
  --allow-host NAME  also answer under this host name; may be given several times
  --data DIR         where MCP servers are configured (or CREWAGENT_HOME)

Example
  crewagent serve --flows ./bmad --headless --port 8080

Exit codes: 0 ended by Ctrl-C, 2 usage, 3 no such folder, 4 the address cannot be used.
`;

/** The command `serve` where only flows are served. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      flows: { type: "string" },
      headless: { type: "boolean", default: false },
      port: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      "allow-host": { type: "string", multiple: true, default: [] },
      data: { type: "string" },
    });
    noPositionals(positionals, USAGE);
    if (values.flows === undefined) throw new AppError("USAGE", `--flows is missing. ${USAGE}`);
    return await serveFlows({
      dir: values.flows,
      port: values.port === undefined ? undefined : portOf(values.port),
      hostname: values.host,
      allowedHosts: values["allow-host"],
      dataDir: dataFolder(values.data),
    });
  },
};

/** What is served, and where. */
export interface ServeFlowsOptions {
  readonly dir: string;
  /** 0: any free one; left out, that of the settings. */
  readonly port: number | undefined;
  readonly hostname: string;
  readonly allowedHosts: readonly string[];
  readonly dataDir: string;
}

/**
 * Serves flows until Ctrl-C; flows that run then get 10 s to finish. Standard error names the address,
 * standard output gets the log.
 * @throws AppError `FLOW_NOT_FOUND`, `SERVE_ADDRESS`
 */
export async function serveFlows(options: ServeFlowsOptions): Promise<number> {
  const service = await openFlowService({
    dir: options.dir,
    env: Deno.env.toObject(),
    version: config.version,
    hostname: options.hostname,
    allowedHosts: options.allowedHosts,
    dataDir: options.dataDir,
    writeLog: (line) => console.log(line),
  });
  const { findings, config: settings } = service.source;
  for (const { severity, file, line, message } of findings) {
    const place = line === undefined ? file : `${file}:${line}`;
    console.error(printable(`${severity}: ${place}: ${message}`));
  }
  const server = listen({ ...options, port: options.port ?? settings.port }, service.fetch);
  const host = server.addr.hostname.includes(":")
    ? `[${server.addr.hostname}]`
    : server.addr.hostname;
  console.error(`Flows are served at http://${host}:${server.addr.port}`);
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopListening = onInterrupt(resolve);
  await promise;
  await Promise.all([service.close(), server.shutdown()]);
  stopListening();
  return EXIT.ok;
}

function listen(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (cause) {
    const message = `Listening on "${hostname}" port ${port} failed: ${messageOf(cause)}`;
    throw new AppError("SERVE_ADDRESS", message, { cause });
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new AppError("USAGE", `--port has to be a number from 0 to 65535, not "${text}"`);
}
