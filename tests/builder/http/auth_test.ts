import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ownPath } from "../../../builder/http/form_fields.ts";
import { PASSWORD, withApp } from "./app_under_test.ts";

Deno.test("first start: the link makes the owner's account once, and a fault does not use it up", async () => {
  await withApp(async ({ store, browser }) => {
    const { token } = await store.oneTimeTokens.create("first-start", null);
    const visitor = browser();
    match(await (await visitor.get(`/start?token=${token}`)).text(), /Create your account/);
    const weak = await visitor.post("/start", { token, username: "mina", password: "short" });
    strictEqual(weak.status, 422);
    match(await weak.text(), /it needs 8 or more[\s\S]*name="username" value="mina"/);
    const made = await visitor.post("/start", { token, username: "mina", password: PASSWORD });
    strictEqual(made.headers.get("location"), "/packages");
    strictEqual((await visitor.get("/packages")).status, 200);
    strictEqual((await store.users.list())[0]?.role, "owner");
    const other = browser();
    strictEqual((await other.get(`/start?token=${token}`)).status, 401);
    const again = await other.post("/start", { token, username: "eve", password: PASSWORD });
    strictEqual(again.status, 401);
    strictEqual(await store.users.count(), 1);
  });
});

Deno.test("first start: without the link nobody makes an account", async () => {
  await withApp(async ({ store, browser }) => {
    await store.oneTimeTokens.create("first-start", null);
    const visitor = browser();
    for (const token of ["", "x", "A".repeat(43), "null"]) {
      strictEqual((await visitor.get(`/start?token=${token}`)).status, 401, token);
      const fields = { token, username: "eve", password: PASSWORD };
      strictEqual((await visitor.post("/start", fields)).status, 401, token);
    }
    strictEqual(await store.users.count(), 0);
    match(await (await visitor.get("/login")).text(), /No account yet/);
  });
});

Deno.test("sign in: a wrong name and a wrong password get the same answer", async () => {
  await withApp(async ({ signedIn, browser }) => {
    await signedIn("mina");
    const answerTo = async (username: string) => {
      const visitor = browser();
      await visitor.get("/login");
      const answer = await visitor.post("/login", { username, password: "wrong horse" });
      const page = (await answer.text()).replaceAll(username, "NAME").replaceAll(visitor.csrf, "");
      return `${answer.status}\n${page}`;
    };
    const known = await answerTo("mina");
    strictEqual(await answerTo("nobody"), known);
    match(known, /^401/);
  });
});

Deno.test("sign in: guessing is stopped, with the time to wait", async () => {
  await withApp(async ({ signedIn, browser }) => {
    await signedIn("mina");
    const visitor = browser();
    await visitor.get("/login");
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const fields = { username: "mina", password: `wrong ${attempt}` };
      statuses.push((await visitor.post("/login", fields)).status);
    }
    strictEqual(statuses[0], 401);
    strictEqual(statuses.at(-1), 429);
    const right = await visitor.post("/login", { username: "mina", password: PASSWORD });
    strictEqual(right.status, 429);
    ok(Number(right.headers.get("retry-after")) > 0);
  });
});

Deno.test("sign in: leads on to the page that was asked for, if it is one of ours", async () => {
  await withApp(async ({ store, browser }) => {
    await store.users.createOwner({ username: "mina", password: PASSWORD });
    const visitor = browser();
    const form = await (await visitor.get("/login?next=//evil.example")).text();
    match(form, /name="next" value="\/packages"/);
    const next = "/packages/new?template=x";
    const answer = await visitor.post("/login", { next, username: "mina", password: PASSWORD });
    strictEqual(answer.headers.get("location"), next);
  });
});

Deno.test("ownPath() keeps paths of this server and nothing else", () => {
  strictEqual(ownPath("/packages/new?template=x"), "/packages/new?template=x");
  const foreign = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/a\r\nset-cookie: x=y",
    "packages",
    "",
  ];
  for (const path of foreign) strictEqual(ownPath(path), "/packages", path);
  strictEqual(ownPath("/x/../../settings"), "/settings");
});

