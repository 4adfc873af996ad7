// Serves flows: alone (`serve --flows DIR --headless`), or opened to be joined to the builder's server.
import config from "../../deno.json" with { type: "json" };
import { onInterrupt } from "../../runtime/commands/interrupt.ts";
import { printable } from "../../runtime/commands/terminal.ts";
import { AppError, EXIT, messageOf } from "../../schemas/error.ts";
import { type OpenFlowService, openFlowService } from "../flow_service/open_flow_service.ts";

/** What is opened, and under which names it answers. */
export interface OpenFlowsOptions {
  readonly dir: string;
  readonly hostname: string;
  readonly allowedHosts: readonly string[];
  readonly dataDir: string;
}

/** What is served, and where. */
export interface ServeFlowsOptions extends OpenFlowsOptions {
  /** 0: any free one; left out, that of the settings. */
  readonly port: number | undefined;
}

/**
 * Opens flows and prints their findings on standard error; standard output gets the log.
 * @throws AppError `FLOW_NOT_FOUND`, `SERVE_ADDRESS` (others could reach it and there is no token)
 */
export async function openFlows(options: OpenFlowsOptions): Promise<OpenFlowService> {
  const service = await openFlowService({
    dir: options.dir,
    env: Deno.env.toObject(),
    version: config.version,
    hostname: options.hostname,
    allowedHosts: options.allowedHosts,
    dataDir: options.dataDir,
    writeLog: (line) => console.log(line),
  });
  for (const { severity, file, line, message } of service.source.findings) {
    const place = line === undefined ? file : `${file}:${line}`;
    console.error(printable(`${severity}: ${place}: ${message}`));
  }
  return service;
}

/**
 * Serves flows until Ctrl-C; flows that run then get 10 s to finish. Standard error names the address,
 * standard output gets the log.
 * @throws AppError `FLOW_NOT_FOUND`, `SERVE_ADDRESS`
 */
export async function serveFlows(options: ServeFlowsOptions): Promise<number> {
  const service = await openFlows(options);
  const server = listen(
    { ...options, port: options.port ?? service.source.config.port },
    service.fetch,
  );
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
