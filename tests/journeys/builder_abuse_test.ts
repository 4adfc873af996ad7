// What others may try with the builder's server: the executable, over sockets of their own. Not here:
// what the routes answer to whom, which `tests/builder/http/` tells in process.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { ROUTES } from "../../builder/app.ts";
import type { Route } from "../../builder/http/route.ts";
import { PASSWORD } from "../builder/http/app_under_test.ts";
import { buildZip } from "../runtime/package/zip_builder.ts";
import { journey, runBinary } from "./binary.ts";
import {
  type BuilderClient,
  newClient,
  sendRaw,
  signInClient,
  signUpClient,
  status,
  text,
} from "./builder_client.ts";
import { newPackage } from "./screens.ts";
import { type BuilderProcess, startBuilder, withHome } from "./builder_process.ts";

/** A server with its owner signed in, and a package of theirs. */
interface Target {
  readonly server: BuilderProcess;
  readonly client: BuilderClient;
  readonly packageId: string;
}

const attacks: { readonly name: string; readonly test: (target: Target) => Promise<void> }[] = [];

function attack(name: string, test: (target: Target) => Promise<void>): void {
  attacks.push({ name, test });
}

function cookieOf({ cookies }: BuilderClient): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/** A request as text, whose headers nothing else touches. */
function rawRequest(line: string, headers: readonly string[], body = ""): string {
  return [`${line} HTTP/1.1`, ...headers, "connection: close", "", body].join("\r\n");
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0);
}

attack("a foreign Host gets nothing, on any route", async ({ server, client }) => {
  const cookie = `cookie: ${cookieOf(client)}`;
  const { port } = new URL(server.origin);
  const hosts = [
    "evil.example",
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `127.0.0.1@evil.example`,
    `evil.example\\127.0.0.1`,
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "127.0.0.1 evil.example",
  ];
  for (const host of hosts) {
    for (const path of ["/", "/packages", "/login", "/static/x/app.css", "/api/v1/auth/me"]) {
      const answer = await sendRaw(
        server.origin,
        rawRequest(`GET ${path}`, [`host: ${host}`, cookie]),
      );
      assert.ok([400, 403].includes(statusOf(answer)), `${host} ${path}: ${answer.slice(0, 200)}`);
      assert.doesNotMatch(answer, /Target|mina/);
    }
  }
});

/** Routes that a browser changes something by: what a page of another site would aim at. */
const CHANGES = ROUTES.filter(({ method, path, access }) =>
  method !== "GET" && access !== "control" && !path.startsWith("/api/")
);

const filled = (path: string, value: string) => path.replace(/:\w+(\{[^}]*\})?|\*/g, value);

attack("no change is made for another site, nor without the token of the page", async (target) => {
  const { client, packageId } = target;
  const forged: readonly Record<string, string>[] = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: `${client.origin}.evil.example` },
    { origin: client.origin.replace("127.0.0.1", "localhost") },
    { "sec-fetch-site": "same-site", origin: client.origin },
    {},
  ];
  for (const route of CHANGES) {
    const path = filled(route.path, packageId);
    for (const headers of forged) {
      const body = new URLSearchParams({ csrf: client.csrf, name: "Stolen" });
      const answer = client.send(path, { method: "POST", headers, body });
      assert.equal(await status(answer), 403, `${path} ${JSON.stringify(headers)}`);
    }
    for (const csrf of ["", "x", client.csrf.slice(1), `${client.csrf}A`]) {
      const answer = client.send(path, {
        method: "POST",
        headers: { origin: client.origin, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ csrf, name: "Stolen" }),
      });
      assert.equal(await status(answer), 403, `${path} csrf="${csrf}"`);
    }
  }
  assert.match(await text(client.get("/packages")), /Target/);
});

