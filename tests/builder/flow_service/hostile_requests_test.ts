import assert from "node:assert/strict";
import { ORIGIN, withService } from "./service_place.ts";

const JSON_TYPE = { "content-type": "application/json" };

const HOSTILE_IDS = [
  "..",
  "...",
  ".hidden",
  "-x",
  "_x",
  "a b",
  "a/b",
  "../../etc/passwd",
  "..\\..\\x",
  "a\0b",
  "a\nb",
  "ä",
  "%",
  "a:b",
  "a*",
  "a'b",
  '"',
  "<script>",
  "x".repeat(101),
  "x".repeat(5_000),
  "__proto__",
];

const ID_ROUTES: readonly (readonly [string, (id: string) => string, unknown?])[] = [
  ["POST", (id) => `/agent/${id}/execute`, { instruction: "x" }],
  ["GET", (id) => `/agent/${id}/ready`],
  ["GET", (id) => `/agent/writer/ready?story_id=${id}`],
  ["GET", (id) => `/doc/${id}`],
  ["PUT", (id) => `/doc/${id}`, { content: "x" }],
  ["GET", (id) => `/doc/${id}/status`],
  ["GET", (id) => `/memory/shared:${id}/key`],
  ["GET", (id) => `/memory/isolated:${id}:s/key`],
  ["GET", (id) => `/memory/${id}/key`],
  ["PUT", (id) => `/memory/shared:team/${id}`, 1],
  ["DELETE", (id) => `/memory/shared:team/${id}`],
  ["GET", (id) => `/flows/${id}/graph`],
  ["GET", (id) => `/orchestration/status?workflow_id=${id}`],
  ["PUT", (id) => `/orchestration/status?workflow_id=${id}`, {
    agent: "writer",
    status: "running",
  }],
  ["GET", (id) => `/orchestration/status?workflow_id=s&flow=${id}`],
];

Deno.test("every route refuses ids that break the rule, names the rule, and touches nothing", () =>
  withService({}, async ({ ask, folder }) => {
    for (const [method, pathOf, body] of ID_ROUTES) {
      for (const id of HOSTILE_IDS) {
        const path = pathOf(encodeURIComponent(id));
        const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_TYPE };
        const response = await ask(path, { method, ...sent });
        const { error } = await response.json();
        // A URL drops ".." before it is sent, so what arrives is another path.
        const expected = id === ".." ? [400, 404] : [400];
        assert.ok(expected.includes(response.status), `${method} ${path}: ${response.status}`);
        assert.match(error.code, /^(REQUEST_INVALID|ROUTE_NOT_FOUND)$/);
        assert.doesNotMatch(JSON.stringify(error), /\bat .*\.ts:\d/);
      }
    }
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assert.deepEqual(left, ["bmad", "config"]);
  }));

Deno.test("POST /run refuses ids that break the rule in its body", () =>
  withService({}, async ({ send }) => {
    for (const id of [...HOSTILE_IDS, "", 1, null, ["a"], { toString: "x" }, true]) {
      for (const body of [{ story_id: id }, { story_id: "s", flow: id }]) {
        const response = await send("POST", "/run", body);
        assert.equal(response.status, 400, JSON.stringify(body));
        assert.equal((await response.json()).error.code, "REQUEST_INVALID");
      }
    }
  }));

const BODY_ROUTES: readonly (readonly [string, string])[] = [
  ["POST", "/run"],
  ["POST", "/agent/analyst/execute"],
  ["PUT", "/doc/brief"],
  ["PUT", "/orchestration/status?workflow_id=s"],
];

