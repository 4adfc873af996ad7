// `/accounts`: for the owner.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import type { User } from "../store/user.ts";
import type { ApiRequest } from "./operation.ts";

/** `GET /accounts`. */
export async function listAccounts(c: AppContext): Promise<Response> {
  return dataResponse(await c.var.services.store.users.list());
}

/** `GET /accounts/{userId}`. */
export async function showAccount(c: AppContext, { params }: ApiRequest): Promise<Response> {
  return dataResponse(await accountOf(c, params.userId));
}

/** `PATCH /accounts/{userId}` `{isDisabled}`. */
export async function changeAccount(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const { isDisabled } = body as { isDisabled: boolean };
  const { userId, disabledAt } = await accountOf(c, params.userId);
  const { users } = c.var.services.store;
  if (isDisabled && disabledAt === null) await users.disable(userId);
  if (!isDisabled && disabledAt !== null) await users.enable(userId);
  return dataResponse(await accountOf(c, userId));
}

async function accountOf(c: AppContext, userId = ""): Promise<User> {
  const account = await c.var.services.store.users.find(userId);
  if (account) return account;
  throw new AppError("ACCOUNT_NOT_FOUND", "There is no such account");
}
