import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { main } from "../../../main.ts";
import { inTemporaryFolder, type Output, outputOf } from "./output.ts";

/** Runs `crewagent mcp …` as the command line does, with a data folder in `dir`. */
async function mcp(dir: string, ...args: readonly string[]): Promise<Output> {
  const failures: string[] = [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const all = ["mcp", ...args.slice(0, end), "--data", join(dir, "data"), ...args.slice(end)];
  const screen = {
    out: (line: string) => console.log(line),
    err: (line: string) => void failures.push(line),
    colour: false,
    debug: false,
  };
  const output = await outputOf({ help: "", run: () => main(all, screen) }, []);
  return { ...output, err: [output.err, ...failures].filter((text) => text !== "").join("\n") };
}

async function saved(dir: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(join(dir, "data", "mcp.json")));
}

Deno.test("mcp add writes a server that mcp list shows, without what its environment holds", async () => {
  await inTemporaryFolder(async (dir) => {
    const added = await mcp(
      dir,
      ...["add", "git", "--env", "TOKEN=s3cret=x", "--env", "EMPTY=", "--timeout", "30"],
      ...["--cwd", dir, "--", "uvx", "--help", "--json", "a b"],
    );
    const { out } = await mcp(dir, "list");
    const json = await mcp(dir, "list", "--json");

    strictEqual(added.exitCode, 0, added.err);
    deepStrictEqual(await saved(dir), {
      mcpServers: {
        git: {
          command: "uvx",
          args: ["--help", "--json", "a b"],
          env: { TOKEN: "s3cret=x", EMPTY: "" },
          cwd: dir,
          timeout: 30,
        },
      },
    });
    match(out, /^git {2}enabled +uvx --help --json 'a b' {2}env TOKEN, EMPTY {2}in .* {2}30 s$/);
    deepStrictEqual(JSON.parse(json.out)[0].env, ["TOKEN", "EMPTY"]);
    ok(!`${added.out}${out}${json.out}`.includes("s3cret"));
  });
});

/** [arguments, exit code, words of the message] */
const WRONG: readonly (readonly [readonly string[], number, RegExp])[] = [
  [["fly"], 2, /"fly" is no action/],
  [["list", "x"], 2, /"x" is one argument too many/],
  [["add"], 2, /NAME is missing/],
  [["add", "git"], 2, /command of the server is missing/],
  [["add", "git", "--"], 2, /command of the server is missing/],
  [["add", "git", "uvx"], 2, /"uvx" is one argument too many/],
  [["add", "git", "-y"], 2, /-y/],
  [["add", "a b", "--", "uvx"], 3, /"a b" needs another name.*"a-b"/],
  [["add", "git", "--env", "TOKEN", "--", "uvx"], 2, /"TOKEN".*NAME=VALUE/],
  [["add", "git", "--env", "=x", "--", "uvx"], 2, /NAME=VALUE/],
  [["add", "git", "--timeout", "0", "--", "uvx"], 2, /from 1 to 3600/],
  [["add", "git", "--timeout", "1e3", "--", "uvx"], 2, /from 1 to 3600/],
  [["add", "git", "--cwd", "no-such-folder", "--", "uvx"], 2, /no folder/],
  [["add", "git", "--", "uv\u0000x"], 3, /"command"/],
  [["add", "git", "--no-network", "--no-sandbox", "--", "uvx"], 2, /--no-network goes with/],
  [["import"], 2, /FILE is missing/],
  [["import", "no-such-file"], 3, /"no-such-file" cannot be read/],
  [["remove", "git"], 3, /no MCP server "git"/],
  [["enable", "git"], 3, /no MCP server "git"/],
  [["disable", "git"], 3, /no MCP server "git"/],
  [["test", "git"], 3, /no MCP server "git"/],
];

for (const [args, exitCode, says] of WRONG) {
  Deno.test(`mcp ${JSON.stringify(args)} ends with exit code ${exitCode} and saves nothing`, async () => {
    await inTemporaryFolder(async (dir) => {
      const output = await mcp(dir, ...args);

      strictEqual(output.exitCode, exitCode);
      match(output.err, says);
      deepStrictEqual(await mcp(dir, "list", "--json").then(({ out }) => out), "[]");
    });
  });
}

Deno.test("mcp add writes the switches of a server, and mcp list shows them", async () => {
  await inTemporaryFolder(async (dir) => {
    const open = await mcp(dir, "add", "open", "--no-sandbox", "--", "uvx");
    await mcp(dir, "add", "shut", "--no-network", "--", "uvx");
    const { out } = await mcp(dir, "list");

    deepStrictEqual(await saved(dir), {
      mcpServers: {
        open: { command: "uvx", sandbox: "off" },
        shut: { command: "uvx", network: false },
      },
    });
    match(open.err, /open runs with all your rights/);
    match(out, /^open .* NO SANDBOX\nshut .* no network$/);
  });
});

Deno.test("mcp add replaces a server only when told", async () => {
  await inTemporaryFolder(async (dir) => {
    await mcp(dir, "add", "git", "--", "one");
    const refused = await mcp(dir, "add", "git", "--", "two");
    const before = await saved(dir);
    await mcp(dir, "add", "git", "--replace", "--", "two");

    strictEqual(refused.exitCode, 2);
    match(refused.err, /"git" already.*--replace/);
    deepStrictEqual(before, { mcpServers: { git: { command: "one" } } });
    deepStrictEqual(await saved(dir), { mcpServers: { git: { command: "two" } } });
  });
});

