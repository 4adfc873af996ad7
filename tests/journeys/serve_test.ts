// The server as people start it: without a word, a second time, with accounts made beside it.

import { match, ok, strictEqual } from "node:assert/strict";
import { journey, runBinary, startBinary, type StartedBinary } from "./binary.ts";

/** Reads what the program prints until it matches; rejects if it ends before. */
async function printed({ process }: StartedBinary, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  const reader = process.stdout.getReader();
  let text = "";
  while (!pattern.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The program ended with only this:\n${text}`);
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return text;
}

const LINK = /http:\/\/127\.0\.0\.1:\d+\/(start|open)\?token=[\w-]+(?=\n)/;

async function withHome(test: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "crewagent-home-" });
  try {
    await test(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

journey("serve prints a link to the first start, and Ctrl-C ends it cleanly", async () => {
  await withHome(async (home) => {
    const server = await startBinary(["serve", "--port", "0"], { home });
    const text = await printed(server, /Ctrl-C ends it/);
    const page = await fetch(LINK.exec(text)?.[0] ?? "");
    strictEqual(page.status, 200);
    match(await page.text(), /Create your account/);
    server.process.kill("SIGINT");
    strictEqual((await server.finished()).exitCode, 0);
  });
});

journey("a second serve on the same data folder leads to the first", async () => {
  await withHome(async (home) => {
    const first = await startBinary(["serve", "--port", "0"], { home });
    const text = await printed(first, /Ctrl-C ends it/);
    const second = await runBinary(["serve", "--port", "0"], { home });
    strictEqual(second.exitCode, 0);
    match(second.stdout, /already runs on this data folder/);
    const { origin } = new URL(LINK.exec(text)?.[0] ?? "");
    ok(second.stdout.includes(origin));
    first.process.kill("SIGINT");
    await first.finished();
  });
});

journey("user and token work through the running server and without one", async () => {
  await withHome(async (home) => {
    const stdin = "correct horse\n";
    const added = await runBinary(["user", "add", "mina"], { home, stdin });
    match(added.stdout, /^Added mina {2}owner/);
    const server = await startBinary(["serve", "--port", "0"], { home });
    const text = await printed(server, /Ctrl-C ends it/);
    match(LINK.exec(text)?.[0] ?? "", /\/open\?token=/);
    const otto = await runBinary(["user", "add", "otto"], { home, stdin });
    match(otto.stdout, /^Added otto {2}member/);
    const short = await runBinary(["user", "add", "kim"], { home, stdin: "short\n" });
    strictEqual(short.exitCode, 3);
    match(short.stderr, /ACCOUNT_INVALID/);
    match((await runBinary(["token", "create"], { home })).stdout, /^cwa_[\w-]+\n$/);
    match((await runBinary(["user", "list"], { home })).stdout, /^mina[\s\S]*\notto/);
    server.process.kill("SIGTERM");
    strictEqual((await server.finished()).exitCode, 0);
    match((await runBinary(["user", "list"], { home })).stdout, /^mina[\s\S]*\notto/);
  });
});

journey("serve says when the port is another program's", async () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  const { exitCode, stderr } = await runBinary(["serve", "--port", String(port)]);
  strictEqual(exitCode, 4);
  match(stderr, /SERVE_ADDRESS[\s\S]*--port N/);
});

journey("serve --flows answers for the flows beside the builder", async () => {
  await withHome(async (home) => {
    const flows = new URL("../../examples/parallel-review", import.meta.url).pathname;
    const server = await startBinary(["serve", "--port", "0", "--flows", flows], { home });
    const text = await printed(server, /Ctrl-C ends it/);
    const { origin } = new URL(LINK.exec(text)?.[0] ?? "");
    const listed = await (await fetch(`${origin}/flows`)).json();
    ok(JSON.stringify(listed).includes("summarizer"));
    const builder = await fetch(`${origin}/login`);
    match(await builder.text(), /<title>/);
    server.process.kill("SIGINT");
    strictEqual((await server.finished()).exitCode, 0);
  });
});
