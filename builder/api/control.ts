// What commands on this machine ask of a running server, which holds the database alone. Whoever can
// read the control token can read the data folder, so they act for its owner.
import { AppError } from "../../schemas/error.ts";
import { addAccount, createApiToken, oneTimePath } from "../account_actions.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";

/** `GET /control/server`: shows that this server works on the caller's data folder. */
export function describeServer(c: AppContext): Response {
  return dataResponse({ name: "crewagent", port: c.var.services.config.port });
}

/** `POST /control/links` → `{path}`: a link that signs the owner in once. */
export async function createLink(c: AppContext): Promise<Response> {
  return dataResponse({ path: await oneTimePath(c.var.services.store) }, { status: 201 });
}

/** `GET /control/users` → the accounts. */
export async function listUsers(c: AppContext): Promise<Response> {
  return dataResponse(await c.var.services.store.users.list());
}

/** `POST /control/users` `{username, password}` → the account. */
export async function createUser(c: AppContext): Promise<Response> {
  const body = await readBody(c);
  const credentials = { username: text(body, "username"), password: text(body, "password") };
  return dataResponse(await addAccount(c.var.services.store, credentials), { status: 201 });
}

/** `POST /control/tokens` `{username: string|null, name}` → `{token, username}`. */
export async function createToken(c: AppContext): Promise<Response> {
  const body = await readBody(c);
  const username = body.username === null ? null : text(body, "username");
  const request = { username, name: text(body, "name") };
  return dataResponse(await createApiToken(c.var.services.store, request), { status: 201 });
}

async function readBody(c: AppContext): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = await c.req.json();
    if (typeof body === "object" && body !== null) return { ...body };
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", "The body is no JSON", { cause });
  }
  throw new AppError("REQUEST_INVALID", "The body is no JSON object");
}

function text(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value === "string") return value;
  throw new AppError("REQUEST_INVALID", `The field "${name}" has to be a text`);
}
