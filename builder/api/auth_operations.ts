// Operations: accounts from the outside, and the caller's own account and API tokens.
import { list, orNull, record, ref, text, time } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";

const auth = () => import("./auth.ts");
const apiTokens = () => import("./api_tokens.ts");

// The store judges names and passwords, and says which rule is broken.
const credentials = { username: text({ maxLength: 200 }), password: text({ maxLength: 2000 }) };

/** `/auth`, `/api-tokens`. */
export const AUTH_OPERATIONS: readonly Operation[] = [
  {
    operationId: "register",
    method: "POST",
    path: "/auth/register",
    tag: "auth",
    access: "anyone",
    summary: "Makes an account: the first one with the one-time token of the link that the " +
      "server printed, further ones by the owner.",
    body: {
      json: record({
        ...credentials,
        startToken: {
          ...orNull(text({ maxLength: 200 })),
          description: "Behind /start?token= in that link; only for the first account.",
        },
      }, ["startToken"]),
    },
    answers: { 201: { data: ref("Account"), headers: ["Location"] } },
    errors: ["AUTH_REQUIRED", "AUTH_FORBIDDEN", "ACCOUNT_INVALID", "ACCOUNT_EXISTS"],
    handler: lazyCall(auth, "register"),
  },
  {
    operationId: "login",
    method: "POST",
    path: "/auth/login",
    tag: "auth",
    access: "anyone",
    summary: "Gives a JWT for an hour.",
    body: { json: record(credentials) },
    answers: { 200: { data: ref("Login") } },
    errors: ["AUTH_INVALID_CREDENTIALS", "AUTH_RATE_LIMITED"],
    handler: lazyCall(auth, "login"),
  },
  {
    operationId: "getMe",
    method: "GET",
    path: "/auth/me",
    tag: "auth",
    access: "account",
    summary: "The caller's account.",
    answers: { 200: { data: ref("Account") } },
    handler: lazyCall(auth, "showMe"),
  },
  {
    operationId: "changePassword",
    method: "PUT",
    path: "/auth/password",
    tag: "auth",
    access: "account",
    summary: "Changes the caller's password. Every session and JWT of the account ends.",
    body: {
      json: record({ current: text({ maxLength: 2000 }), next: text({ maxLength: 2000 }) }),
    },
    answers: { 204: { nothing: true } },
    errors: ["AUTH_INVALID_CREDENTIALS", "AUTH_RATE_LIMITED", "ACCOUNT_INVALID"],
    handler: lazyCall(auth, "changePassword"),
  },
  {
    operationId: "listApiTokens",
    method: "GET",
    path: "/api-tokens",
    tag: "auth",
    access: "account",
    summary: "The caller's API tokens, newest first; not the tokens themselves.",
    answers: { 200: { data: list(ref("ApiToken")) } },
    handler: lazyCall(apiTokens, "listApiTokens"),
  },
  {
    operationId: "createApiToken",
    method: "POST",
    path: "/api-tokens",
    tag: "auth",
    access: "account",
    summary: "Makes an API token; the answer is the only place that ever shows it.",
    body: {
      json: record({
        name: text({ description: "What it is for: 1 to 64 characters." }),
        expiresAt: { ...orNull(time), description: "Null: until it is revoked." },
      }, ["expiresAt"]),
    },
    answers: { 201: { data: ref("NewApiToken"), headers: ["Location"] } },
    errors: ["ACCOUNT_INVALID"],
    handler: lazyCall(apiTokens, "createApiToken"),
  },
  {
    operationId: "getApiToken",
    method: "GET",
    path: "/api-tokens/{tokenId}",
    tag: "auth",
    access: "account",
    summary: "One of the caller's API tokens; not the token itself.",
    answers: { 200: { data: ref("ApiToken") } },
    errors: ["API_TOKEN_NOT_FOUND"],
    handler: lazyCall(apiTokens, "showApiToken"),
  },
  {
    operationId: "revokeApiToken",
    method: "DELETE",
    path: "/api-tokens/{tokenId}",
    tag: "auth",
    access: "account",
    summary: "Ends an API token at once.",
    answers: { 204: { nothing: true } },
    errors: ["API_TOKEN_NOT_FOUND"],
    handler: lazyCall(apiTokens, "revokeApiToken"),
  },
];
