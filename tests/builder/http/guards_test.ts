import { match, ok, strictEqual } from "node:assert/strict";
import { ORIGIN, PASSWORD, withApp } from "./app_under_test.ts";

Deno.test("createApp() answers only under its own names, whatever the port", async () => {
  await withApp(async ({ send }) => {
    const own = ["127.0.0.1:7717", "localhost", "LOCALHOST:80", "[::1]:7717", "crew.example"];
    for (const host of own) {
      strictEqual((await send("/login", { headers: { host } })).status, 200, host);
    }
    const foreign = [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.",
      "localhost:7717@evil.example",
      "10.0.0.1",
      "crew.example.",
      "",
      "127.0.0.1:7717, evil.example",
      "<script>",
    ];
    for (const host of foreign) {
      const answer = await send("/login", { headers: { host } });
      strictEqual(answer.status, 403, host);
      match(await answer.text(), /HOST_FORBIDDEN/);
    }
  });
});

Deno.test("createApp() takes a change from a page of its own only", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    const from: [Record<string, string>, number][] = [
      [{ origin: ORIGIN }, 303],
      [{ origin: ORIGIN, "sec-fetch-site": "same-origin" }, 303],
      [{ origin: "http://evil.example" }, 403],
      [{ origin: "http://127.0.0.1:9999" }, 403],
      [{ origin: `${ORIGIN}.evil.example` }, 403],
      [{ origin: "null" }, 403],
      [{ origin: ORIGIN, "sec-fetch-site": "cross-site" }, 403],
      [{ origin: ORIGIN, "sec-fetch-site": "same-site" }, 403],
      [{ "sec-fetch-site": "none" }, 403],
      [{}, 403],
    ];
    for (const [headers, status] of from) {
      const body = new URLSearchParams({ csrf: mina.csrf, theme: "dark" });
      const answer = await mina.send("/settings/appearance", { method: "POST", body, headers });
      strictEqual(answer.status, status, JSON.stringify(headers));
    }
  });
});

Deno.test("createApp() takes a change with the CSRF token of the very session only", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    const otto = await signedIn("otto");
    const field = async (csrf: string) =>
      (await mina.post("/settings/appearance", { csrf, theme: "dark" })).status;
    strictEqual(await field(mina.csrf), 303);
    for (const wrong of ["", "x", otto.csrf, `${mina.csrf}x`, mina.csrf.slice(1)]) {
      strictEqual(await field(wrong), 403, wrong);
    }
    const header = { "x-csrf-token": mina.csrf };
    strictEqual((await mina.post("/settings/appearance", { csrf: "" }, header)).status, 303);
    const json = { "content-type": "application/json", origin: ORIGIN };
    const body = JSON.stringify({ csrf: mina.csrf });
    const answer = await mina.send("/settings/appearance", { method: "POST", body, headers: json });
    strictEqual(answer.status, 403);
  });
});

/** A body whose length nobody declares. */
function endless(bytes: number): ReadableStream<Uint8Array> {
  const chunk = new Uint8Array(64 << 10).fill(97);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(chunk);
      left -= chunk.length;
    },
  });
}

Deno.test("createApp() refuses bodies over the limit, declared and chunked", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    const type = { "content-type": "application/x-www-form-urlencoded", origin: ORIGIN };
    const post = async (path: string, init: RequestInit) => {
      const headers = { ...type, ...(init.headers as Record<string, string> ?? {}) };
      return await mina.send(path, { method: "POST", ...init, headers });
    };
    const declared = { body: "a=b", headers: { "content-length": String(2 << 20) } };
    for (const init of [declared, { body: endless(2 << 20) }, { body: endless(1 << 30) }]) {
      const answer = await post("/settings/appearance", init);
      strictEqual(answer.status, 413);
      match(await answer.text(), /larger than 1 MiB/);
    }
    strictEqual((await post("/packages/import", { body: endless(60 << 20) })).status, 413);
  });
});

Deno.test("createApp() reads no body of somebody who is not signed in", async () => {
  await withApp(async ({ send }) => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(64 << 10));
      },
    });
    const answer = await send("/packages/import", {
      method: "POST",
      body,
      headers: { origin: ORIGIN, "content-type": "multipart/form-data; boundary=x" },
    });
    strictEqual(answer.status, 303);
    ok(pulled <= 2, `${pulled} chunks were read`);
    await body.cancel().catch(() => {});
  });
});

Deno.test("createApp() sends the security headers with every answer and keeps no page", async () => {
  await withApp(async ({ send, signedIn }) => {
    const mina = await signedIn("mina");
    const answers = [
      await send("/login"),
      await send("/nothing"),
      await send("/packages"),
      await mina.get("/packages"),
      await send("/login", { headers: { host: "evil.example" } }),
      await send("/control/server"),
    ];
    for (const { headers, url } of answers) {
      const policy = headers.get("content-security-policy") ?? "";
      match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/, url);
      ok(!policy.includes("unsafe"), url);
      strictEqual(headers.get("x-content-type-options"), "nosniff");
      strictEqual(headers.get("x-frame-options"), "DENY");
      strictEqual(headers.get("cache-control"), "no-store");
    }
  });
});

Deno.test("createApp() knows nobody by a cookie that it did not make", async () => {
  await withApp(async ({ send, signedIn }) => {
    const mina = await signedIn("mina");
    const [name = "", value = ""] = [...mina.cookies].find(([key]) => key.includes("session")) ??
      [];
    const forged = [
      "",
      "1",
      "' OR 1=1 --",
      value.slice(1),
      `${value}A`,
      value.toUpperCase(),
      `${value.slice(0, -1)}\u0000`,
      "A".repeat(5_000),
      "../../etc/passwd",
    ];
    for (const attempt of forged) {
      const cookie = `${name}=${encodeURI(attempt)}`;
      strictEqual((await send("/packages", { headers: { cookie } })).status, 303, attempt);
    }
    const otherPort = { cookie: `crewagent_session_7718=${value}` };
    strictEqual((await send("/packages", { headers: otherPort })).status, 303);
    const good = { cookie: `other=1; ${name}=${value}` };
    strictEqual((await send("/packages", { headers: good })).status, 200);
    strictEqual(PASSWORD.includes(value), false);
  });
});
