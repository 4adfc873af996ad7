import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { changeProfiles, findProfile, readProfiles } from "../../../runtime/run/profile_file.ts";
import type { Profile } from "../../../schemas/profile.ts";
import { inTemporaryFolder } from "../commands/output.ts";

const KEY = "sk-very-secret-0123456789";
const ONE: Profile = { name: "one", preset: "openai", model: "m", key: { value: KEY } };

function add(dataDir: string, profile: Profile) {
  return changeProfiles(
    dataDir,
    (document) => ({ ...document, profiles: [...document.profiles, profile] }),
  );
}

async function write(dataDir: string, content: unknown): Promise<void> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await Deno.writeTextFile(join(dataDir, "profiles.json"), text);
}

Deno.test("readProfiles() finds none where nothing was saved, and makes nothing", async () => {
  await inTemporaryFolder((dataDir) => {
    assert.deepEqual(readProfiles(dataDir), { formatVersion: 1, profiles: [] });
    assert.deepEqual([...Deno.readDirSync(dataDir)], []);
    return Promise.resolve();
  });
});

Deno.test("changeProfiles() saves for the next reader, readable by this user only", async () => {
  await inTemporaryFolder(async (dir) => {
    const dataDir = join(dir, "new");
    add(dataDir, ONE);
    add(dataDir, { ...ONE, name: "two" });

    assert.deepEqual(readProfiles(dataDir).profiles.map(({ name }) => name), ["one", "two"]);
    const names = [...Deno.readDirSync(dataDir)].map(({ name }) => name).sort();
    assert.deepEqual(names, ["profiles.json", "profiles.lock"]);
    const modes = await Promise.all(
      names.map(async (name) => (await Deno.stat(join(dataDir, name))).mode),
    );
    const isWindows = Deno.build.os === "windows";
    assert.deepEqual(modes.map((mode) => isWindows ? 0o600 : (mode ?? 0) & 0o777), [0o600, 0o600]);
  });
});

