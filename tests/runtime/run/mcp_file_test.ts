import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import {
  changeMcpFile,
  parsePastedServers,
  readMcpFile,
  readMcpServers,
} from "../../../runtime/run/mcp_file.ts";
import { AppError } from "../../../schemas/error.ts";

function inDataFolder(test: (dataDir: string) => void): () => void {
  return () => {
    const dataDir = Deno.makeTempDirSync();
    try {
      test(dataDir);
    } finally {
      Deno.removeSync(dataDir, { recursive: true });
    }
  };
}

function write(dataDir: string, value: unknown): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  Deno.writeTextFileSync(join(dataDir, "mcp.json"), text);
}

const ONE = { mcpServers: { git: { command: "uvx" } } };

Deno.test(
  "readMcpServers() gives no servers where none are saved",
  inDataFolder((dataDir) => deepStrictEqual(readMcpServers(dataDir), [])),
);

Deno.test(
  "readMcpServers() fills in what the file leaves out",
  inDataFolder((dataDir) => {
    write(dataDir, ONE);

    deepStrictEqual(readMcpServers(dataDir), [
      { id: "git", command: "uvx", args: [], env: {}, enabled: true, timeoutMs: 60_000 },
    ]);
  }),
);

Deno.test(
  "readMcpServers() reads what other clients write, in their order",
  inDataFolder((dataDir) => {
    const b = {
      type: "stdio",
      command: "npx",
      args: ["-y", "server"],
      env: { PORT: 3000, DEBUG: true, TOKEN: "t" },
      cwd: dataDir,
      disabled: false,
      autoApprove: ["read"],
    };
    write(dataDir, `\ufeff${JSON.stringify({ mcpServers: { b, a: { command: "a" } } })}`);
    const [first, second] = readMcpServers(dataDir);

    deepStrictEqual(first?.env, { PORT: "3000", DEBUG: "true", TOKEN: "t" });
    strictEqual(first?.cwd, dataDir);
    strictEqual(second?.id, "a");
  }),
);

/** [keys of the entry, enabled, milliseconds] */
const SWITCHES: readonly (readonly [Readonly<Record<string, unknown>>, boolean, number])[] = [
  [{ disabled: true }, false, 60_000],
  [{ enabled: false }, false, 60_000],
  [{ enabled: true, disabled: true }, false, 60_000],
  [{ enabled: true, disabled: false }, true, 60_000],
  [{ timeout: 30 }, true, 30_000],
  [{ timeout: 3600 }, true, 3_600_000],
  [{ timeout: 5000 }, true, 5_000],
];

for (const [keys, enabled, timeoutMs] of SWITCHES) {
  Deno.test(
    `readMcpServers() understands ${JSON.stringify(keys)}`,
    inDataFolder((dataDir) => {
      write(dataDir, { mcpServers: { git: { command: "uvx", ...keys } } });
      const [server] = readMcpServers(dataDir);

      strictEqual(server?.enabled, enabled);
      strictEqual(server?.timeoutMs, timeoutMs);
    }),
  );
}

const server = (entry: unknown, id = "git") => ({ mcpServers: { [id]: entry } });

