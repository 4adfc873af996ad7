import assert from "node:assert/strict";
import { openLlm } from "../../../runtime/llm/open_llm.ts";
import { PRESETS } from "../../../runtime/llm/presets.ts";
import { keySource, profileConnection } from "../../../runtime/llm/profile_connection.ts";
import { PRESET_NAMES, type PresetName, type Profile } from "../../../schemas/profile.ts";

const SECRET = "sk-very-secret-0123456789";

function profile(preset: PresetName, more: Partial<Profile> = {}): Profile {
  return { name: "mine", preset, model: "a model", ...more };
}

/** Preset, what the profile adds, base URL of the connection. */
const SERVERS: readonly [PresetName, Partial<Profile>, string][] = [
  ["openai", {}, "https://api.openai.com/v1"],
  ["openai", { baseUrl: "https://proxy.test/v1/" }, "https://proxy.test/v1"],
  [
    "azure-openai",
    { baseUrl: "https://res.openai.azure.com/" },
    "https://res.openai.azure.com/openai/v1",
  ],
  [
    "azure-openai",
    { baseUrl: "https://res.openai.azure.com?api-version=2024-10-21" },
    "https://res.openai.azure.com/openai/deployments/a%20model?api-version=2024-10-21",
  ],
  [
    "azure-openai",
    { baseUrl: "https://res.openai.azure.com/openai/deployments/d/?api-version=1" },
    "https://res.openai.azure.com/openai/deployments/d?api-version=1",
  ],
  ["ollama", {}, "http://127.0.0.1:11434"],
  ["ollama", { baseUrl: "http://box:11434/v1" }, "http://box:11434"],
  ["ollama", { baseUrl: "http://box:11434/api/" }, "http://box:11434"],
  ["ollama", { baseUrl: "https://box/ollama" }, "https://box/ollama"],
  ["lm-studio", {}, "http://127.0.0.1:1234/v1"],
  ["llama-cpp", {}, "http://127.0.0.1:8080/v1"],
  ["openrouter", {}, "https://openrouter.ai/api/v1"],
  ["deepseek", {}, "https://api.deepseek.com/v1"],
  ["anthropic", {}, "https://api.anthropic.com/v1"],
  ["gemini", {}, "https://generativelanguage.googleapis.com/v1beta/openai"],
  ["custom", { baseUrl: "http://box:9/v1#part" }, "http://box:9/v1"],
];

for (const [preset, more, baseUrl] of SERVERS) {
  Deno.test(`profileConnection() reaches ${baseUrl} for ${preset}`, () => {
    const { keyEnv } = PRESETS[preset];
    const connection = profileConnection(profile(preset, more), { [keyEnv]: ` ${SECRET}\n` });

    assert.deepEqual(
      [connection.provider, connection.baseUrl, connection.model],
      [preset === "ollama" ? "ollama" : "openai", baseUrl, "a model"],
    );
    assert.deepEqual(
      [connection.apiKey, connection.headers?.["api-key"]],
      preset === "azure-openai" ? [undefined, SECRET] : [SECRET, undefined],
    );
    assert.equal(connection.contextWindowTokens, PRESETS[preset].contextWindowTokens);
  });
}

Deno.test("PRESETS has every preset a profile may name, each with a table line for SERVERS", () => {
  assert.deepEqual(Object.keys(PRESETS), [...PRESET_NAMES]);
  assert.deepEqual(new Set(SERVERS.map(([preset]) => preset)), new Set(PRESET_NAMES));
});

Deno.test("profileConnection() takes everything a profile says before what is usual", () => {
  const said = {
    headers: { "X-Title": "CrewAgent" },
    timeoutMs: 1,
    idleTimeoutMs: 2,
    maxRetries: 0,
    contextWindowTokens: 3,
    temperature: 0,
    maxOutputTokens: 4,
    streaming: false,
  };

  assert.deepEqual(profileConnection(profile("openrouter", { ...said, key: { value: "k" } }), {}), {
    provider: "openai",
    model: "a model",
    baseUrl: "https://openrouter.ai/api/v1",
    apiKey: "k",
    ...said,
  });
});

Deno.test("profileConnection() leaves out what neither the profile nor its preset says", () => {
  assert.deepEqual(profileConnection(profile("ollama"), {}), {
    provider: "ollama",
    model: "a model",
    baseUrl: "http://127.0.0.1:11434",
    timeoutMs: 300_000,
    idleTimeoutMs: 120_000,
    maxRetries: 4,
    contextWindowTokens: 16_384,
    streaming: true,
  });
});

Deno.test("profileConnection() keeps a stored key from being replaced by the environment", () => {
  const connection = profileConnection(profile("openai", { key: { value: "stored" } }), {
    OPENAI_API_KEY: SECRET,
  });

  assert.equal(connection.apiKey, "stored");
});

