import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { sign } from "hono/jwt";
import { API_ROOT } from "../../../builder/api/api_route.ts";
import type { Operation } from "../../../builder/api/operation.ts";
import { pathParameters } from "../../../builder/api/operation.ts";
import { OPERATIONS } from "../../../builder/api/operations.ts";
import { ROUTES } from "../../../builder/app.ts";
import { ORIGIN } from "../http/app_under_test.ts";
import { type ApiUnderTest, type Call, operationOf, pathOf, withApi } from "./api_under_test.ts";
import { type Sample, samples } from "./samples.ts";

const CHANGES = OPERATIONS.filter(({ method }) => method !== "GET");
const WITH_JSON = OPERATIONS.filter(({ body }) => body !== undefined && "json" in body);

Deno.test("every operation has a sample, and every route of the API an operation", async () => {
  await withApi(async (api) => {
    const names = OPERATIONS.map(({ operationId }) => operationId);
    deepStrictEqual([...(await samples(api)).keys()].sort(), [...names].sort());
    strictEqual(new Set(names).size, names.length);
    const routes = ROUTES.filter(({ path }) => path.startsWith("/api/"));
    strictEqual(routes.length, names.length + 2, "and openapi.json and the page");
  });
});

Deno.test("every operation answers its owner with what the table promises", async () => {
  await withApi(async (api) => {
    for (const [operationId, { good, status }] of await samples(api)) {
      strictEqual((await api.call(operationId, good)).status, status, operationId);
    }
  });
});

Deno.test("every operation hides from another account what is not its own", async () => {
  await withApi(async (api) => {
    const all = await samples(api);
    const before = await everything(api);
    for (const [operationId, { good, foreign }] of all) {
      const answer = await api.call(operationId, { ...good, token: api.ottoToken });
      strictEqual(answer.status, foreign, operationId);
      ok(!JSON.stringify([answer.data, answer.error]).includes("Secret of Mina"), operationId);
    }
    deepStrictEqual(await everything(api), before);
  });
});

/** What the owner has. */
async function everything({ call }: ApiUnderTest) {
  const names = ["listPackages", "listFiles", "listHistory", "listVersions", "listAccounts"];
  return await Promise.all(names.map(async (name) => (await call(name)).data));
}

Deno.test("every operation but those that need no account answers 401 without credentials", async () => {
  await withApi(async (api) => {
    const open = new Set(
      OPERATIONS.filter(({ access }) => access === "anyone").map(({ operationId }) => operationId),
    );
    deepStrictEqual([...open], ["register", "login"]);
    for (const [operationId, { good }] of [...await samples(api)].filter(([id]) => !open.has(id))) {
      const answer = await api.call(operationId, { ...good, token: null });
      deepStrictEqual([answer.status, answer.code], [401, "AUTH_REQUIRED"], operationId);
      match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
    }
  });
});

/** Tokens that were good once, or look so. */
async function badTokens({ app, minaId }: ApiUnderTest): Promise<Record<string, string>> {
  const { apiTokens, accessTokens } = app.store;
  const key = await Deno.readTextFile(join(app.dataDir, "store", "signing.key"));
  const claims = { iss: "crewagent", aud: "crewagent-api", sub: minaId, epoch: 0 };
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const good = await sign({ ...claims, exp }, key, "HS256");
  strictEqual((await accessTokens.verify(good)).userId, minaId);
  const [, payload, signature] = good.split(".");
  const none = btoa('{"alg":"none","typ":"JWT"}').replaceAll("=", "");
  const { token, record } = await apiTokens.create(minaId, { name: "x", expiresAt: null });
  await apiTokens.revoke(minaId, record.tokenId);
  return {
    "an expired JWT": await sign({ ...claims, exp: exp - 7200 }, key, "HS256"),
    "a JWT with another key": await sign({ ...claims, exp }, "x".repeat(43), "HS256"),
    "a JWT of another algorithm": await sign({ ...claims, exp }, key, "HS512"),
    "a JWT for another audience": await sign({ ...claims, exp, aud: "other" }, key, "HS256"),
    "alg none without signature": `${none}.${payload}.`,
    "alg none with a signature": `${none}.${payload}.${signature}`,
    "a revoked API token": token,
    "an API token that never was": `cwa_${"A".repeat(43)}`,
    "a long text": "x".repeat(4000),
  };
}

