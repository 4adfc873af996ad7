import assert from "node:assert/strict";
import { connectionFromEnvironment, simulatedConnection } from "../../../runtime/llm/connection.ts";

const OPENAI = "https://api.openai.com/v1";
type Env = Record<string, string>;

const KEYS: readonly [
  string,
  { model?: string; baseUrl?: string },
  Env,
  string,
  string | undefined,
][] = [
  ["OpenAI by default", { model: "m" }, { OPENAI_API_KEY: "k" }, OPENAI, "k"],
  [
    "the own key first",
    { model: "m" },
    { OPENAI_API_KEY: "k", CREWAGENT_API_KEY: "own" },
    OPENAI,
    "own",
  ],
  ["the model of the environment", {}, { CREWAGENT_MODEL: "m", OPENAI_API_KEY: "k" }, OPENAI, "k"],
  [
    "the URL and key of the environment",
    { model: "m" },
    { OPENAI_BASE_URL: "https://llm.test/v1", OPENAI_API_KEY: "k" },
    "https://llm.test/v1",
    "k",
  ],
  [
    "a server here without a key",
    { model: "m", baseUrl: "http://localhost:11434/v1/" },
    {},
    "http://localhost:11434/v1",
    undefined,
  ],
  [
    "the flag's URL before the environment's",
    { model: "m", baseUrl: "http://localhost/v1" },
    { OPENAI_BASE_URL: "https://llm.test/v1", OPENAI_API_KEY: "k" },
    "http://localhost/v1",
    "k",
  ],
  [
    "IPv6 loopback",
    { model: "m", baseUrl: "http://[::1]:80/v1" },
    {},
    "http://[::1]/v1",
    undefined,
  ],
  [
    "127.0.0.2",
    { model: "m", baseUrl: "http://127.0.0.2:8080/v1" },
    {},
    "http://127.0.0.2:8080/v1",
    undefined,
  ],
  [
    "the own key for any server",
    { model: "m", baseUrl: "https://llm.test/v1" },
    { CREWAGENT_API_KEY: "own" },
    "https://llm.test/v1",
    "own",
  ],
];

for (const [title, flags, env, baseUrl, apiKey] of KEYS) {
  Deno.test(`connectionFromEnvironment() takes ${title}`, () => {
    const connection = connectionFromEnvironment(flags, env);
    assert.deepEqual(
      [connection.model, connection.baseUrl, connection.apiKey],
      ["m", baseUrl, apiKey],
    );
  });
}

const REFUSED: readonly [string, { model?: string; baseUrl?: string }, Env, RegExp][] = [
  ["no model", {}, { OPENAI_API_KEY: "k" }, /--model.*CREWAGENT_MODEL.*--simulate/],
  ["an empty model", { model: " " }, {}, /No model/],
  ["no key", { model: "m" }, {}, /"api\.openai\.com".*CREWAGENT_API_KEY or OPENAI_API_KEY/],
  ["a base URL without scheme", { model: "m", baseUrl: "llm.test" }, {}, /"llm\.test" is no URL/],
  ["another scheme", { model: "m", baseUrl: "file:///v1" }, {}, /neither http nor https/],
  [
    "a password in the URL",
    { model: "m", baseUrl: "https://me:secret@llm.test/v1" },
    {},
    /"llm\.test" holds a user name or password/,
  ],
  [
    "a host that only begins like loopback",
    { model: "m", baseUrl: "http://127.0.0.1.test" },
    {},
    /No API key/,
  ],
];

for (const [title, flags, env, message] of REFUSED) {
  Deno.test(`connectionFromEnvironment() refuses ${title} and says what to set`, () => {
    assert.throws(() => connectionFromEnvironment(flags, env), {
      code: "LLM_NOT_CONFIGURED",
      message,
    });
  });
}

Deno.test("connectionFromEnvironment() never shows a password", () => {
  const flags = { model: "m", baseUrl: "https://me:secret@llm.test/v1" };
  assert.throws(
    () => connectionFromEnvironment(flags, {}),
    (error) => !/secret/.test(String(error)),
  );
});

Deno.test("connectionFromEnvironment() takes the size of the context window", () => {
  const flags = { model: "m", baseUrl: "http://localhost/v1", contextWindowTokens: 8_192 };
  assert.equal(connectionFromEnvironment(flags, {}).contextWindowTokens, 8_192);
});

Deno.test("simulatedConnection() carries the branches a person chose", () => {
  assert.deepEqual(simulatedConnection({ review: "again" }).decisions, { review: "again" });
});