Deno.test("mcp disable, enable and remove keep what else the file has", async () => {
  await inTemporaryFolder(async (dir) => {
    const git = { command: "uvx", alwaysAllow: ["log"] };
    await Deno.mkdir(join(dir, "data"));
    await Deno.writeTextFile(
      join(dir, "data", "mcp.json"),
      JSON.stringify({ note: "mine", mcpServers: { git: { ...git, enabled: true }, b: git } }),
    );
    await mcp(dir, "disable", "git");
    const disabled = await saved(dir);
    const listed = await mcp(dir, "list");
    await mcp(dir, "enable", "git");
    const enabled = await saved(dir);
    await mcp(dir, "remove", "b");

    const off = { ...git, disabled: true };
    deepStrictEqual(disabled, { note: "mine", mcpServers: { git: off, b: git } });
    match(listed.out, /^git {2}disabled/);
    deepStrictEqual(enabled, { note: "mine", mcpServers: { git, b: git } });
    deepStrictEqual(await saved(dir), { note: "mine", mcpServers: { git } });
  });
});

Deno.test("mcp import adds what works, names what does not, exit code 1", async () => {
  await inTemporaryFolder(async (dir) => {
    const file = join(dir, "pasted.json");
    const local = { command: "npx", args: ["-y", "x"], env: { TOKEN: "${input:token}" } };
    const remote = { type: "http", url: "https://x.example/mcp" };
    await Deno.writeTextFile(file, JSON.stringify({ mcpServers: { local, remote } }));
    const { exitCode, out, err } = await mcp(dir, "import", file);

    strictEqual(exitCode, 1);
    strictEqual(out, "Added local");
    match(err, /\$\{input:token\} in it stays as it is/);
    match(err, /Not added: server "remote" is reached over the network/);
    deepStrictEqual(await saved(dir), { mcpServers: { local } });
  });
});

Deno.test("mcp import adds nothing of a file that is wrong somewhere, or that holds a known name", async () => {
  await inTemporaryFolder(async (dir) => {
    await mcp(dir, "add", "git", "--", "one");
    const file = join(dir, "pasted.json");
    await Deno.writeTextFile(file, '{"mcpServers":{"a":{"command":"a"},"b":{"command":1}}}');
    const wrong = await mcp(dir, "import", file);
    await Deno.writeTextFile(file, '{"mcpServers":{"a":{"command":"a"},"git":{"command":"two"}}}');
    const known = await mcp(dir, "import", file);

    strictEqual(wrong.exitCode, 3);
    match(wrong.err, /MCP_CONFIG_INVALID/);
    strictEqual(known.exitCode, 2);
    deepStrictEqual(await saved(dir), { mcpServers: { git: { command: "one" } } });
  });
});

Deno.test("mcp says which name was meant", async () => {
  await inTemporaryFolder(async (dir) => {
    await mcp(dir, "add", "tracker", "--", "one");

    match((await mcp(dir, "remove", "trakcer")).err, /Did you mean "tracker"\?/);
  });
});

/** A server of its own: two tools, one with a description that would clear the screen. */
const SERVER = `
const decoder = new TextDecoder();
let rest = "";
for await (const chunk of Deno.stdin.readable) {
  const lines = (rest + decoder.decode(chunk)).split("\\n");
  rest = lines.pop();
  for (const { id, method, params } of lines.map((line) => JSON.parse(line))) {
    if (id === undefined) continue;
    const result = method === "initialize"
      ? {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "s", version: "1" },
      }
      : {
        tools: [
          { name: "look", description: "Looks\\nround", inputSchema: { type: "object" } },
          { name: "paint", description: "\\u001b[2J", inputSchema: { type: "object" } },
        ],
      };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
}
`;

Deno.test("mcp test starts a server, disabled or not, and lists its tools", async () => {
  await inTemporaryFolder(async (dir) => {
    await Deno.writeTextFile(join(dir, "server.js"), SERVER);
    await mcp(
      dir,
      "add",
      "own",
      "--disabled",
      "--",
      Deno.execPath(),
      "run",
      join(dir, "server.js"),
    );
    const { exitCode, out, err } = await mcp(dir, "test", "own", "--project", dir);
    const json = await mcp(dir, "test", "own", "--project", dir, "--json", "--no-sandbox");

    strictEqual(exitCode, 0, err);
    match(out, /^✓ own started in .* s, (inside bubblewrap|without a sandbox), and has 2 tools\n/);
    match(out, /\n {2}look +Looks round\n {2}paint +\\x1b\[2J$/);
    const { ok: isGood, sandbox, tools } = JSON.parse(json.out);
    deepStrictEqual([isGood, sandbox, tools.length], [true, "none", 2]);
  });
});

Deno.test("mcp test shows what a server wrote that does not start, exit code 1", async () => {
  await inTemporaryFolder(async (dir) => {
    const script = 'console.error("no \\u001b[2Jtoken"); Deno.exit(3)';
    await mcp(dir, "add", "own", "--", Deno.execPath(), "eval", script);
    await mcp(dir, "add", "missing", "--", "no-such-program");
    const own = await mcp(dir, "test", "own", "--project", dir);
    const missing = await mcp(dir, "test", "missing");
    const json = await mcp(dir, "test", "missing", "--json");

    strictEqual(own.exitCode, 1);
    match(own.err, /^✗ own does not work: .*exit code 3/);
    match(own.err, /It wrote:\n {2}no \\x1b\[2Jtoken/);
    strictEqual(missing.exitCode, 1);
    match(missing.err, /^✗ missing cannot start: .*"no-such-program" is not on the PATH/);
    strictEqual(JSON.parse(json.out).ok, false);
  });
});