/** What a parameter of a path may be made to say. */
const TRICKS = [
  "..",
  "%2e%2e",
  "..%2f..%2f..%2f..%2fetc%2fpasswd",
  "..%5c..%5cetc%5cpasswd",
  "%00",
  "%c0%ae%c0%ae",
  "%E0%A4%A",
  "%ff%fe",
  "__proto__",
  "%27%20OR%201=1--",
  "%0d%0aset-cookie:x=y",
  "a".repeat(2_000),
  "%F0%9F%98%80",
];

/** Each parameter of a route in turn says each trick; the others name what is there. */
function trickedPaths({ path }: Route, packageId: string): string[] {
  const names = path.match(/:\w+(\{[^}]*\})?|\*/g) ?? [];
  return names.flatMap((name) =>
    TRICKS.map((trick) =>
      path.replace(name, () => trick).replace(/:packageId/, packageId)
        .replace(/:\w+(\{[^}]*\})?|\*/g, "main")
    )
  );
}

attack("a path in a parameter leads nowhere, on any route", async (target) => {
  const { server, client, packageId } = target;
  const headers = [
    `host: ${new URL(server.origin).host}`,
    `cookie: ${cookieOf(client)}`,
    `origin: ${server.origin}`,
    "sec-fetch-site: same-origin",
    `x-csrf-token: ${client.csrf}`,
    "accept: application/json",
    "content-type: application/json",
    "content-length: 2",
  ];
  const routes = ROUTES.filter(({ access, path }) => access !== "control" && /[:*]/.test(path));
  for (const route of routes) {
    for (const path of trickedPaths(route, packageId)) {
      const answer = await sendRaw(
        server.origin,
        rawRequest(`${route.method} ${path}`, headers, "{}"),
      );
      const [head = ""] = answer.split("\r\n\r\n", 1);
      const said = `${route.method} ${path}: ${answer.slice(0, 400)}`;
      assert.ok(statusOf(answer) >= 200 && statusOf(answer) < 500, said);
      assert.doesNotMatch(answer, /root:.*:0:0:|^set-cookie: x=y/mi, said);
      assert.doesNotMatch(head, /^x=y/m, said);
    }
  }
});