Deno.test("every operation refuses expired, forged, unsigned and revoked tokens", async () => {
  await withApi(async (api) => {
    const tokens = Object.entries(await badTokens(api));
    for (const [operationId, { good }] of await samples(api)) {
      for (const [what, token] of tokens) {
        const answer = await api.call(operationId, { ...good, token });
        strictEqual(answer.code, "AUTH_TOKEN_INVALID", `${operationId}, ${what}`);
      }
    }
  });
});

Deno.test("Authorization: what is no Bearer token is refused, even beside a good cookie", async () => {
  await withApi(async ({ app, minaToken }) => {
    const mina = await app.signedIn("mina");
    const headers = ["", "Bearer", "Bearer ", `Basic ${minaToken}`, `Bearer ${minaToken} x`, "x"];
    for (const authorization of headers) {
      const { status } = await mina.send(`${API_ROOT}/auth/me`, { headers: { authorization } });
      strictEqual(status, 401, authorization);
    }
  });
});

Deno.test("every change by cookie needs the CSRF token and our own origin", async () => {
  await withApi(async (api) => {
    const mina = await api.app.signedIn("mina");
    const own = { origin: ORIGIN, "sec-fetch-site": "same-origin" };
    const csrf = { "x-csrf-token": mina.csrf };
    const wrong: [string, Record<string, string>, string][] = [
      ["no CSRF token", own, "CSRF_INVALID"],
      ["another CSRF token", { ...own, "x-csrf-token": "x" }, "CSRF_INVALID"],
      ["no origin", csrf, "ORIGIN_FORBIDDEN"],
      ["a foreign origin", { ...csrf, origin: "https://evil.example" }, "ORIGIN_FORBIDDEN"],
      ["origin null", { ...csrf, origin: "null" }, "ORIGIN_FORBIDDEN"],
      ["another site", { ...csrf, ...own, "sec-fetch-site": "cross-site" }, "ORIGIN_FORBIDDEN"],
    ];
    const all = await samples(api);
    for (const operation of CHANGES) {
      const init = initOf(api, operation, all);
      for (const [what, headers, code] of wrong) {
        const answer = await mina.send(init.path, {
          ...init,
          headers: { ...init.headers, ...headers },
        });
        const { error } = await answer.json();
        strictEqual(error.code, code, `${operation.operationId}, ${what}`);
      }
    }
    const create = initOf(api, operationOf("createPackage"), all);
    const headers = { ...create.headers, ...own, ...csrf };
    strictEqual((await mina.send(create.path, { ...create, headers })).status, 201);
  });
});

function goodOf(all: ReadonlyMap<string, Sample>, operationId: string): Call {
  return all.get(operationId)?.good ?? {};
}

/** The sample as a plain request, without credentials. */
function initOf(
  api: ApiUnderTest,
  operation: Operation,
  all: ReadonlyMap<string, Sample>,
) {
  const good = goodOf(all, operation.operationId);
  const known = { versionId: api.versionId, workflowId: "create-story" };
  const type = good.json === undefined ? {} : { "content-type": "application/json" };
  const body = good.json === undefined ? good.body : JSON.stringify(good.json);
  return {
    path: pathOf(operation, { ...known, ...good.params }) + (good.query ?? ""),
    method: operation.method,
    headers: { ...type, ...good.headers } as Record<string, string>,
    ...(body !== undefined && { body }),
  };
}