Deno.test("profileConnection() lets a profile's own header go before the key's", () => {
  const azure = profile("azure-openai", {
    baseUrl: "https://res.openai.azure.com",
    headers: { "api-key": "mine" },
  });

  assert.deepEqual(profileConnection(azure, { AZURE_OPENAI_API_KEY: SECRET }).headers, {
    "api-key": "mine",
  });
});

const LOCAL = [
  "http://localhost:1/v1",
  "http://a.localhost/v1",
  "http://127.9.9.9/v1",
  "http://[::1]:1/v1",
];

for (const baseUrl of LOCAL) {
  Deno.test(`profileConnection() needs no key for ${baseUrl}`, () => {
    assert.equal(profileConnection(profile("openai", { baseUrl }), {}).apiKey, undefined);
  });
}

/** What is wrong, profile, environment, what the message says. */
const REFUSED: readonly [string, Profile, Record<string, string>, RegExp][] = [
  ["a missing key", profile("openai"), {}, /"mine".*OPENAI_API_KEY, which is not set/],
  ["an empty key", profile("gemini"), { GEMINI_API_KEY: " " }, /"mine".*GEMINI_API_KEY/],
  [
    "a missing key of its own variable, even on this machine",
    profile("ollama", { key: { env: "MY_KEY" } }),
    { OLLAMA_API_KEY: SECRET },
    /"mine".*MY_KEY, which is not set/,
  ],
  [
    "a variable that every object has",
    profile("openai", { key: { env: "constructor" } }),
    {},
    /constructor, which is not set/,
  ],
  [
    "a key with a line break",
    profile("openai"),
    { OPENAI_API_KEY: `${SECRET}\nx: y` },
    /OPENAI_API_KEY.*character that no key has/,
  ],
  ["no base URL", profile("custom"), {}, /"mine" has no base URL.*--base-url/],
  ["no URL", profile("custom", { baseUrl: `http://${SECRET}:x` }), {}, /base URL that is none/],
  ["a file", profile("custom", { baseUrl: "file:///etc" }), {}, /neither http nor https/],
  [
    "a password in the URL",
    profile("custom", { baseUrl: `https://me:${SECRET}@host/v1` }),
    {},
    /user name or password/,
  ],
];

for (const [title, refused, env, says] of REFUSED) {
  Deno.test(`profileConnection() refuses ${title} and never shows a key`, () => {
    assert.throws(() => profileConnection(refused, env), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, "LLM_NOT_CONFIGURED");
      assert.match(thrown.message, says);
      assert.ok(!Deno.inspect(thrown).includes(SECRET), "the key shows");
      return true;
    });
  });
}

Deno.test("keySource() names the variable of the profile, else of its preset", () => {
  const sources = [
    profile("openai"),
    profile("openai", { key: { env: "OTHER" } }),
    profile("llama-cpp"),
  ].map(keySource);

  assert.deepEqual(sources, [
    { kind: "environment", variable: "OPENAI_API_KEY", isNeeded: true },
    { kind: "environment", variable: "OTHER", isNeeded: true },
    { kind: "environment", variable: "LLAMA_API_KEY", isNeeded: false },
  ]);
});

/** The path and headers of the one request that a profile's model gets. */
async function requestOf(profileAt: (origin: string) => Profile) {
  const asked = Promise.withResolvers<{ path: string; headers: Headers }>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (http) => {
      const { pathname, search } = new URL(http.url);
      asked.resolve({ path: pathname + search, headers: http.headers });
      return Response.json({ error: { message: `Unknown key ${SECRET}` } }, { status: 401 });
    },
  );
  const llm = openLlm(profileConnection(profileAt(`http://127.0.0.1:${server.addr.port}`), {}));
  const request = {
    messages: [{ role: "user" as const, content: "Hi" }],
    tools: [],
    signal: new AbortController().signal,
  };
  const refused = await llm.complete(request).then(() => "", (thrown) => Deno.inspect(thrown));
  return { ...await asked.promise, refused };
}

Deno.test("profileConnection() makes requests to Azure with its version and its key's own header", async () => {
  const { path, headers, refused } = await requestOf((origin) =>
    profile("azure-openai", { baseUrl: `${origin}?api-version=2024-10-21`, key: { value: SECRET } })
  );

  assert.equal(path, "/openai/deployments/a%20model/chat/completions?api-version=2024-10-21");
  assert.deepEqual([headers.get("api-key"), headers.get("authorization")], [SECRET, null]);
  assert.match(refused, /LLM_AUTH/);
  assert.ok(!refused.includes(SECRET), refused);
});

for (const [preset, path] of [["ollama", "/api/chat"], ["gemini", "/chat/completions"]] as const) {
  Deno.test(`profileConnection() makes requests to ${preset} with a bearer key`, async () => {
    const request = await requestOf((baseUrl) =>
      profile(preset, { baseUrl, key: { value: SECRET } })
    );

    assert.equal(request.path, path);
    assert.equal(request.headers.get("authorization"), `Bearer ${SECRET}`);
    assert.ok(!request.refused.includes(SECRET), request.refused);
  });
}