Deno.test("changeProfiles() closes a file that others could read", async () => {
  await inTemporaryFolder(async (dataDir) => {
    await write(dataDir, { formatVersion: 1, profiles: [] });
    add(dataDir, ONE);

    const { mode } = await Deno.stat(join(dataDir, "profiles.json"));
    const isWindows = Deno.build.os === "windows";
    assert.equal(isWindows ? 0o600 : (mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("changeProfiles() writes nothing where the change is wrong or throws", async () => {
  await inTemporaryFolder((dataDir) => {
    add(dataDir, ONE);
    const wrong = { ...ONE, name: "a b" };

    assert.throws(() => add(dataDir, wrong), { code: "PROFILES_INVALID" });
    assert.throws(() => add(dataDir, { ...ONE, name: "ONE" }), { code: "PROFILES_INVALID" });
    assert.throws(() =>
      changeProfiles(dataDir, () => {
        throw new RangeError("no");
      }), RangeError);
    assert.deepEqual(readProfiles(dataDir).profiles, [ONE]);
    add(dataDir, { ...ONE, name: "two" });
    return Promise.resolve();
  });
});

Deno.test("changeProfiles() loses nothing when processes change at the same time", async () => {
  await inTemporaryFolder(async (dataDir) => {
    const module = new URL("../../../runtime/run/profile_file.ts", import.meta.url).href;
    const program = (name: string) => `
      import { changeProfiles } from "${module}";
      for (let n = 0; n < 5; n++) {
        changeProfiles(Deno.args[0], (document) => ({
          ...document,
          profiles: [...document.profiles, { name: "${name}" + n, preset: "ollama", model: "m" }],
        }));
      }`;
    const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
    const runs = await Promise.all(["a", "b"].map(async (name) => {
      const path = join(dataDir, `${name}.ts`);
      await Deno.writeTextFile(path, program(name));
      const rights = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env"];
      return await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "--config", config, ...rights, path, dataDir],
      }).output();
    }));

    assert.deepEqual(runs.map(({ code }) => code), [0, 0]);
    assert.equal(readProfiles(dataDir).profiles.length, 10);
  });
});

Deno.test("findProfile() ignores case", () => {
  const document = { formatVersion: 1, profiles: [ONE] } as const;

  assert.equal(findProfile(document, "ONE"), ONE);
  assert.equal(findProfile(document, "on"), undefined);
});

const holding = (more: Record<string, unknown>) => ({
  formatVersion: 1,
  profiles: [{ ...ONE, ...more }],
});

/** What is wrong, the file, what the message says. */
const HOSTILE: readonly [string, unknown, RegExp][] = [
  ["nothing in it", "", /is not JSON/],
  ["half a file", `{"formatVersion":1,"profiles":[{"key":{"value":"${KEY}`, /is not JSON/],
  ["a key that is no JSON", `{"formatVersion":1,"profiles":[{"key":${KEY}}]}`, /is not JSON/],
  ["a list", [ONE], /it is of the wrong type/],
  ["null", "null", /it is of the wrong type/],
  ["no list of profiles", { formatVersion: 1 }, /it lacks a key "profiles"/],
  ["a newer format", { formatVersion: 2, profiles: [] }, /\/formatVersion has a value/],
  ["an unknown key", { ...holding({}), secrets: KEY }, /\/secrets is not known/],
  [
    "a profile that is text",
    { formatVersion: 1, profiles: [KEY] },
    /\/profiles\/0 is of the wrong/,
  ],
  [
    "no model",
    { formatVersion: 1, profiles: [{ name: "a", preset: "openai" }] },
    /lacks a key "model"/,
  ],
  ["an empty model", holding({ model: "" }), /\/model is empty/],
  ["an unknown preset", holding({ preset: KEY }), /\/preset has a value/],
  ["a name with a path", holding({ name: "../a" }), /\/name has a value/],
  ["an empty name", holding({ name: "" }), /\/name has a value/],
  ["a name of 65 letters", holding({ name: "a".repeat(65) }), /\/name has a value/],
  ["a name with a line break", holding({ name: "a\n" }), /\/name has a value/],
  ["a key as text", holding({ key: KEY }), /\/key is of the wrong type/],
  ["a key that is a number", holding({ key: { value: 1234567890123 } }), /\/key\/value is of/],
  ["a key with a line break", holding({ key: { value: `${KEY}\r\nx: y` } }), /\/key\/value has/],
  ["an empty key", holding({ key: { value: "" } }), /\/key\/value has/],
  ["a key without source", holding({ key: {} }), /\/key has a value/],
  ["a key with two sources", holding({ key: { value: KEY, env: "A" } }), /\/key has a value/],
  ["a key of an unknown source", holding({ key: { file: KEY } }), /\/key\/file is not known/],
  ["a variable with a space", holding({ key: { env: `A ${KEY}` } }), /\/key\/env has a value/],
  ["a file as base URL", holding({ baseUrl: "file:///etc" }), /\/baseUrl has a value/],
  ["a header with a line break", holding({ headers: { a: `${KEY}\nb: c` } }), /\/headers\/a has/],
  ["a header's name with a colon", holding({ headers: { "a:b": KEY } }), /\/headers.* has a value/],
  ["a header that is a number", holding({ headers: { a: 1 } }), /\/headers\/a is of/],
  [
    "an endless timeout",
    `{"formatVersion":1,"profiles":[{"name":"a","preset":"openai","model":"m","timeoutMs":1e999}]}`,
    /\/timeoutMs/,
  ],
  ["a timeout no timer takes", holding({ timeoutMs: 2_147_483_648 }), /\/timeoutMs has a value/],
  ["a window of nothing", holding({ contextWindowTokens: 0 }), /\/contextWindowTokens has/],
  ["half a retry", holding({ maxRetries: 0.5 }), /\/maxRetries is of the wrong type/],
  ["a temperature as text", holding({ temperature: "0" }), /\/temperature is of the wrong type/],
  ["half the prices", holding({ prices: { inputPerMillion: 1 } }), /lacks a key "outputPerM/],
  [
    "a negative price",
    holding({ prices: { inputPerMillion: -1, outputPerMillion: 0 } }),
    /\/inputP/,
  ],
  [
    "a score above all",
    holding({ lastTest: { at: "2026-11-20T14:30:00Z", model: "m", score: 101, exercises: [] } }),
    /\/score has a value/,
  ],
  [
    "two profiles of one name",
    { formatVersion: 1, profiles: [ONE, { ...ONE, name: "One" }] },
    /two profiles "One"/,
  ],
  ["a default that is none", { ...holding({}), default: "two" }, /default "two" is none/],
];

for (const [title, content, says] of HOSTILE) {
  Deno.test(`readProfiles() refuses ${title}, changes nothing and shows no key`, async () => {
    await inTemporaryFolder(async (dataDir) => {
      await write(dataDir, content);
      const before = await Deno.readTextFile(join(dataDir, "profiles.json"));
      const isRefusal = (thrown: Error & { code?: string }) => {
        assert.equal(thrown.code, "PROFILES_INVALID");
        assert.match(thrown.message, says);
        assert.ok(!Deno.inspect(thrown).includes(KEY.slice(0, 7)), Deno.inspect(thrown));
        return true;
      };

      assert.throws(() => readProfiles(dataDir), isRefusal);
      assert.throws(() => add(dataDir, { ...ONE, name: "new" }), isRefusal);
      assert.equal(await Deno.readTextFile(join(dataDir, "profiles.json")), before);
    });
  });
}

Deno.test("readProfiles() does not take a folder in the file's place for none", async () => {
  await inTemporaryFolder(async (dataDir) => {
    await Deno.mkdir(join(dataDir, "profiles.json"));

    assert.throws(() => readProfiles(dataDir), { code: "PROFILES_INVALID" });
  });
});
