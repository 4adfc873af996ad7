import { match, rejects, strictEqual } from "node:assert/strict";
import { withAccounts } from "../../builder/commands/accounts.ts";
import { findRunningServer } from "../../builder/running_server.ts";
import { type ServeOptions, startServer } from "../../builder/serve.ts";

const PASSWORD = "correct horse";

/** Runs a test with a fresh data folder and the options of a server on any free port. */
async function withFolder(test: (options: ServeOptions) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "crewagent-serve-" });
  const log = () => {};
  try {
    await test({ dataDir, port: 0, hostname: "127.0.0.1", extraHosts: [], log });
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** Asks for the sign-in page with these headers: `fetch` lets nobody choose the Host. */
async function statusLine(port: number, headers: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET /login HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const answer = new Uint8Array(64);
  const count = await connection.read(answer) ?? 0;
  return new TextDecoder().decode(answer.subarray(0, count)).split("\r\n")[0] ?? "";
}

Deno.test("startServer() answers on the link that it gives, and leaves no note behind", async () => {
  await withFolder(async (options) => {
    const server = await startServer(options);
    match(await server.link(), /\/start\?token=/);
    const page = await fetch(await server.link());
    match(await page.text(), /Create your account/);
    const found = await findRunningServer(options.dataDir);
    strictEqual(found?.origin, server.origin);
    await server.close();
    await server.close();
    strictEqual(await findRunningServer(options.dataDir), undefined);
    await rejects(Deno.stat(`${options.dataDir}/server.json`), Deno.errors.NotFound);
  });
});

Deno.test("startServer() says whose port it is, or what is wrong with the address", async () => {
  await withFolder(async (options) => {
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = other.addr;
    await rejects(startServer({ ...options, port }), {
      code: "SERVE_ADDRESS",
      message: new RegExp(`Port ${port} is taken by another program`),
    });
    for (const hostname of ["0.0.0.0", "192.0.2.1", "::"]) {
      await rejects(startServer({ ...options, hostname }), {
        code: "SERVE_ADDRESS",
        message: /there is no account yet[\s\S]*crewagent user add/,
      });
    }
    // Nothing was left open: the folder can be taken again.
    await (await startServer(options)).close();
  });
});

Deno.test("startServer() refuses a second server on the same data folder", async () => {
  await withFolder(async (options) => {
    const server = await startServer(options);
    await rejects(startServer(options), { code: "DATA_FOLDER_BUSY" });
    await server.close();
  });
});

Deno.test("startServer() is reachable from elsewhere once there is an account, under addresses", async () => {
  await withFolder(async (options) => {
    const credentials = { username: "mina", password: PASSWORD };
    await withAccounts(options.dataDir, (accounts) => accounts.add(credentials));
    const server = await startServer({ ...options, hostname: "0.0.0.0" });
    match(server.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    match(await server.link(), /\/open\?token=/);
    const port = Number(new URL(server.origin).port);
    match(await statusLine(port, `Host: 10.1.2.3:${port}\r\n`), / 200 /);
    match(await statusLine(port, `Host: evil.example:${port}\r\n`), / 403 /);
    await server.close();
  });
});

Deno.test("withAccounts() does the same through a running server and without one", async () => {
  await withFolder(async (options) => {
    const add = (username: string) =>
      withAccounts(options.dataDir, (all) => all.add({ username, password: PASSWORD }));
    strictEqual((await add("mina")).role, "owner");
    const server = await startServer(options);
    strictEqual((await add("otto")).role, "member");
    await rejects(add("OTTO"), { code: "ACCOUNT_EXISTS" });
    const names = async () =>
      (await withAccounts(options.dataDir, (all) => all.list())).map(({ username }) => username);
    strictEqual((await names()).join(), "mina,otto");
    const token = await withAccounts(
      options.dataDir,
      (all) => all.createToken({ username: "otto", name: "x" }),
    );
    match(token.token, /^cwa_/);
    await rejects(
      withAccounts(options.dataDir, (all) => all.createToken({ username: "eve", name: "x" })),
      { code: "ACCOUNT_INVALID" },
    );
    await server.close();
    strictEqual((await names()).join(), "mina,otto");
  });
});

Deno.test("findRunningServer() is not misled by a note that a killed server left", async () => {
  await withFolder(async ({ dataDir }) => {
    const stranger = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
      return new Response("hello");
    });
    const origins = [`http://127.0.0.1:${stranger.addr.port}`, "http://127.0.0.1:1", "nonsense"];
    for (const origin of origins) {
      const note = JSON.stringify({ origin, controlToken: "x", pid: 1 });
      await Deno.writeTextFile(`${dataDir}/server.json`, note);
      strictEqual(await findRunningServer(dataDir), undefined, origin);
    }
    await Deno.writeTextFile(`${dataDir}/server.json`, "{");
    strictEqual(await findRunningServer(dataDir), undefined);
    await stranger.shutdown();
  });
});
