// Asking the executable over HTTP without a browser: signed in as a browser would be, or byte by byte
// as no browser would.
import assert from "node:assert/strict";
import { type Browser, newBrowser, PASSWORD } from "../builder/http/app_under_test.ts";
import type { BuilderProcess } from "./builder_process.ts";

/** A browser without windows: cookies, the CSRF token of the last page, and JSON. */
export interface BuilderClient extends Browser {
  readonly origin: string;
  /** Posts JSON as the editor does; `accept` is what it wants back. */
  postJson(path: string, body: unknown, accept?: string): Promise<Response>;
}

/** A client of the server at an origin, without cookies. It follows no redirect. */
export function newClient(origin: string): BuilderClient {
  const browser = newBrowser(
    (path, init) => fetch(new URL(path, origin), { ...init, redirect: "manual" }),
    origin,
  );
  return {
    ...browser,
    origin,
    async postJson(path, body, accept = "application/json") {
      return await browser.send(path, {
        method: "POST",
        headers: {
          accept,
          origin,
          "content-type": "application/json",
          "x-csrf-token": this.csrf,
          "sec-fetch-site": "same-origin",
        },
        body: JSON.stringify(body),
      });
    },
  };
}

/** Creates the owner's account by the printed link; signed in then. */
export async function signUpClient(
  server: BuilderProcess,
  username = "mina",
): Promise<BuilderClient> {
  const client = newClient(server.origin);
  const link = new URL(server.link);
  await (await client.get(link.pathname + link.search)).body?.cancel();
  const token = link.searchParams.get("token") ?? "";
  const answer = await client.post("/start", { token, username, password: PASSWORD });
  await answer.body?.cancel();
  assert.equal(answer.status, 303);
  await text(client.get("/packages"));
  return client;
}

/** Signs in by the form. */
export async function signInClient(origin: string, username: string): Promise<BuilderClient> {
  const client = newClient(origin);
  await text(client.get("/login"));
  const answer = await client.post("/login", { username, password: PASSWORD, next: "/packages" });
  await answer.body?.cancel();
  assert.equal(answer.status, 303);
  await text(client.get("/packages"));
  return client;
}

/** The whole text of an answer. */
export async function text(answer: Promise<Response>): Promise<string> {
  return await (await answer).text();
}

/** The status of an answer, whose body is of no interest. */
export async function status(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
}

/** Sends bytes as they are over a connection of its own, and reads until the server closes it. */
export async function sendRaw(origin: string, request: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const bytes = typeof request === "string" ? new TextEncoder().encode(request) : request;
  const [answer] = await Promise.all([readAll(connection), writeAll(connection, bytes)]);
  return answer;
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(16_384);
  let read = "";
  try {
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) return read;
      read += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  } catch (error) {
    // A server that has heard enough may cut the connection.
    if (error instanceof Deno.errors.ConnectionReset) return read;
    throw error;
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let written = 0;
  try {
    while (written < bytes.length) written += await connection.write(bytes.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    if (error instanceof Deno.errors.ConnectionReset) return;
    throw error;
  }
}