Deno.test("every change with a good token is refused when a page of another site asks for it", async () => {
  await withApi(async (api) => {
    const headers = { origin: "https://evil.example" };
    const all = await samples(api);
    for (const { operationId } of CHANGES) {
      const good = goodOf(all, operationId);
      const answer = await api.call(operationId, {
        ...good,
        headers: { ...good.headers, ...headers },
      });
      strictEqual(answer.code, "ORIGIN_FORBIDDEN", operationId);
    }
  });
});

Deno.test("no answer of the API allows another site to read it", async () => {
  await withApi(async ({ app }) => {
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const preflight = await app.send(`${API_ROOT}/packages`, { method: "OPTIONS", headers });
    strictEqual(preflight.status, 405);
    for (const answer of [preflight, await app.send(`${API_ROOT}/openapi.json`, { headers })]) {
      strictEqual(answer.headers.get("access-control-allow-origin"), null);
      strictEqual(answer.headers.get("cross-origin-resource-policy"), "same-origin");
    }
  });
});

Deno.test("every operation with JSON refuses bodies that are not as its schema says", async () => {
  await withApi(async (api) => {
    const all = await samples(api);
    const json = { "content-type": "application/json" };
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const bad: [string, BodyInit, Record<string, string>, string][] = [
      ["no JSON", '{"name":', json, "REQUEST_INVALID"],
      ["no UTF-8", new Uint8Array([123, 255, 125]), json, "REQUEST_INVALID"],
      ["too deep", deep, json, "REQUEST_INVALID"],
      ["a list", "[]", json, "VALIDATION_FAILED"],
      ["null", "null", json, "VALIDATION_FAILED"],
      ["an unknown key", '{"__proto__":{"x":1},"nobody\'s":1}', json, "VALIDATION_FAILED"],
      [
        "a form",
        "name=x",
        { "content-type": "application/x-www-form-urlencoded" },
        "MEDIA_TYPE_UNSUPPORTED",
      ],
      ["text", "{}", { "content-type": "text/plain" }, "MEDIA_TYPE_UNSUPPORTED"],
    ];
    for (const { operationId } of WITH_JSON) {
      const { params } = goodOf(all, operationId);
      for (const [what, body, headers, code] of bad) {
        const answer = await api.call(operationId, { ...(params && { params }), body, headers });
        strictEqual(answer.code, code, `${operationId}, ${what}`);
      }
    }
  });
});

Deno.test("VALIDATION_FAILED points at each fault by JSON pointer", async () => {
  await withApi(async ({ call }) => {
    const moved = { kind: "nodes.move", workflowId: "create-story", positions: { a: { x: "1" } } };
    const { error } = await call("applyEdit", { json: { baseRevision: -1, edit: moved } });
    deepStrictEqual(error.details.in, "body");
    deepStrictEqual(
      error.details.violations.map(({ pointer }: { pointer: string }) => pointer).sort(),
      ["/baseRevision", "/edit/positions/a", "/edit/positions/a/x"],
    );
    const query = await call("listHistory", { query: "?limit=0&sort=up" });
    deepStrictEqual(
      query.error.details.violations.map(({ pointer }: { pointer: string }) => pointer).sort(),
      ["/limit", "/sort"],
    );
    strictEqual((await call("listPackages", { query: "?from=all" })).status, 422);
    strictEqual((await call("listHistory", { query: "?limit=1e2" })).status, 422);
  });
});

Deno.test("every operation that changes something refuses a body that is too large", async () => {
  await withApi(async (api) => {
    const all = await samples(api);
    for (const { operationId, bodyBytes = 1 << 20 } of CHANGES) {
      const good = goodOf(all, operationId);
      const { json: _json, ...call } = good;
      const body = new Uint8Array(bodyBytes + 1);
      const headers = { "content-type": "application/json" };
      const answer = await api.call(operationId, { ...call, headers, body });
      strictEqual(answer.code, "BODY_TOO_LARGE", operationId);
    }
  });
});