attack(
  "bodies that are too large, cut off or lie about their length are refused",
  async (target) => {
    const { server, client, packageId } = target;
    const start = [
      `host: ${new URL(server.origin).host}`,
      `cookie: ${cookieOf(client)}`,
      `origin: ${server.origin}`,
      `x-csrf-token: ${client.csrf}`,
      "content-type: application/json",
    ];
    const path = `/packages/${packageId}/edits`;
    const ask = (headers: readonly string[], body = "") =>
      sendRaw(server.origin, rawRequest(`POST ${path}`, [...start, ...headers], body));
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;

    assert.equal(statusOf(await ask([`content-length: ${5 << 20}`])), 413);
    assert.equal(statusOf(await ask(["transfer-encoding: chunked"], chunk.repeat(80))), 413);
    assert.equal(statusOf(await ask(["content-length: 99999999999999999999"])), 400);
    assert.equal(statusOf(await ask(["content-length: -1"])), 400);
    assert.equal(statusOf(await ask(["transfer-encoding: chunked"], "zz\r\nno hex\r\n")), 400);
    const both = await ask(
      ["content-length: 2", "transfer-encoding: chunked"],
      "2\r\n{}\r\n0\r\n\r\n",
    );
    assert.ok(statusOf(both) >= 400 && statusOf(both) < 500, both.slice(0, 300));
    const deep = `{"baseRevision":0,"edit":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    assert.ok([400, 422].includes(statusOf(await ask([`content-length: ${deep.length}`], deep))));
    const many = Array.from({ length: 20_000 }, (_, index) => `x-${index}: ${"y".repeat(50)}`);
    assert.ok([0, 400, 431].includes(statusOf(await ask(many))));
    assert.match(await text(client.get("/packages")), /Target/);
  },
);

const HOSTILE_ARCHIVES: Readonly<Record<string, Uint8Array>> = {
  "out of the folder": buildZip([{ name: "../../evil.md", content: "x" }]),
  "absolute": buildZip([{ name: "/etc/evil.md", content: "x" }]),
  "a drive": buildZip([{ name: "C:\\evil.md", content: "x" }]),
  "a link": buildZip([{ name: "bmad.json", content: "/etc/passwd", unixMode: 0o120777 }]),
  "twice the same": buildZip([
    { name: "bmad.json", content: "{}" },
    { name: "BMAD.JSON", content: "{}" },
  ]),
  "a bomb": buildZip([{ name: "bmad.json", content: "0".repeat(30 << 20), method: 8 }]),
  "a lie about its size": buildZip([{
    name: "bmad.json",
    content: "0".repeat(1 << 20),
    method: 8,
    unpackedBytes: 5,
  }]),
  "many entries": buildZip(
    Array.from({ length: 12_000 }, (_, index) => ({ name: `${index}.md`, content: "" })),
  ),
  "a script for a name": buildZip([{
    name: "bmad.json",
    content: '{"name":"<script>alert(1)</script>"}',
  }]),
  "deep JSON": buildZip([{ name: "bmad.json", content: "[".repeat(200_000), method: 8 }]),
  "no archive": new TextEncoder().encode("PK\u0003\u0004 and nothing more"),
  "empty": new Uint8Array(),
};

const cardsOf = (page: string) => page.match(/class="card"/g)?.length;

attack(
  "a hostile archive is refused with reasons, and leaves nothing",
  async ({ client, server }) => {
    const before = cardsOf(await text(client.get("/packages")));
    for (const [what, bytes] of Object.entries(HOSTILE_ARCHIVES)) {
      const file = new File([bytes as Uint8Array<ArrayBuffer>], "hostile.bmad");
      const answer = await client.post("/packages/import", { file });
      const page = await answer.text();
      assert.ok([413, 422].includes(answer.status), `${what}: ${answer.status}`);
      assert.match(page, /was not imported/, what);
      assert.doesNotMatch(page, /<script>alert/, what);
    }
    assert.equal(cardsOf(await text(client.get("/packages"))), before);
    await assert.rejects(Deno.stat(`${server.home}/../evil.md`));
  },
);

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

attack("forged, expired and unsigned tokens open nothing", async ({ server }) => {
  const login = await fetch(`${server.origin}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "mina", password: PASSWORD }),
  });
  const { data } = await login.json();
  const good: string = data.accessToken ?? data.token;
  const me = (token: string) =>
    status(fetch(`${server.origin}/api/v1/auth/me`, {
      headers: { authorization: `Bearer ${token}` },
    }));
  assert.equal(await me(good), 200);

  const [head = "", body = "", signature = ""] = good.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const sign = (header: unknown, payload: unknown, key = "secret") => {
    const start = `${base64(header)}.${base64(payload)}`;
    return `${start}.${createHmac("sha256", key).update(start).digest("base64url")}`;
  };
  const none = { alg: "none", typ: "JWT" };
  const forged = [
    `${base64(none)}.${body}.`,
    `${base64(none)}.${body}.${signature}`,
    `${base64({ alg: "NONE", typ: "JWT" })}.${body}.`,
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}.${base64({ ...claims, exp: claims.exp + 9_999 })}.${signature}`,
    `${head}.${body}.${signature.slice(0, -2)}AA`,
    sign({ alg: "HS256", typ: "JWT" }, claims),
    sign({ alg: "HS256", typ: "JWT" }, claims, ""),
    sign({ alg: "HS256", typ: "JWT", kid: "../../dev/null" }, claims, ""),
    sign({ alg: "HS256", typ: "JWT", jwk: { kty: "oct", k: "c2VjcmV0" } }, claims),
    "..",
    "cwa_",
    `cwa_${"A".repeat(43)}`,
    "a".repeat(7_000),
  ];
  for (const token of forged) assert.equal(await me(token), 401, token.slice(0, 80));
});

attack("nobody learns by the answers which accounts there are", async ({ server }) => {
  const answers: string[] = [];
  for (const username of ["mina", "nobody"]) {
    const client = newClient(server.origin);
    await text(client.get("/login"));
    const answer = await client.post("/login", { username, password: "wrong horse", next: "" });
    answers.push(`${answer.status} ${(await answer.text()).replaceAll(username, "NAME")}`);
  }
  const withoutTokens = answers.map((page) => page.replace(/[\w-]{43}/g, ""));
  assert.equal(withoutTokens[0], withoutTokens[1]);
});

attack("a foreign account finds nothing of a package", async ({ server, packageId }) => {
  const { exitCode } = await runBinary(["user", "add", "otto"], {
    home: server.home,
    stdin: `${PASSWORD}\n`,
  });
  assert.equal(exitCode, 0);
  const otto = await signInClient(server.origin, "otto");
  const routes = ROUTES.filter(({ path }) => path.includes(":packageId"));
  for (const { method, path } of routes) {
    const answer = otto.send(filled(path.replace(":packageId", packageId), "main"), {
      method,
      headers: {
        origin: otto.origin,
        "sec-fetch-site": "same-origin",
        "x-csrf-token": otto.csrf,
        "content-type": "application/json",
        "accept": "application/json",
      },
      ...(method !== "GET" && { body: '{"baseRevision":0,"edit":{}}' }),
    });
    const said = await (await answer).text();
    assert.ok([400, 404, 415, 422].includes((await answer).status), `${method} ${path}: ${said}`);
    assert.doesNotMatch(said, /Target|hello-branch|Ask for a wish/, `${method} ${path}`);
  }
});

attack("hundreds of open streams hold up nobody", async ({ client, packageId }) => {
  const path = `/packages/${packageId}/events`;
  const headers = { "sec-fetch-site": "same-origin" };
  const streams = await Promise.all(
    Array.from({ length: 300 }, () => client.send(path, { headers })),
  );
  assert.ok(streams.every(({ status }) => status === 200));
  const edit = { kind: "nodes.move", workflowId: "main", positions: { choose: { x: 1, y: 2 } } };
  const answer = await client.postJson(`/packages/${packageId}/edits`, { baseRevision: 0, edit });
  assert.equal(await status(Promise.resolve(answer)), 200);
  await Promise.all(streams.map(({ body }) => body?.cancel()));
});

attack("of edits that two make at once none is lost", async ({ server, client, packageId }) => {
  const other = await signInClient(server.origin, "mina");
  const add = async (who: BuilderClient, name: string) => {
    const kept: string[] = [];
    for (let round = 0; round < 20; round++) {
      const title = `${name} ${round}`;
      const edit = {
        kind: "node.add",
        workflowId: "main",
        type: "step",
        title,
        at: { x: 9, y: 9 },
      };
      const answer = await who.postJson(`/packages/${packageId}/edits`, { baseRevision: 0, edit });
      assert.equal(answer.status, 200, await answer.clone().text());
      await answer.body?.cancel();
      kept.push(title);
    }
    return kept;
  };
  const titles = (await Promise.all([add(client, "one"), add(other, "two")])).flat();
  const page = await text(client.get(`/packages/${packageId}/workflows/main`));
  assert.deepEqual(titles.filter((title) => !page.includes(`data-title="${title}"`)), []);
});

journey("the builder withstands what others may send", async (context) => {
  await withHome(async (home) => {
    const server = await startBuilder({ home });
    const client = await signUpClient(server);
    for (const [index, { name, test }] of attacks.entries()) {
      await context.step(name, async () => {
        const packageId = await newPackage(client, `Target ${index}`, "hello-branch");
        await test({ server, client, packageId });
        // Whatever came, it still serves.
        assert.equal(await status(client.get(`/packages/${packageId}`)), 200);
      });
    }
    assert.equal(await server.stop(), 0);
  });
});
