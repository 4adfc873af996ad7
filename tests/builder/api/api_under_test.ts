// The API over a real store, as programs call it: by operation, with a token. Every answer is checked
// against what the table promises: its status, its envelope, its schema.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { apiViolations } from "../../../builder/api/api_request.ts";
import { API_ROOT } from "../../../builder/api/api_route.ts";
import { envelope } from "../../../builder/api/openapi.ts";
import { type Operation, operationErrors } from "../../../builder/api/operation.ts";
import { OPERATIONS } from "../../../builder/api/operations.ts";
import { ref } from "../../../builder/api/json_schema.ts";
import { readTemplate } from "../../../runtime/package/template.ts";
import { ERROR_CODES, type ErrorCode } from "../../../schemas/error.ts";
import { type AppUnderTest, PASSWORD, withApp } from "../http/app_under_test.ts";

/** What a call sends besides the operation's method and path. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  /** With the question mark. */
  readonly query?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  /** Mina's if not given; `null`: none. */
  readonly token?: string | null;
}

/** What came back. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of all shapes; `check` has judged them by their schemas.
  // deno-lint-ignore no-explicit-any
  readonly data: any;
  readonly code: string | null;
  // deno-lint-ignore no-explicit-any
  readonly error: any;
}

/** The API and what stands in it. */
export interface ApiUnderTest {
  readonly app: AppUnderTest;
  /** Of the owner, who has the package. */
  readonly minaToken: string;
  /** Of a member without packages. */
  readonly ottoToken: string;
  readonly minaId: string;
  readonly ottoId: string;
  /** From the template `create-story`; with a version, and an edit that can be undone. */
  readonly packageId: string;
  readonly versionId: string;
  call(operationId: string, call?: Call): Promise<Called>;
}

/** The operation of this name. */
export function operationOf(operationId: string): Operation {
  const operation = OPERATIONS.find((operation) => operation.operationId === operationId);
  ok(operation, `no operation ${operationId}`);
  return operation;
}

/** The path with its parameters filled in, each as one segment. */
export function pathOf(operation: Operation, params: Readonly<Record<string, string>>): string {
  return API_ROOT +
    operation.path.replace(/\{([A-Za-z]+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
}

/** Runs a test against a fresh API. */
export async function withApi(test: (api: ApiUnderTest) => Promise<void>): Promise<void> {
  await withApp(async (app) => {
    const { users, apiTokens, packages, versions } = app.store;
    const mina = await users.createOwner({ username: "mina", password: PASSWORD });
    const otto = await users.createMember({ username: "otto", password: PASSWORD });
    const options = { name: "test", expiresAt: null };
    const { token: minaToken } = await apiTokens.create(mina.userId, options);
    const { token: ottoToken } = await apiTokens.create(otto.userId, options);
    const { packageId } = await packages.create(mina.userId, await readTemplate("create-story"));
    const { versionId } = await versions.create(mina.userId, packageId, {
      label: "1",
      notes: "Secret of Mina",
    });
    await app.services.liveDrafts.edit(mina.userId, packageId, {
      baseRevision: 0,
      edit: { kind: "manifest.change", fields: { author: "Secret of Mina" } },
    });
    const known = { packageId, versionId, workflowId: "create-story" };
    await test({
      app,
      minaToken,
      ottoToken,
      minaId: mina.userId,
      ottoId: otto.userId,
      packageId,
      versionId,
      call: async (operationId, { token = minaToken, ...call } = {}) => {
        const operation = operationOf(operationId);
        const headers = new Headers(call.headers);
        if (token !== null) headers.set("authorization", `Bearer ${token}`);
        if (call.json !== undefined) headers.set("content-type", "application/json");
        const body = call.json === undefined ? call.body : JSON.stringify(call.json);
        const path = pathOf(operation, { ...known, ...call.params }) + (call.query ?? "");
        const { method } = operation;
        const response = await app.send(path, {
          method,
          headers,
          ...(body !== undefined && { body }),
        });
        return await checked(operation, response);
      },
    });
  });
}

/** Reads an answer, and fails if it is not as the table promises. */
export async function checked(operation: Operation, response: Response): Promise<Called> {
  const { status, headers } = response;
  const bytes = await bytesOf(response);
  const what = `${operation.operationId} ${status}`;
  if (operation.answers[status] === undefined) {
    return failureOf(operation, { status, headers, bytes });
  }
  const answer = operation.answers[status];
  const shown = { status, headers, code: null, error: null };
  for (const name of "headers" in answer ? answer.headers ?? [] : []) {
    ok(headers.get(name), `${what} has no ${name}`);
  }
  if ("nothing" in answer) {
    strictEqual(bytes.length, 0, what);
    return { ...shown, data: null };
  }
  if ("media" in answer) {
    const type = headers.get("content-type")?.split(";")[0] ?? "";
    ok(answer.media.includes(type), `${what} is ${type}`);
    return { ...shown, data: bytes };
  }
  const value = JSON.parse(new TextDecoder().decode(bytes));
  deepStrictEqual(apiViolations(envelope(answer.data), value), [], what);
  return { ...shown, data: value.data };
}

/** All of an answer; of a stream, which has no end, what comes first. */
async function bytesOf(response: Response): Promise<Uint8Array> {
  const isStream = response.headers.get("content-type") === "text/event-stream";
  if (!isStream) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body?.getReader();
  const { value } = await reader?.read() ?? {};
  await reader?.cancel();
  return value ?? new Uint8Array();
}

function failureOf(
  operation: Operation,
  { status, headers, bytes }: { status: number; headers: Headers; bytes: Uint8Array },
): Called {
  const text = new TextDecoder().decode(bytes);
  const value = JSON.parse(text);
  const what = `${operation.operationId} ${status} ${text}`;
  deepStrictEqual(apiViolations(ref("Error"), value), [], what);
  const code: ErrorCode = value.error.code;
  ok(operationErrors(operation).includes(code), `${what}: the table does not say so`);
  strictEqual(status, ERROR_CODES[code].httpStatus, what);
  return { status, headers, data: null, code, error: value.error };
}