/** [what is hostile, the file, words of the message] */
const HOSTILE: readonly (readonly [string, unknown, RegExp])[] = [
  ["an empty file", "", /not JSON/],
  ["half a file", '{"mcpServers": {"git":', /not JSON/],
  ["a missing colon", '{"mcpServers" 1}', /not JSON \(line 1 column \d+\)/],
  ["a list", "[]", /not an object/],
  ["null", "null", /not an object/],
  ["no servers", {}, /"mcpServers" is missing/],
  ["servers as a list", { mcpServers: [] }, /an object/],
  ["nesting without end", "[".repeat(100_000), /nested too deeply/],
  [
    "deep nesting in an unknown key",
    `{"mcpServers":{},"x":${"[".repeat(500)}${"]".repeat(500)}}`,
    /deeply/,
  ],
  ["a million characters", `{"mcpServers":{},"x":"${"x".repeat(1_000_000)}"}`, /characters/],
  ["a server as a string", server("uvx"), /an object, but is "uvx"/],
  ["a server without a command", server({ args: [] }), /"command" is missing/],
  ["an empty command", server({ command: "" }), /empty/],
  ["a command as a list", server({ command: ["uvx"] }), /a string, but is a list/],
  ["NUL in the command", server({ command: "uv\u0000x" }), /"command"/],
  ["NUL in an argument", server({ command: "uvx", args: ["\u0000"] }), /"args\[0\]"/],
  ["arguments as a string", server({ command: "uvx", args: "-y" }), /a list, but is "-y"/],
  ["a number among arguments", server({ command: "uvx", args: [1] }), /a string, but is 1/],
  ["an environment as a list", server({ command: "uvx", env: ["A=1"] }), /maps names to strings/],
  [
    "null in the environment",
    server({ command: "uvx", env: { A: null } }),
    /maps names to strings/,
  ],
  ["a name with =", server({ command: "uvx", env: { "A=B": "1" } }), /maps names to strings/],
  ["a name that is empty", server({ command: "uvx", env: { "": "1" } }), /maps names to strings/],
  ["a relative folder", server({ command: "uvx", cwd: "../x" }), /"..\/x".*from the root/],
  ["a number as folder", server({ command: "uvx", cwd: 1 }), /a string, but is 1/],
  ["a timeout of nothing", server({ command: "uvx", timeout: 0 }), /at least 1/],
  ["a timeout for ever", server({ command: "uvx", timeout: 1e300 }), /"timeout"/],
  ["a timeout in words", server({ command: "uvx", timeout: "10s" }), /a number, but is "10s"/],
  ["disabled in words", server({ command: "uvx", disabled: "yes" }), /true or false/],
  [
    "a server at an address",
    server({ url: "https://x.example/mcp" }),
    /"git" is reached over the net/,
  ],
  ["a server by HTTP", server({ type: "http", url: "https://x.example" }), /mcp-remote/],
  ["HTTP with a command", server({ type: "sse", command: "uvx" }), /reached over the network/],
  ["a name with a space", server({ command: "uvx" }, "my git"), /"my git" needs.*such as "my-git"/],
  ["a name that ends tools' names", server({ command: "uvx" }, "a__b"), /such as "a-b"/],
  ["a name that climbs", server({ command: "uvx" }, "../x"), /such as "x"/],
  ["an empty name", server({ command: "uvx" }, ""), /needs another name/],
  ["a prototype", '{"mcpServers":{"__proto__":{"command":"x"}}}', /needs another name/],
  ["a long name", server({ command: "uvx" }, "x".repeat(41)), /up to 40/],
];

for (const [what, file, says] of HOSTILE) {
  Deno.test(
    `readMcpServers() refuses ${what}, and so does a change, which leaves the file`,
    inDataFolder((dataDir) => {
      write(dataDir, file);
      const before = Deno.readTextFileSync(join(dataDir, "mcp.json"));

      throws(() => readMcpServers(dataDir), { code: "MCP_CONFIG_INVALID", message: says });
      throws(() => changeMcpFile(dataDir, (document) => document), { code: "MCP_CONFIG_INVALID" });
      strictEqual(Deno.readTextFileSync(join(dataDir, "mcp.json")), before);
    }),
  );
}

Deno.test(
  "readMcpServers() shows no value of an environment in its messages, nor the text it cannot parse",
  inDataFolder((dataDir) => {
    const files = [
      server({ command: "uvx", env: { TOKEN: "s3cret\u0000" } }),
      server({ command: "uvx", env: "s3cret" }),
      '{"mcpServers": {"git": {"env": {"TOKEN": s3cret}}}}',
    ];
    const shown = files.map((file) => {
      write(dataDir, file);
      try {
        return readMcpServers(dataDir);
      } catch (thrown) {
        return thrown instanceof AppError && Deno.inspect(thrown);
      }
    });

    strictEqual(shown.length, 3);
    ok(!JSON.stringify(shown).includes("s3cret"), JSON.stringify(shown));
  }),
);

