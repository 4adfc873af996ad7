import { match, ok, strictEqual } from "node:assert/strict";
import { AppError } from "../../../schemas/error.ts";
import { type AppUnderTest, ORIGIN, withApp } from "./app_under_test.ts";

/** Makes the list of packages fail, as a broken disk would. */
function breakList({ store }: AppUnderTest, failure: unknown): void {
  Object.assign(store.packages, { list: () => Promise.reject(failure) });
}

Deno.test("an unknown error is shown without detail and logged with cause and request id", async () => {
  await withApp(async (app) => {
    const mina = await app.signedIn("mina");
    breakList(app, new Error("secret-42", { cause: new Error("cause-43") }));
    const answer = await mina.get("/packages?search=private");
    strictEqual(answer.status, 500);
    const page = await answer.text();
    ok(!page.includes("secret-42"));
    const requestId = /INTERNAL · request ([0-9a-f]{8})/.exec(page)?.[1] ?? "none";
    const line = app.log.find((text) => text.includes(requestId)) ?? "";
    match(line, /GET \/packages failed: Error: secret-42[\s\S]*cause-43/);
    ok(!line.includes("private"));
  });
});

Deno.test("an error is a page, a toast for htmx, or JSON, as the client asks", async () => {
  await withApp(async (app) => {
    const mina = await app.signedIn("mina");
    breakList(app, new AppError("EDIT_CONFLICT", "Somebody <b>else</b> was faster"));
    const page = await mina.get("/packages");
    match(await page.text(), /^<!doctype html>[\s\S]*&lt;b&gt;else/);
    const toast = await mina.get("/packages", { "hx-request": "true" });
    strictEqual(toast.status, 409);
    strictEqual(toast.headers.get("hx-retarget"), "#toasts");
    match(await toast.text(), /^<div class="toast error" role="alert"/);
    const json = await mina.get("/packages", { accept: "application/json" });
    strictEqual(json.status, 409);
    strictEqual(
      await json.text(),
      '{"data":null,"error":{"code":"EDIT_CONFLICT","message":"Somebody <b>else</b> was faster","details":null}}',
    );
  });
});

Deno.test("who has to sign in is led there, also by htmx, and told so as JSON", async () => {
  await withApp(async ({ send }) => {
    const fragment = await send("/packages", { headers: { "hx-request": "true" } });
    strictEqual(fragment.headers.get("hx-redirect"), "/login");
    const json = await send("/packages", { headers: { accept: "application/json" } });
    strictEqual(json.status, 401);
    match(await json.text(), /AUTH_REQUIRED/);
    const change = await send("/packages", { method: "POST", headers: { origin: ORIGIN } });
    strictEqual(change.headers.get("location"), "/login");
  });
});

Deno.test("what is not in the route table is not found, in every method", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"]) {
      const init = { method, headers: { origin: ORIGIN } };
      strictEqual((await mina.send("/nothing", init)).status, 404, method);
    }
    strictEqual((await mina.send("/packages", { method: "DELETE" })).status, 404);
    strictEqual((await mina.send("/packages", { method: "HEAD" })).status, 200);
  });
});
