import assert from "node:assert/strict";
import { inputOfFields } from "../../../builder/settings/profile_fields.ts";
import { checkProfile, type ProfileInput } from "../../../builder/settings/profile_input.ts";
import { findLocalServers } from "../../../builder/settings/local_servers.ts";
import type { Profile } from "../../../schemas/profile.ts";
import { startModelServer } from "../../model_server/model_server.ts";

const KNOWN: Profile = {
  name: "work",
  preset: "custom",
  model: "m",
  baseUrl: "https://one.example/v1",
  key: { value: "sk-kept" },
  headers: { "X-Team": "kept-too" },
  idleTimeoutMs: 5000,
};

const INPUT: ProfileInput = {
  name: "work",
  preset: "custom",
  model: "m2",
  baseUrl: "https://one.example/v1",
  key: { from: "kept" },
  headers: { "X-Team": null },
  contextWindowTokens: null,
  maxOutputTokens: null,
  temperature: null,
  timeoutMs: null,
  maxRetries: null,
  streaming: true,
  inputPerMillion: null,
  outputPerMillion: null,
};

Deno.test("checkProfile() keeps secrets, and what no form shows, for the same server", () => {
  assert.deepEqual(checkProfile(INPUT, KNOWN), { value: { ...KNOWN, model: "m2" } });
  const path = { ...INPUT, baseUrl: "https://one.example/other/v1" };
  assert.deepEqual(checkProfile(path, KNOWN).value?.key, { value: "sk-kept" });
});

Deno.test("checkProfile() gives no kept secret to another server", () => {
  for (
    const baseUrl of [
      "https://two.example/v1",
      "http://one.example/v1",
      "https://one.example:444/v1",
      "https://one.example.two.example/v1",
    ]
  ) {
    const { faults } = checkProfile({ ...INPUT, baseUrl }, KNOWN);
    assert.match(faults?.key ?? "", /another server's now.*give the key anew/, baseUrl);
    assert.match(faults?.headers ?? "", /give its value anew/, baseUrl);
  }
  const anew = { ...INPUT, baseUrl: "https://two.example/v1", headers: {} };
  const { value } = checkProfile({ ...anew, key: { from: "stored", value: " sk-new\n" } }, KNOWN);
  assert.deepEqual([value?.key, value?.headers], [{ value: "sk-new" }, undefined]);
});

const WRONG: readonly [string, string, Partial<ProfileInput>][] = [
  ["a name with a slash", "name", { name: "a/b" }],
  ["a name that is too long", "name", { name: "a".repeat(65) }],
  ["no model", "model", { model: " " }],
  ["an unknown preset", "preset", { preset: "toString" }],
  ["no address where there is none", "baseUrl", { baseUrl: null, key: { from: "preset" } }],
  ["an address with a password", "baseUrl", { baseUrl: "https://a:b@one.example/v1" }],
  ["an address that is a file", "baseUrl", { baseUrl: "file:///etc/passwd" }],
  ["a key with a line break", "key", { key: { from: "stored", value: "a\nb" } }],
  ["no key", "key", { key: { from: "stored", value: "" } }],
  ["a key for the name of a variable", "key", { key: { from: "env", variable: "sk-abc" } }],
  ["a header with a line break", "headers", { headers: { "X-A": "b\r\nX-C: d" } }],
  ["a header without a name", "headers", { headers: { "": "b" } }],
  ["a kept header that never was", "headers", { headers: { "X-New": null } }],
  ["heat", "temperature", { temperature: 3 }],
  ["half a token", "contextWindowTokens", { contextWindowTokens: 1.5 }],
  ["no number", "timeoutMs", { timeoutMs: NaN }],
  ["one price", "prices", { inputPerMillion: 1 }],
];

for (const [what, field, part] of WRONG) {
  Deno.test(`checkProfile() refuses ${what}, at its field and without the key`, () => {
    const { faults } = checkProfile({ ...INPUT, ...part }, KNOWN);
    assert.ok(faults?.[field], JSON.stringify(faults));
    assert.doesNotMatch(JSON.stringify(faults), /sk-|kept-too/);
  });
}

Deno.test("inputOfFields() reads what was typed: seconds, kept headers, lines of new ones", () => {
  const { input, faults } = inputOfFields({
    name: " work ",
    preset: "custom",
    model: "m",
    key: "env",
    keyVariable: "MY_KEY",
    timeoutMs: "1.5",
    temperature: "warm",
    "keep.X-Team": "yes",
    headers: "X-Title: Crew: Agent\n\n",
    streaming: "yes",
  });
  assert.deepEqual([input.name, input.timeoutMs, input.temperature], ["work", 1500, null]);
  assert.deepEqual(input.headers, { "X-Team": null, "X-Title": "Crew: Agent" });
  assert.deepEqual(input.key, { from: "env", variable: "MY_KEY" });
  assert.deepEqual(Object.keys(faults), ["temperature"]);
});

Deno.test("findLocalServers() lists who answers as a model server would, and nobody else", async () => {
  await using server = startModelServer({ replies: [] });
  const closed = startModelServer({ replies: [] });
  const gone = closed.baseUrl;
  await closed[Symbol.asyncDispose]();
  const { baseUrl } = server;
  await using other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<h1>A page</h1>", { headers: { "content-type": "text/html" } }),
  );
  const found = await findLocalServers([
    { preset: "lm-studio", baseUrl },
    { preset: "llama-cpp", baseUrl: `http://127.0.0.1:${other.addr.port}/v1` },
    { preset: "ollama", baseUrl: gone },
  ]);
  assert.deepEqual(found.map(({ preset, title }) => [preset, title]), [["lm-studio", "LM Studio"]]);
  assert.deepEqual(found[0]?.models, ["test-model"]);
});
