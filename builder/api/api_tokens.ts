// `/api-tokens`: the caller's own.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import type { ApiToken } from "../store/api_tokens.ts";
import { apiPath, createdResponse, emptyResponse } from "./answers.ts";
import type { ApiRequest } from "./operation.ts";

/** `GET /api-tokens`. */
export async function listApiTokens(c: AppContext): Promise<Response> {
  return dataResponse(await c.var.services.store.apiTokens.list(c.var.user.userId));
}

/** `POST /api-tokens`. */
export async function createApiToken(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const { name, expiresAt = null } = body as { name: string; expiresAt?: string | null };
  const { services: { store }, user } = c.var;
  const { token, record } = await store.apiTokens.create(user.userId, { name, expiresAt });
  return createdResponse({ ...record, token }, apiPath("api-tokens", record.tokenId));
}

/** `GET /api-tokens/{tokenId}`. */
export async function showApiToken(c: AppContext, { params }: ApiRequest): Promise<Response> {
  return dataResponse(await tokenOf(c, params.tokenId));
}

/** `DELETE /api-tokens/{tokenId}`. */
export async function revokeApiToken(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { services: { store }, user } = c.var;
  const { tokenId } = await tokenOf(c, params.tokenId);
  await store.apiTokens.revoke(user.userId, tokenId);
  return emptyResponse();
}

async function tokenOf(c: AppContext, tokenId: string | undefined): Promise<ApiToken> {
  const tokens = await c.var.services.store.apiTokens.list(c.var.user.userId);
  const token = tokens.find((token) => token.tokenId === tokenId);
  if (token) return token;
  throw new AppError("API_TOKEN_NOT_FOUND", "There is no such API token of yours");
}
