import assert from "node:assert/strict";
import { join } from "node:path";
import { main } from "../../../main.ts";
import { PRESETS } from "../../../runtime/llm/presets.ts";
import { readProfiles } from "../../../runtime/run/profile_file.ts";
import { PRESET_NAMES } from "../../../schemas/profile.ts";
import { type ModelServerOptions, startModelServer } from "../../model_server/model_server.ts";
import { goodModel, spoiled } from "../llm/probe/played_model.ts";
import { inTemporaryFolder, type Output, outputOf } from "./output.ts";

const KEY = "sk-very-secret-0123456789";

/** Runs `crewagent profile …` with its own data folder, as `main.ts` would. */
async function profile(dataDir: string, ...args: string[]): Promise<Output> {
  const err: string[] = [];
  const screen = {
    out: (line: string) => console.log(line),
    err: (line: string) => void err.push(line),
    colour: false,
    debug: true,
  };
  const command = {
    help: "",
    run: (all: readonly string[]) => main(["profile", ...all, "--data", dataDir], screen),
  };
  const printed = await outputOf(command, args);
  return { ...printed, err: [printed.err, ...err].join("\n").trim() };
}

async function inDataFolder(
  act: (run: (...args: string[]) => Promise<Output>, dataDir: string) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder((dataDir) => act((...args) => profile(dataDir, ...args), dataDir));
}

