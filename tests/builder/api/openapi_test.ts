import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { COMPONENTS } from "../../../builder/api/components.ts";
import { apiViolations } from "../../../builder/api/api_request.ts";
import { ref } from "../../../builder/api/json_schema.ts";
import { openApiDocument } from "../../../builder/api/openapi.ts";
import { pathParameters } from "../../../builder/api/operation.ts";
import { OPERATIONS } from "../../../builder/api/operations.ts";
import edit from "../../../schemas/edit.schema.json" with { type: "json" };
import { withApp } from "../http/app_under_test.ts";

/** The statuses of product.md, 412 for a hash that is not met, and the two that HTTP has for a wrong method and a wrong type. */
const STATUSES = [200, 201, 202, 204, 400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 405, 415];

Deno.test("openapi.json is a valid OpenAPI 3.1 document, for anyone to read", async () => {
  await withApp(async ({ send }) => {
    const answer = await send("/api/v1/openapi.json");
    strictEqual(answer.headers.get("content-type"), "application/json; charset=utf-8");
    const document = await answer.json();
    strictEqual(document.openapi, "3.1.0");
    const result = await new Validator().validate(structuredClone(document));
    deepStrictEqual(result, { valid: true });
    deepStrictEqual(document, JSON.parse(JSON.stringify(openApiDocument())));
  });
});

Deno.test("openapi.json names what it refers to, and no status that the API does not have", () => {
  const text = JSON.stringify(openApiDocument());
  const targets = new Set(
    Array.from(text.matchAll(/"#\/components\/schemas\/([^"/]+)/g), ([, name]) => name),
  );
  deepStrictEqual([...targets].filter((name) => !Object.hasOwn(COMPONENTS, name ?? "")), []);
  const statuses = Array.from(
    text.matchAll(/"(\d{3})":\{"description"/g),
    ([, status]) => Number(status),
  );
  deepStrictEqual([...new Set(statuses)].filter((status) => !STATUSES.includes(status)), []);
  ok(statuses.length > 300);
});

Deno.test("every schema of the API can be compiled and used", () => {
  for (const name of Object.keys(COMPONENTS)) {
    ok(apiViolations(ref(name), { "no such key": 1 }).length > 0, name);
  }
});

Deno.test("Edit: each kind of edit is a component of its name, and is taken by it", () => {
  const kinds = edit.oneOf.map(({ properties }) => properties.kind.const);
  deepStrictEqual(kinds.filter((kind) => !Object.hasOwn(COMPONENTS, kind)), []);
  const good = { kind: "nodes.move", workflowId: "a", positions: { b: { x: 1, y: 2 } } };
  deepStrictEqual(apiViolations(ref("Edit"), good), []);
  ok(apiViolations(ref("Edit"), { ...good, kind: "nodes.fly" }).length > 0);
});

Deno.test("paths are in kebab case and plural; parameters in camel case", () => {
  for (const operation of OPERATIONS) {
    const words = operation.path.replace(/\{[^}]+\}/g, "").split("/").filter(Boolean);
    for (const word of words) match(word, /^[a-z]+(-[a-z]+)*$/, operation.path);
    for (const name of pathParameters(operation)) match(name, /^[a-z][A-Za-z]+$/);
  }
});

Deno.test("the page of the API shows every operation and schema without scripts of its own", async () => {
  await withApp(async ({ send, signedIn }) => {
    const mina = await signedIn("mina");
    for (const answer of [await send("/api/v1/docs"), await mina.get("/api/v1/docs")]) {
      strictEqual(answer.status, 200);
      match(answer.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
      const page = await answer.text();
      for (const { operationId } of OPERATIONS) {
        ok(page.includes(`id="${operationId}"`), operationId);
      }
      for (const name of Object.keys(COMPONENTS)) ok(page.includes(`id="schema-${name}"`), name);
      ok(!/<script>|style="|onclick/.test(page));
      ok(!page.includes("undefined"));
    }
  });
});