Deno.test("sign in: whoever asks for a page is led there afterwards", async () => {
  await withApp(async ({ send }) => {
    const answer = await send("/packages?search=a b");
    strictEqual(answer.headers.get("location"), "/login?next=%2Fpackages%3Fsearch%3Da%2520b");
  });
});

Deno.test("sign out: ends the session in the store, not only in the browser", async () => {
  await withApp(async ({ signedIn, send }) => {
    const mina = await signedIn("mina");
    const cookie = [...mina.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    strictEqual((await mina.post("/logout")).headers.get("location"), "/login");
    strictEqual((await send("/packages", { headers: { cookie } })).status, 303);
  });
});

Deno.test("one-time link: signs the owner in once", async () => {
  await withApp(async ({ store, signedIn, browser }) => {
    await signedIn("mina");
    const owner = await store.users.findByName("mina");
    const { token } = await store.oneTimeTokens.create("login", owner?.userId ?? "");
    const visitor = browser();
    const answer = await visitor.get(`/open?token=${token}`);
    strictEqual(answer.status, 200);
    match(await answer.text(), /http-equiv="refresh" content="0; url=\/packages"/);
    strictEqual((await visitor.get("/packages")).status, 200);
    const second = browser();
    strictEqual((await second.get(`/open?token=${token}`)).status, 401);
    strictEqual((await second.get("/packages")).status, 303);
  });
});

Deno.test("one-time link: one purpose is not good for another", async () => {
  await withApp(async ({ store, browser }) => {
    const { token } = await store.oneTimeTokens.create("first-start", null);
    strictEqual((await browser().get(`/open?token=${token}`)).status, 401);
    strictEqual((await browser().get(`/start?token=${token}`)).status, 200);
  });
});

Deno.test("change of password: needs the old one, signs other browsers out and keeps this one", async () => {
  await withApp(async ({ signedIn }) => {
    const here = await signedIn("mina");
    const there = await signedIn("mina");
    const wrong = await here.post("/settings/password", { current: "no", next: "another horse" });
    strictEqual(wrong.status, 401);
    const fields = { current: PASSWORD, next: "another horse" };
    strictEqual((await here.post("/settings/password", fields)).status, 200);
    strictEqual((await here.get("/packages")).status, 200);
    strictEqual((await there.get("/packages")).status, 303);
  });
});

Deno.test("accounts: a member sees none of them; a shut one is out at once", async () => {
  await withApp(async ({ store, signedIn }) => {
    const mina = await signedIn("mina");
    const otto = await signedIn("otto");
    strictEqual((await otto.get("/settings/accounts")).status, 403);
    const ottoId = (await store.users.findByName("otto"))?.userId ?? "";
    strictEqual((await otto.post(`/settings/accounts/${ottoId}/shut`)).status, 403);
    strictEqual((await mina.post(`/settings/accounts/${ottoId}/shut`)).status, 303);
    strictEqual((await otto.get("/packages")).status, 303);
    match(await (await mina.get("/settings/accounts")).text(), /Open again/);
    const minaId = (await store.users.findByName("mina"))?.userId ?? "";
    notStrictEqual((await mina.post(`/settings/accounts/${minaId}/shut`)).status, 303);
  });
});

Deno.test("API tokens: shown once, and gone when revoked", async () => {
  await withApp(async ({ store, signedIn }) => {
    const mina = await signedIn("mina");
    const page = await (await mina.post("/settings/tokens", { name: "nightly" })).text();
    const token = /cwa_[A-Za-z0-9_-]+/.exec(page)?.[0] ?? "";
    strictEqual((await store.apiTokens.authenticate(token))?.username, "mina");
    const later = await (await mina.get("/settings/tokens")).text();
    ok(!later.includes(token));
    const action = /\/settings\/tokens\/([^"/]+)\/revoke/.exec(later)?.[0] ?? "";
    match(await (await mina.post(action)).text(), /no longer works/);
    strictEqual(await store.apiTokens.authenticate(token), undefined);
  });
});
