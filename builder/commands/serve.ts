// `crewagent serve`: the builder in a browser. What it serves is put together in `builder/serve.ts`.
import { AppError, EXIT } from "../../schemas/error.ts";
import type { Command } from "../../runtime/commands/command.ts";
import { onInterrupt } from "../../runtime/commands/interrupt.ts";
import { noPositionals, readOptions } from "../../runtime/commands/options.ts";
import { printable } from "../../runtime/commands/terminal.ts";
import { dataFolder } from "../../runtime/run/data_folder.ts";
import { findRunningServer, type ServerClient } from "../running_server.ts";
import { type JoinedService, type RunningServer, startServer } from "../serve.ts";
import { openBrowser } from "./open_browser.ts";
import type { OpenFlowsOptions } from "./serve_flows.ts";

const USAGE =
  "crewagent serve [--port N] [--host ADDRESS] [--open | --no-open] [--flows DIR [--headless]]";
const USUAL_PORT = 7717;

const HELP = `Usage: ${USAGE}

Serves the builder to your browser: draw workflows, write agents, import and export packages, and run
them on your folders. Without any argument, crewagent does this and opens the browser. It needs no network. Ctrl-C ends it.

With --flows the agents and flows of a folder are served too, as a REST service at the root (/docs
lists its routes); settings come from config/runtime.yaml, .env and the environment, its log is JSON
lines on standard output.

Options
  --port N           port to listen on, 0 for any free one (${USUAL_PORT})
  --host ADDRESS     address to listen on (127.0.0.1: this machine only); others need an account first,
                     and FLOWS_TOKEN for flows
  --allow-host NAME  also answer under this host name, such as a proxy's; may be given several times
  --open, --no-open  open the browser, or only print the link (print)
  --flows DIR        the folder that holds agents/, or its parent with bmad/ and config/
  --headless         flows alone, without the builder
  --data DIR         where packages, accounts and MCP servers are kept (or CREWAGENT_HOME)

Examples
  crewagent serve --port 8080 --open
  crewagent serve --flows ./bmad --headless

Exit codes: 0 ended by Ctrl-C, 1 the data folder is in use or damaged, 2 usage, 3 no such folder of
flows, 4 the port is taken or the address cannot be used.
`;

/** The command `serve`. */
export const command: Command = {
  help: HELP,
  async run(args) {
    const { values, positionals } = readOptions(args, {
      port: { type: "string" },
      host: { type: "string", default: "127.0.0.1" },
      "allow-host": { type: "string", multiple: true, default: [] },
      open: { type: "boolean", default: false },
      "no-open": { type: "boolean", default: false },
      flows: { type: "string" },
      headless: { type: "boolean", default: false },
      data: { type: "string" },
    });
    noPositionals(positionals, USAGE);
    const dataDir = dataFolder(values.data);
    const port = values.port === undefined ? undefined : portOf(values.port);
    const hostname = values.host;
    const allowedHosts = values["allow-host"];
    const flows = values.flows === undefined
      ? undefined
      : { dir: values.flows, hostname, allowedHosts, dataDir };
    if (values.headless) return await serveHeadless(flows, port);
    const show = values.open && !values["no-open"] ? openBrowser : () => {};
    const running = await findRunningServer(dataDir);
    if (running) return await leadToRunning(running, show);
    const server = await startServer({
      dataDir,
      port: port ?? USUAL_PORT,
      hostname,
      extraHosts: allowedHosts,
      log: console.error,
      ...(flows && { joined: await joinedFlows(flows) }),
    });
    await greet(server, { dataDir, show });
    await untilInterrupted(server);
    return EXIT.ok;
  },
};

async function serveHeadless(
  flows: OpenFlowsOptions | undefined,
  port: number | undefined,
): Promise<number> {
  if (!flows) throw new AppError("USAGE", `--headless needs --flows DIR. ${USAGE}`);
  const { serveFlows } = await import("./serve_flows.ts");
  return await serveFlows({ ...flows, port });
}

async function joinedFlows(flows: OpenFlowsOptions): Promise<JoinedService> {
  const { openFlows } = await import("./serve_flows.ts");
  const { isServicePath } = await import("../flow_service/create_flow_service.ts");
  const service = await openFlows(flows);
  return { owns: isServicePath, fetch: service.fetch, close: () => service.close() };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new AppError("USAGE", `--port has to be a number from 0 to 65535, not "${text}"`);
}

type Show = (url: string) => void;

/** A second start shows the server that is there already: two cannot share a data folder. */
async function leadToRunning(running: ServerClient, show: Show): Promise<number> {
  const { path } = await running.ask("POST", "/control/links") as { path: string };
  const link = running.origin + path;
  console.log(`CrewAgent already runs on this data folder: ${running.origin}`);
  console.log(`  ${link}`);
  show(link);
  return EXIT.ok;
}

async function greet(
  server: RunningServer,
  { dataDir, show }: { readonly dataDir: string; readonly show: Show },
): Promise<void> {
  const link = await server.link();
  console.log(`CrewAgent runs at ${server.origin}  (data: ${printable(dataDir)})`);
  console.log(
    server.isFirstStart
      ? "Open this link within an hour to create your account:"
      : "This link signs you in once, within 5 minutes:",
  );
  console.log(`  ${link}`);
  console.log("Ctrl-C ends it.");
  show(link);
}

async function untilInterrupted(server: RunningServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stopListening = onInterrupt(resolve);
  await promise;
  await server.close();
  stopListening();
}