const TRICKS = [
  "..",
  "../../../../etc/passwd",
  "..\\..\\windows",
  "%2e%2e/%2e%2e",
  "/etc/passwd",
  "C:\\x",
  "\0",
  "a\0.md",
  "' OR 1=1 --",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "\u202e",
  "x".repeat(5000),
];

Deno.test("every parameter of every operation takes tricks as names of nothing", async () => {
  await withApi(async (api) => {
    const all = await samples(api);
    for (const operation of OPERATIONS) {
      const { operationId } = operation;
      const good = goodOf(all, operationId);
      for (const name of pathParameters(operation)) {
        for (const trick of TRICKS) {
          const params = { ...good.params, [name]: trick };
          const { status } = await sendTrick(api, operation, { ...good, params });
          // A file that is written may have a strange name, but none that leads out of the package.
          const isRefused = [404, 422, 405].includes(status);
          const isName = name === "path" && ["201", "204", "200"].includes(String(status));
          ok(
            isRefused || isName,
            `${operationId} {${name}} ${JSON.stringify(trick.slice(0, 40))}: ${status}`,
          );
        }
      }
    }
    const paths = (await api.call("listFiles")).data.map(({ path }: { path: string }) => path);
    const odd = paths.filter((path: string) => /\.\.|\\|\0|^\/|:|[<>]|\u202e|x{5000}/.test(path));
    deepStrictEqual(odd, []);
  });
});

/** As a client would that does not tidy its paths; a URL with `..` in it never leaves the client. */
async function sendTrick(
  api: ApiUnderTest,
  operation: Operation,
  { params = {}, query = "", json, body, headers = {} }:
    & Parameters<ApiUnderTest["call"]>[1]
    & object,
): Promise<Response> {
  const known = { versionId: api.versionId, workflowId: "create-story", agentId: "x" };
  const path = pathOf(operation, { ...known, ...params }) + query;
  return await api.app.send(path, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${api.minaToken}`,
      ...(json !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(json === undefined ? body !== undefined && { body } : { body: JSON.stringify(json) }),
  });
}

Deno.test("a path with another method: 405, and which there are", async () => {
  await withApi(async ({ app, packageId }) => {
    const expected: [string, string, string][] = [
      ["PUT", "/packages", "GET, POST, HEAD"],
      ["POST", `/packages/${packageId}`, "GET, PATCH, DELETE, HEAD"],
      ["GET", "/auth/login", "POST"],
      ["DELETE", "/openapi.json", "GET, HEAD"],
      ["POST", `/packages/${packageId}/files/a/b`, "GET, PUT, DELETE, HEAD"],
    ];
    for (const [method, path, allow] of expected) {
      const answer = await app.send(API_ROOT + path, { method });
      deepStrictEqual([answer.status, answer.headers.get("allow")], [405, allow], path);
    }
  });
});

Deno.test("HEAD answers like GET, without a body", async () => {
  await withApi(async ({ app, minaToken, packageId }) => {
    const headers = { authorization: `Bearer ${minaToken}` };
    const answer = await app.send(`${API_ROOT}/packages/${packageId}`, { method: "HEAD", headers });
    deepStrictEqual([answer.status, await answer.text()], [200, ""]);
    ok(answer.headers.get("etag"));
  });
});

Deno.test("what is not there below the API is said as JSON, and an inner fault without its words", async () => {
  await withApi(async ({ app, call }) => {
    const answer = await app.send(`${API_ROOT}/nothing`);
    strictEqual(answer.status, 404);
    strictEqual((await answer.json()).error.code, "ROUTE_NOT_FOUND");
    await app.store.close();
    const response = await app.send(`${API_ROOT}/auth/login`, {
      method: "POST",
      body: '{"username":"mina","password":"x"}',
      headers: { "content-type": "application/json" },
    });
    strictEqual(response.status, 500);
    ok(!(await response.text()).includes(app.dataDir));
    ok(call);
  });
});
