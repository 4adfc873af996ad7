// A folder of flow sources and the services over it, in this process, for tests of the routes.
import { dirname, join } from "node:path";
import {
  type OpenFlowService,
  openFlowService,
} from "../../../builder/flow_service/open_flow_service.ts";

/** Where requests seem to go; no socket is opened. */
export const ORIGIN = "http://127.0.0.1:7717";

const AGENTS: Readonly<Record<string, string>> = {
  "bmad/agents/analyst.md": "---\nid: analyst\ndescription: Analyses\n---\nYou analyse.\n",
  "bmad/agents/writer.md":
    "---\nid: writer\nwait_for: {agents: [analyst], docs: [brief]}\n---\nYou write.\n",
};

/** What differs from an echo on files. */
export interface PlaceOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** `config/runtime.yaml`. */
  readonly runtime?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Services over the same folder; one unless told. */
  readonly replicas?: number;
  /** How long a dead replica keeps its stories in Redis. */
  readonly lockExpiryMs?: number;
}

/** An open service. */
export interface ServicePlace {
  readonly folder: string;
  readonly services: readonly OpenFlowService[];
  /** Lines of all logs, parsed. */
  readonly log: Record<string, unknown>[];
  /** Asks the first service. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON to the first service. */
  send(method: string, path: string, body: unknown): Promise<Response>;
}

/** Runs a test on services that are closed and removed afterwards. */
export async function withService(
  options: PlaceOptions,
  work: (place: ServicePlace) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const config = { "config/runtime.yaml": options.runtime ?? "" };
  for (const [file, text] of Object.entries({ ...AGENTS, ...config, ...options.files })) {
    await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
    await Deno.writeTextFile(join(folder, file), text);
  }
  const log: Record<string, unknown>[] = [];
  const services: OpenFlowService[] = [];
  try {
    for (let replica = 0; replica < (options.replicas ?? 1); replica++) {
      services.push(
        await openFlowService({
          dir: folder,
          env: { TESTING: "1", ...options.env },
          version: "1.2.3",
          hostname: "127.0.0.1",
          ...(options.lockExpiryMs !== undefined && { lockExpiryMs: options.lockExpiryMs }),
          dataDir: join(folder, "data"),
          writeLog: (line) => log.push(JSON.parse(line)),
        }),
      );
    }
    const ask = (path: string, init?: RequestInit) =>
      (services[0] as OpenFlowService).fetch(new Request(ORIGIN + path, init));
    const send = (method: string, path: string, body: unknown) =>
      ask(path, jsonRequest(method, body));
    await work({ folder, services, log, ask, send });
  } finally {
    for (const service of services) await service.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A request that carries JSON. */
export function jsonRequest(method: string, body: unknown): RequestInit {
  return {
    method,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  };
}