const HOSTILE_BODIES: readonly (readonly [string, BodyInit | null, Record<string, string>])[] = [
  ["nothing", null, JSON_TYPE],
  ["no JSON", "{", JSON_TYPE],
  ["a number", "1", JSON_TYPE],
  ["null", "null", JSON_TYPE],
  ["a list", "[]", JSON_TYPE],
  ["an empty object", "{}", JSON_TYPE],
  [
    "an unknown key",
    '{"story_id":"s","instruction":"x","content":"x","agent":"a","more":1}',
    JSON_TYPE,
  ],
  ["deep nesting", "[".repeat(200_000), JSON_TYPE],
  ["a deep value", `{"input":${"[".repeat(500)}${"]".repeat(500)},"story_id":"s"}`, JSON_TYPE],
  ["no UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22]), JSON_TYPE],
  ["a prototype", '{"__proto__":{"story_id":"s"}}', JSON_TYPE],
  ["a form", "story_id=s", { "content-type": "application/x-www-form-urlencoded" }],
  ["plain text as a page may send it", '{"story_id":"s"}', { "content-type": "text/plain" }],
  ["a type that begins like JSON", '{"story_id":"s"}', { "content-type": "application/jsonx" }],
  ["no type", new TextEncoder().encode('{"story_id":"s"}'), {}],
];

Deno.test("every route refuses bodies that are not what it asks for, and says why", () =>
  withService({}, async ({ ask }) => {
    for (const [method, path] of BODY_ROUTES) {
      for (const [what, body, headers] of HOSTILE_BODIES) {
        const response = await ask(path, { method, body, headers });
        const { error } = await response.json();
        assert.equal(response.status, 400, `${path} with ${what}: ${JSON.stringify(error)}`);
        assert.equal(error.code, "REQUEST_INVALID");
        assert.ok(error.message.length > 10);
      }
    }
  }));

Deno.test("every route that takes a body stops reading beyond its limit", () =>
  withService({}, async ({ ask }) => {
    const routes = [...BODY_ROUTES, ["PUT", "/memory/shared:team/k"]] as const;
    for (const [method, path] of routes) {
      let sent = 0;
      const endless = new ReadableStream({
        pull(controller) {
          sent += 65_536;
          controller.enqueue(new Uint8Array(65_536).fill(0x20));
        },
      });
      for (const body of [endless, " ".repeat(1_048_577)]) {
        const response = await ask(path, { method, body, headers: JSON_TYPE });
        assert.equal(response.status, 413, path);
        assert.equal((await response.json()).error.code, "BODY_TOO_LARGE");
      }
      assert.ok(sent < 4_000_000, `${path} read ${sent} bytes`);
    }
  }));

Deno.test("PUT /memory takes any JSON, and only JSON", () =>
  withService({}, async ({ ask }) => {
    for (const body of ["", "{", "undefined", "[".repeat(101) + "]".repeat(101), "\u0000"]) {
      const init = { method: "PUT", body, headers: JSON_TYPE };
      const response = await ask("/memory/shared:team/k", init);
      assert.equal(response.status, 400, body.slice(0, 20));
    }
    assert.equal((await ask("/memory/shared:team/k")).status, 404);
  }));

Deno.test("what does not exist is 404 with a code of its own", () =>
  withService({}, async ({ ask, send }) => {
    const answers = [
      [await send("POST", "/run", { story_id: "s", flow: "nope" }), "FLOW_NOT_FOUND"],
      [await ask("/flows/nope/graph"), "FLOW_NOT_FOUND"],
      [await ask("/orchestration/status?workflow_id=s&flow=nope"), "FLOW_NOT_FOUND"],
      [await send("POST", "/agent/nope/execute", { instruction: "x" }), "FLOW_AGENT_NOT_FOUND"],
      [await ask("/agent/nope/ready"), "FLOW_AGENT_NOT_FOUND"],
      [await ask("/doc/nope"), "FLOW_DOC_NOT_FOUND"],
      [await ask("/memory/shared:nope/k"), "FLOW_KEY_NOT_FOUND"],
      [await ask("/memory/shared:nope/k", { method: "DELETE" }), "FLOW_KEY_NOT_FOUND"],
      [await ask("/nope"), "ROUTE_NOT_FOUND"],
      [await ask("/run"), "ROUTE_NOT_FOUND"],
    ] as const;
    for (const [response, code] of answers) {
      assert.equal(response.status, 404, code);
      const body = await response.json();
      assert.deepEqual(Object.keys(body.error), ["code", "message", "details"]);
      assert.equal(body.error.code, code);
    }
  }));

const POST_RUN = (headers: Record<string, string>) => ({
  method: "POST",
  body: '{"story_id":"s"}',
  headers: { ...JSON_TYPE, ...headers },
});

Deno.test("a web page can neither post to the service nor reach it under a name of its own", () =>
  withService({}, async ({ ask }) => {
    const refused: readonly (readonly [Record<string, string>, string])[] = [
      [{ origin: "https://evil.example" }, "ORIGIN_FORBIDDEN"],
      [{ origin: "null" }, "ORIGIN_FORBIDDEN"],
      [{ origin: `${ORIGIN}.evil.example` }, "ORIGIN_FORBIDDEN"],
      [{ "sec-fetch-site": "cross-site" }, "ORIGIN_FORBIDDEN"],
      [{ "sec-fetch-site": "same-site" }, "ORIGIN_FORBIDDEN"],
      [{ host: "evil.example" }, "HOST_FORBIDDEN"],
      [{ host: "127.0.0.1.evil.example:7717" }, "HOST_FORBIDDEN"],
      [{ host: "evil.example@127.0.0.1" }, "HOST_FORBIDDEN"],
    ];
    for (const [headers, code] of refused) {
      const response = await ask("/run", POST_RUN(headers));
      assert.equal(response.status, 403, JSON.stringify(headers));
      assert.equal((await response.json()).error.code, code);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
    const own = { origin: ORIGIN, "sec-fetch-site": "same-origin" };
    assert.equal((await ask("/run", POST_RUN(own))).status, 200);
    assert.equal((await ask("/flows", { headers: { host: "localhost:7717" } })).status, 200);
  }));

Deno.test("pages of origins that the settings name may ask, and only those", () =>
  withService({ runtime: "cors:\n  origins: [https://app.example]\n" }, async ({ ask }) => {
    const named = { origin: "https://app.example", "sec-fetch-site": "cross-site" };
    const preflight = await ask("/run", { method: "OPTIONS", headers: named });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "https://app.example");
    const response = await ask("/run", POST_RUN(named));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example");
    const other = { origin: "https://app.example.evil", "sec-fetch-site": "cross-site" };
    assert.equal((await ask("/run", { method: "OPTIONS", headers: other })).status, 403);
    assert.equal((await ask("/run", POST_RUN(other))).status, 403);
  }));

Deno.test("with FLOWS_TOKEN every route but health asks for it", () =>
  withService({ env: { FLOWS_TOKEN: "a-long-secret" } }, async ({ ask, log }) => {
    for (const path of ["/flows", "/metrics", "/doc", "/openapi.json", "/docs", "/memory/a/b"]) {
      const without = await ask(path);
      assert.equal(without.status, 401, path);
      assert.equal(without.headers.get("www-authenticate"), "Bearer");
      assert.equal((await without.json()).error.code, "AUTH_REQUIRED");
      for (const shown of ["Bearer a-long-secre", "Bearer a-long-secret2", "Basic x", "Bearer"]) {
        assert.equal((await ask(path, { headers: { authorization: shown } })).status, 401, shown);
      }
    }
    for (const path of ["/health", "/health/live", "/health/ready", "/health/startup"]) {
      assert.equal((await ask(path)).status, 200, path);
    }
    const right = { authorization: "Bearer a-long-secret", host: "flows.internal" };
    assert.equal((await ask("/flows", { headers: right })).status, 200);
    assert.doesNotMatch(JSON.stringify(log), /a-long-secre/);
  }));