async function withEnv(name: string, value: string, act: () => Promise<void>): Promise<void> {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  try {
    await act();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

const ADD_LOCAL = ["add", "local", "--preset", "ollama", "--model", "qwen3:8b"];

Deno.test("profile add keeps all that was said and nothing else", async () => {
  await inDataFolder(async (run, dataDir) => {
    const { exitCode, out } = await run(
      ...["add", "full", "--preset", "openrouter", "--model", "vendor/model"],
      ...["--base-url", "https://proxy.test/v1", "--key-env", "MY_KEY", "--context", "32768"],
      ...["--temperature", "0.2", "--timeout", "1.5", "--header", "X-Title=Crew=Agent"],
      ...["--header", "X-Two=", "--price-in", "0.15", "--price-out", "2", "--no-streaming"],
    );

    assert.equal(exitCode, 0);
    assert.match(out, /^Saved full: vendor\/model at https:\/\/proxy\.test\/v1 \(openrouter\)$/m);
    assert.match(out, /^Models are named vendor\/model\..*\nTry it: crewagent profile test full$/m);
    assert.deepEqual(readProfiles(dataDir), {
      formatVersion: 1,
      profiles: [{
        name: "full",
        preset: "openrouter",
        model: "vendor/model",
        baseUrl: "https://proxy.test/v1",
        key: { env: "MY_KEY" },
        headers: { "X-Title": "Crew=Agent", "X-Two": "" },
        timeoutMs: 1500,
        contextWindowTokens: 32768,
        temperature: 0.2,
        streaming: false,
        prices: { inputPerMillion: 0.15, outputPerMillion: 2 },
      }],
    });
    await run(...ADD_LOCAL);
    assert.deepEqual(readProfiles(dataDir).profiles.at(-1), {
      name: "local",
      preset: "ollama",
      model: "qwen3:8b",
    });
  });
});

for (const preset of PRESET_NAMES) {
  Deno.test(`profile add takes the preset ${preset}, and a URL where it has none`, async () => {
    await inDataFolder(async (run) => {
      const needsUrl = PRESETS[preset].baseUrl === undefined;
      const add = ["add", "a", "--preset", preset, "--model", "m"];
      const without = await run(...add);
      const withUrl = await run(...add, "--force", "--base-url", "https://res.openai.azure.com");

      assert.deepEqual([without.exitCode, withUrl.exitCode], [needsUrl ? 2 : 0, 0]);
      assert.ok(!needsUrl || without.err.includes("--base-url URL"), without.err);
    });
  });
}

/** What is wrong, arguments behind `add`, what the message says. */
const MISTAKES: readonly [string, readonly string[], RegExp][] = [
  ["no name", [], /NAME is missing/],
  ["two names", ["a", "b"], /"b" is one argument too many/],
  ["a name with a path", ["../a", "--preset", "ollama", "--model", "m"], /1 to 64 of/],
  ["no preset", ["a", "--model", "m"], /--preset.*openai, azure-openai, ollama/],
  ["an unknown preset", ["a", "--preset", "olama", "--model", "m"], /Did you mean "ollama"/],
  ["no model", ["a", "--preset", "ollama"], /--model MODEL/],
  ["a blank model", ["a", "--preset", "ollama", "--model", " "], /--model MODEL/],
  [
    "a key as its variable",
    ["a", "--preset", "openai", "--model", "m", "--key-env", KEY],
    /name of an env/,
  ],
  [
    "two keys",
    ["a", "--preset", "openai", "--model", "m", "--key-env", "A", "--key-stdin"],
    /one of/,
  ],
  [
    "a header without value",
    ["a", "--preset", "ollama", "--model", "m", "--header", KEY],
    /NAME=VALUE/,
  ],
  ["a header with a line break", [
    "a",
    "--preset",
    "ollama",
    "--model",
    "m",
    "--header",
    `a=${KEY}\nb: c`,
  ], /NAME=/],
  [
    "half a token",
    ["a", "--preset", "ollama", "--model", "m", "--context", "0.5"],
    /--context.*"0.5"/,
  ],
  ["no tokens", ["a", "--preset", "ollama", "--model", "m", "--context", "0"], /from 1/],
  [
    "a hexadecimal number",
    ["a", "--preset", "ollama", "--model", "m", "--context", "0x10"],
    /whole/,
  ],
  ["heat", ["a", "--preset", "ollama", "--model", "m", "--temperature", "2.1"], /from 0 to 2/],
  ["no time", ["a", "--preset", "ollama", "--model", "m", "--timeout", "0"], /--timeout/],
  ["one price", ["a", "--preset", "ollama", "--model", "m", "--price-in", "1"], /both prices/],
];

for (const [title, args, says] of MISTAKES) {
  Deno.test(`profile add refuses ${title}, saves nothing and shows no key`, async () => {
    await inDataFolder(async (run, dataDir) => {
      const { exitCode, err } = await run("add", ...args);

      assert.equal(exitCode, 2);
      assert.match(err, says);
      assert.ok(!err.includes(KEY), err);
      assert.deepEqual([...Deno.readDirSync(dataDir)], []);
    });
  });
}

Deno.test("profile add refuses a base URL with a password, exit code 4", async () => {
  await inDataFolder(async (run) => {
    const { exitCode, err } = await run(...ADD_LOCAL, "--base-url", `http://me:${KEY}@host`);

    assert.equal(exitCode, 4);
    assert.match(err, /LLM_NOT_CONFIGURED/);
    assert.ok(!err.includes(KEY), err);
  });
});

Deno.test("profile add replaces only with --force, and then the test and the key go too", async () => {
  await inDataFolder(async (run, dataDir) => {
    const path = join(dataDir, "profiles.json");
    const old = {
      name: "Local",
      preset: "custom",
      model: "old",
      baseUrl: "http://localhost/v1",
      key: { value: KEY },
      lastTest: { at: "2026-11-20T14:30:00Z", model: "old", score: 90, exercises: [] },
    };
    const document = { formatVersion: 1, default: "Local", profiles: [old] };
    await Deno.writeTextFile(path, JSON.stringify(document));
    const refused = await run(...ADD_LOCAL);

    assert.equal(refused.exitCode, 1);
    assert.match(refused.err, /PROFILE_EXISTS.*"Local".*--force/);
    const forced = await run(...ADD_LOCAL, "--force");
    assert.equal(forced.exitCode, 0);
    assert.match(forced.out, /^Saved local \(default\): qwen3:8b/);
    assert.deepEqual(readProfiles(dataDir), {
      formatVersion: 1,
      default: "local",
      profiles: [{ name: "local", preset: "ollama", model: "qwen3:8b" }],
    });
  });
});

Deno.test("profile list says how to begin where there is none", async () => {
  await inDataFolder(async (run) => {
    assert.match((await run("list")).out, /No profiles\. Add one: crewagent profile add/);
    assert.match((await run()).out, /No profiles/);
    assert.equal((await run("list", "--json")).out, "[]");
  });
});

Deno.test("profile list shows where keys come from, and never a key, a header or a query", async () => {
  await inDataFolder(async (run, dataDir) => {
    const profiles = [
      { name: "stored", preset: "openai", model: "m", key: { value: KEY } },
      { name: "usual", preset: "gemini", model: "m" },
      { name: "unset", preset: "openai", model: "m", key: { env: "NOT_SET_ANYWHERE" } },
      { name: "local", preset: "lm-studio", model: "m", headers: { "x-secret": KEY } },
      { name: "query", preset: "custom", model: "m", baseUrl: `http://localhost/v1?key=${KEY}` },
      { name: "broken", preset: "custom", model: "m", baseUrl: `http://me:${KEY}@host/v1` },
      {
        name: "tested",
        preset: "ollama",
        model: "m",
        lastTest: {
          at: "2026-11-20T14:30:00Z",
          model: "m",
          score: 87.4,
          exercises: [{ exercise: "reachable", passed: true, reason: "r", durationMs: 1 }],
        },
      },
    ];
    const document = { formatVersion: 1, default: "local", profiles };
    await Deno.writeTextFile(join(dataDir, "profiles.json"), JSON.stringify(document));
    await withEnv("GEMINI_API_KEY", KEY, async () => {
      const { out, exitCode } = await run("list");
      const json = await run("list", "--json");

      assert.equal(exitCode, 0);
      const lines = out.split("\n").filter((line) => line.startsWith("  "));
      assert.deepEqual(lines, [
        "  key stored, not tested: crewagent profile test stored",
        "  key from GEMINI_API_KEY, not tested: crewagent profile test usual",
        "  key from NOT_SET_ANYWHERE, which is not set, not tested: crewagent profile test unset",
        "  key not needed, not tested: crewagent profile test local",
        "  key not needed, not tested: crewagent profile test query",
        "  key unknown, not tested: crewagent profile test broken",
        "  key not needed, score 87 of 100 on 2026-11-20",
      ]);
      assert.match(out, /^local \(default\): m at http:\/\/127\.0\.0\.1:1234\/v1 \(lm-studio\)$/m);
      assert.match(out, /^query: m at http:\/\/localhost\/v1 \(custom\)$/m);
      assert.ok(!(out + json.out).includes(KEY), "the key shows");
      const entries = JSON.parse(json.out);
      assert.deepEqual(entries[0], {
        name: "stored",
        preset: "openai",
        model: "m",
        baseUrl: "https://api.openai.com/v1",
        key: "stored",
        headers: [],
        isDefault: false,
      });
      assert.deepEqual(entries[1].key, { env: "GEMINI_API_KEY" });
      assert.deepEqual([entries[3].headers, entries[3].isDefault], [["x-secret"], true]);
      assert.deepEqual([entries[5].baseUrl, entries[5].key], [null, null]);
    });
  });
});

Deno.test("profile default and remove go by name, ignoring case", async () => {
  await inDataFolder(async (run, dataDir) => {
    await run(...ADD_LOCAL);
    await run("add", "other", "--preset", "ollama", "--model", "m", "--default");

    assert.equal(readProfiles(dataDir).default, "other");
    assert.match((await run("default", "LOCAL")).out, /use local$/);
    assert.equal(readProfiles(dataDir).default, "local");
    assert.match((await run("remove", "other")).out, /^Removed other$/);
    assert.equal(readProfiles(dataDir).default, "local");
    assert.match((await run("remove", "Local")).out, /^Removed local, which was the default/);
    assert.deepEqual(readProfiles(dataDir), { formatVersion: 1, profiles: [] });
  });
});

for (const action of ["remove", "default", "test"]) {
  Deno.test(`profile ${action} names the nearest profile for one that is not there`, async () => {
    await inDataFolder(async (run) => {
      await run(...ADD_LOCAL);
      const { exitCode, err } = await run(action, "lokal");

      assert.equal(exitCode, 3);
      assert.match(err, /PROFILE_NOT_FOUND.*"lokal"\. Did you mean "local"\?/);
    });
  });
}

for (const args of [["list"], ["test", "a"], ["remove", "a"], ["default", "a"], ADD_LOCAL]) {
  Deno.test(`profile ${args[0]} does not take a broken file for none`, async () => {
    await inDataFolder(async (run, dataDir) => {
      await Deno.writeTextFile(join(dataDir, "profiles.json"), `{"key":"${KEY}`);
      const { exitCode, err } = await run(...args);

      assert.equal(exitCode, 3);
      assert.match(err, /PROFILES_INVALID/);
      assert.ok(!err.includes(KEY), err);
    });
  });
}

Deno.test("profile refuses an action that is none", async () => {
  await inDataFolder(async (run) => {
    assert.match((await run("constructor")).err, /"constructor" is no action.*add \| list/);
  });
});

/** Tests a profile of a test model server, and what was kept. */
async function tested(
  server: ModelServerOptions,
  check: (printed: { text: Output; json: Output }, dataDir: string) => void | Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  await using served = startModelServer(server);
  await inDataFolder(async (run, dataDir) => {
    const add = ["add", "served", "--preset", "custom", "--model", "test-model"];
    await run(...add, "--base-url", served.baseUrl, ...more);
    const text = await run("test", "served");
    const json = await run("test", "served", "--json");
    await check({ text, json }, dataDir);
  });
}

Deno.test("profile test prints every exercise as it ends and keeps the score", async () => {
  await tested({ reply: goodModel }, ({ text, json }, dataDir) => {
    const lines = text.out.split("\n");
    assert.equal(text.exitCode, 0, text.out + text.err);
    assert.equal(lines[0], "Testing served: test-model");
    assert.equal(lines.filter((line) => line.startsWith("✓ ")).length, 8);
    assert.match(lines[1] ?? "", /^✓ reachable .* The server answers and lists 1 model$/);
    assert.equal(lines.at(-1), "Score 100 of 100");
    assert.deepEqual(JSON.parse(json.out), readProfiles(dataDir).profiles[0]?.lastTest);
  });
});

Deno.test("profile test ends with 1 below a score of 60", async () => {
  await tested(
    { reply: spoiled("all", () => ({ text: "I would rather not." })) },
    ({ text, json }, dataDir) => {
      assert.deepEqual([text.exitCode, json.exitCode], [1, 1]);
      assert.match(text.out, /^✗ tool call .*rather not/m);
      assert.match(text.out, /Score \d+ of 100\. Below 60 a model may not manage a workflow$/);
      assert.ok((readProfiles(dataDir).profiles[0]?.lastTest?.score ?? 100) < 60);
    },
  );
});

Deno.test("profile test sends the key, and keeps it out of all it prints and stores", async () => {
  await withEnv("CREWAGENT_TEST_KEY", KEY, async () => {
    await tested(
      { reply: goodModel, apiKey: KEY },
      ({ text }) => assert.equal(text.exitCode, 0, text.out),
      ["--key-env", "CREWAGENT_TEST_KEY"],
    );
    await tested(
      { reply: goodModel, apiKey: "another" },
      async ({ text, json }, dataDir) => {
        const file = await Deno.readTextFile(join(dataDir, "profiles.json"));
        assert.deepEqual([text.exitCode, json.exitCode], [5, 5]);
        assert.match(text.out, /^✗ reachable .*denies access.*Incorrect API key/m);
        assert.ok(![text, json, file].some((part) => JSON.stringify(part).includes(KEY)), file);
      },
      ["--key-env", "CREWAGENT_TEST_KEY"],
    );
  });
});

Deno.test("profile test ends with 5 where nobody listens", async () => {
  await inDataFolder(async (run) => {
    const server = startModelServer();
    await server.close();
    const add = ["add", "gone", "--preset", "custom", "--model", "m"];
    await run(...add, "--base-url", server.baseUrl);
    const { exitCode, out } = await run("test", "gone");

    assert.equal(exitCode, 5);
    assert.match(out, /^✗ reachable .*cannot be reached/m);
    assert.match(out, /^The server was not reached$/m);
  });
});

Deno.test("profile test asks for the key before anything else, exit code 4", async () => {
  await inDataFolder(async (run) => {
    await run("add", "a", "--preset", "openai", "--model", "m", "--key-env", "NOT_SET_ANYWHERE");
    const { exitCode, err } = await run("test", "a");

    assert.equal(exitCode, 4);
    assert.match(err, /LLM_NOT_CONFIGURED.*"a".*NOT_SET_ANYWHERE/);
  });
});

Deno.test("profile test keeps no result for a profile that was replaced meanwhile", async () => {
  await inDataFolder(async (run, dataDir) => {
    let replaced: Promise<unknown> | undefined;
    await using server = startModelServer({
      reply(request) {
        replaced ??= Deno.readTextFile(join(dataDir, "profiles.json")).then((text) =>
          Deno.writeTextFile(
            join(dataDir, "profiles.json"),
            text.replace("test-model", "another-model"),
          )
        );
        return goodModel(request);
      },
    });
    const add = ["add", "a", "--preset", "custom", "--model", "test-model"];
    await run(...add, "--base-url", server.baseUrl);
    const { exitCode, err } = await run("test", "a");
    await replaced;

    assert.equal(exitCode, 3);
    assert.match(err, /changed or removed during its test/);
    assert.equal(readProfiles(dataDir).profiles[0]?.lastTest, undefined);
  });
});
