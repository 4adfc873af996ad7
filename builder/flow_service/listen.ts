// Listens for a generated project: with Deno's server under Deno, with Node's under Node. The executable
// has its own (`builder/commands/serve_flows.ts`).
import type { AddressInfo } from "node:net";
import { AppError, messageOf } from "../../schemas/error.ts";

/** Answers a request; never rejects. */
export type Answer = (request: Request) => Promise<Response>;

/** Where to listen; port 0 is any free one. */
export interface ListenAddress {
  readonly hostname: string;
  readonly port: number;
}

/** A server that listens. */
export interface Listening {
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Takes no more requests and waits for the answers under way. */
  close(): Promise<void>;
}

/** The part of Deno that is used, so that types hold under Node as well. */
interface DenoServing {
  serve(
    options: ListenAddress & { readonly onListen: () => void },
    handler: Answer,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
}

/** Listens. @throws AppError `SERVE_ADDRESS` if the address cannot be had */
export async function listen(answer: Answer, address: ListenAddress): Promise<Listening> {
  const deno = (globalThis as { readonly Deno?: DenoServing }).Deno;
  try {
    return await (deno ? listenWithDeno(deno, answer, address) : listenWithNode(answer, address));
  } catch (cause) {
    const { hostname, port } = address;
    const message = `Listening on "${hostname}" port ${port} failed: ${messageOf(cause)}`;
    throw new AppError("SERVE_ADDRESS", message, { cause });
  }
}

function listenWithDeno(deno: DenoServing, answer: Answer, address: ListenAddress): Listening {
  const server = deno.serve({ ...address, onListen: () => {} }, answer);
  return { origin: originOf(address, server.addr.port), close: () => server.shutdown() };
}

async function listenWithNode(answer: Answer, address: ListenAddress): Promise<Listening> {
  const { createAdaptorServer } = await import("@hono/node-server");
  const server = createAdaptorServer({ fetch: answer, overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.hostname, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: originOf(address, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeIdleConnections" in server) server.closeIdleConnections();
      }),
  };
}

function originOf({ hostname }: ListenAddress, port: number): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