Deno.test(
  "changeMcpFile() keeps what it does not know, and lets only this user read the file",
  inDataFolder((dataDir) => {
    write(dataDir, { inputs: [1], mcpServers: { git: { command: "uvx", alwaysAllow: ["log"] } } });
    changeMcpFile(dataDir, (document) => ({
      ...document,
      mcpServers: { ...document.mcpServers, b: { command: "b" } },
    }));
    const saved = JSON.parse(Deno.readTextFileSync(join(dataDir, "mcp.json")));

    deepStrictEqual(saved, {
      inputs: [1],
      mcpServers: { git: { command: "uvx", alwaysAllow: ["log"] }, b: { command: "b" } },
    });
    const { mode } = Deno.statSync(join(dataDir, "mcp.json"));
    strictEqual((mode ?? 0o600) & (Deno.build.os === "windows" ? 0 : 0o077), 0);
  }),
);

Deno.test(
  "changeMcpFile() writes nothing that could not be read again",
  inDataFolder((dataDir) => {
    write(dataDir, ONE);
    throws(() => changeMcpFile(dataDir, () => ({ mcpServers: { b: { command: "" } } })), {
      code: "MCP_CONFIG_INVALID",
    });

    deepStrictEqual(readMcpFile(dataDir), ONE);
  }),
);

for (const text of [ONE, { servers: ONE.mcpServers, inputs: [] }, ONE.mcpServers]) {
  Deno.test(`parsePastedServers() takes ${Object.keys(text)[0]} at the top`, () => {
    deepStrictEqual(parsePastedServers(JSON.stringify(text), "x").servers, ONE.mcpServers);
  });
}

Deno.test("parsePastedServers() leaves out what cannot be used, and says why", () => {
  const { servers, refused } = parsePastedServers(
    JSON.stringify({
      mcpServers: {
        remote: { url: "https://x.example" },
        good: { command: "a" },
        "not good": { command: "a" },
      },
    }),
    "x",
  );

  deepStrictEqual(Object.keys(servers), ["good"]);
  deepStrictEqual(refused.map(({ id }) => id), ["remote", "not good"]);
});

for (const text of ["{}", '{"mcpServers":{}}', '{"a":1}', '{"a":{"args":[]}}', "x", "[]"]) {
  Deno.test(`parsePastedServers() refuses ${text}`, () => {
    throws(() => parsePastedServers(text, "x"), {
      code: "MCP_CONFIG_INVALID",
      message: /^x cannot/,
    });
  });
}

for (const keys of [{ sandbox: "on" }, { sandbox: "off" }, { network: false }, { network: true }]) {
  Deno.test(
    `readMcpServers() gives the switches ${JSON.stringify(keys)} of a server`,
    inDataFolder((dataDir) => {
      write(dataDir, { mcpServers: { git: { command: "uvx", ...keys } } });
      const [server] = readMcpServers(dataDir);

      deepStrictEqual({ ...server, ...keys }, server);
    }),
  );
}

/** Switches nobody can mean that way → what is said. */
const MISREAD: readonly [Readonly<Record<string, unknown>>, RegExp][] = [
  [{ sandbox: "of" }, /has "sandbox": "of", which has to be "on" or "off"/],
  [{ sandbox: false }, /has "sandbox": false/],
  [{ sandbox: { enabled: true } }, /has "sandbox": \{"enabled":true\}/],
  [{ sandbox: "off", network: false }, /only a sandbox can cut off the network/],
  [{ network: "no" }, /"?network"?.*(boolean|true or false)/i],
];

for (const [keys, says] of MISREAD) {
  Deno.test(
    `readMcpServers() refuses ${JSON.stringify(keys)} rather than start a server too freely`,
    inDataFolder((dataDir) => {
      write(dataDir, { mcpServers: { git: { command: "uvx", ...keys } } });

      throws(() => readMcpServers(dataDir), says);
    }),
  );
}
