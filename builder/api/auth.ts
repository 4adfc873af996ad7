// `/auth`: making accounts, logging in, one's own account and password.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import type { Credentials } from "../store/users.ts";
import type { User } from "../store/user.ts";
import { apiPath, createdResponse, emptyResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";

/** `POST /auth/register`. The one-time token stays good until an account was made with it. */
export async function register(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { startToken, ...credentials } = body as Credentials & { startToken?: string | null };
  const { users } = c.var.services.store;
  const account = await users.count() === 0
    ? await createOwner(c, credentials, startToken ?? "")
    : await createMember(c, credentials);
  return createdResponse(account, apiPath("accounts", account.userId));
}

async function createOwner(
  c: AppContext,
  credentials: Credentials,
  token: string,
): Promise<User> {
  const { users, oneTimeTokens } = c.var.services.store;
  if (token === "" || !await oneTimeTokens.isValid("first-start", token)) {
    throw new AppError(
      "AUTH_REQUIRED",
      'The first account needs the one-time token of the link that the server printed: send it as "startToken"',
    );
  }
  const owner = await users.createOwner(credentials);
  await oneTimeTokens.redeem("first-start", token);
  return owner;
}

async function createMember(c: AppContext, credentials: Credentials): Promise<User> {
  const caller: User | undefined = c.var.user;
  if (!caller) {
    throw new AppError("AUTH_REQUIRED", "Only the owner makes accounts: send the owner's token");
  }
  if (caller.role !== "owner") {
    throw new AppError("AUTH_FORBIDDEN", "Only the owner of this installation makes accounts");
  }
  return await c.var.services.store.users.createMember(credentials);
}

/** `POST /auth/login`. A wrong name and a wrong password get the same answer. */
export async function login(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { username, password } = body as Credentials;
  const { users, loginLimit, accessTokens } = c.var.services.store;
  const attempt = { username, address: c.env?.remoteAddress ?? "unknown" };
  loginLimit.begin(attempt);
  const account = await users.authenticate({ username, password });
  loginLimit.succeed(attempt);
  return dataResponse({ ...await accessTokens.issue(account.userId), account });
}

/** `GET /auth/me`. */
export function showMe(c: AppContext): Response {
  return dataResponse(c.var.user);
}

/** `PUT /auth/password`. Guessing the current one is limited like logging in. */
export async function changePassword(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { services: { store }, user: { userId, username } } = c.var;
  const attempt = { username, address: c.env?.remoteAddress ?? "unknown" };
  store.loginLimit.begin(attempt);
  await store.users.changePassword(userId, body as { current: string; next: string });
  store.loginLimit.succeed(attempt);
  return emptyResponse();
}
