import assert from "node:assert/strict";
import { chooseConnection, namesModel } from "../../../runtime/commands/choose_connection.ts";
import { announceProfile, profileOfRun } from "../../../runtime/commands/named_profile.ts";
import { changeProfiles } from "../../../runtime/run/profile_file.ts";
import type { Profile, ProfileTest } from "../../../schemas/profile.ts";
import { inTemporaryFolder, outputOf } from "./output.ts";

const KEY = "sk-very-secret-0123456789";
const LOCAL: Profile = { name: "local", preset: "ollama", model: "qwen3:8b" };
const WORK: Profile = {
  name: "work",
  preset: "custom",
  model: "m",
  baseUrl: `http://localhost:1/v1?key=${KEY}`,
  key: { value: KEY },
  headers: { "x-secret": KEY },
  prices: { inputPerMillion: 1, outputPerMillion: 2 },
};
const VARIABLES = ["CREWAGENT_MODEL", "CREWAGENT_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"];

/** Runs a test with profiles in a data folder and nothing but `CREWAGENT_MODEL` in the environment. */
async function withProfiles(
  defaultName: string | undefined,
  act: (dataDir: string) => void | Promise<void>,
): Promise<void> {
  const before = VARIABLES.map((name) => [name, Deno.env.get(name)] as const);
  VARIABLES.forEach((name) => Deno.env.delete(name));
  Deno.env.set("CREWAGENT_MODEL", "from-environment");
  Deno.env.set("OPENAI_BASE_URL", "http://localhost:2/v1");
  try {
    await inTemporaryFolder(async (dataDir) => {
      changeProfiles(dataDir, (document) => ({
        ...document,
        ...(defaultName !== undefined && { default: defaultName }),
        profiles: [LOCAL, WORK],
      }));
      await act(dataDir);
    });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** What was given, the default profile, the model that is chosen. */
const ORDER: readonly [Parameters<typeof chooseConnection>[0], string | undefined, string][] = [
  [{ simulate: true, model: "m1", profile: "work" }, "local", "simulation"],
  [{ model: "m1", profile: "work" }, "local", "m1"],
  [{ "base-url": "http://localhost:3/v1", profile: "work" }, "local", "from-environment"],
  [{ profile: "WORK" }, "local", "m"],
  [{}, "local", "qwen3:8b"],
  [{}, undefined, "from-environment"],
];

for (const [values, defaultName, model] of ORDER) {
  const title = `${JSON.stringify(values)} and ${defaultName ?? "no"} default`;
  Deno.test(`chooseConnection() chooses ${model} by ${title}`, () =>
    withProfiles(defaultName, (dataDir) => {
      assert.equal(chooseConnection(values, dataDir).model, model);
    }));
}

Deno.test("chooseConnection() keeps of a profile its name, place and prices, and no secret", () =>
  withProfiles(undefined, (dataDir) => {
    assert.deepEqual(chooseConnection({ profile: "work" }, dataDir), {
      provider: "openai",
      model: "m",
      baseUrl: "http://localhost:1/v1",
      profile: "work",
      prices: { inputPerMillion: 1, outputPerMillion: 2 },
    });
    assert.equal(chooseConnection({ profile: "local" }, dataDir).provider, "ollama");
  }));

Deno.test("chooseConnection() refuses a profile that is not there", () =>
  withProfiles(undefined, (dataDir) => {
    assert.throws(() => chooseConnection({ profile: "wrok" }, dataDir), {
      code: "PROFILE_NOT_FOUND",
      message: /"wrok"\. Did you mean "work"\?/,
    });
  }));

Deno.test("chooseConnection() refuses a profile without its key before a run is made", () =>
  withProfiles(undefined, (dataDir) => {
    changeProfiles(dataDir, (document) => ({
      ...document,
      profiles: [{ name: "a", preset: "openai", model: "m", key: { env: "NOT_SET_ANYWHERE" } }],
    }));
    assert.throws(() => chooseConnection({ profile: "a" }, dataDir), {
      code: "LLM_NOT_CONFIGURED",
      message: /"a".*NOT_SET_ANYWHERE/,
    });
  }));

Deno.test("chooseConnection() does not take broken profiles for none, unless a model is named", () =>
  inTemporaryFolder(async (dataDir) => {
    await Deno.writeTextFile(`${dataDir}/profiles.json`, "{");
    assert.throws(() => chooseConnection({}, dataDir), { code: "PROFILES_INVALID" });
    assert.equal(chooseConnection({ simulate: true }, dataDir).provider, "simulate");
  }));

Deno.test("namesModel() tells a choice from none", () => {
  const choices = [{ simulate: true }, { model: "m" }, { "base-url": "u" }, { profile: "p" }];

  assert.deepEqual(choices.map(namesModel), [true, true, true, true]);
  assert.equal(namesModel({ simulate: false }), false);
});

Deno.test("profileOfRun() says what to do when the profile of a run was removed", () =>
  withProfiles(undefined, (dataDir) => {
    assert.deepEqual(profileOfRun(dataDir, "local", "run-1"), LOCAL);
    assert.throws(() => profileOfRun(dataDir, "old", "run-1"), {
      code: "PROFILE_NOT_FOUND",
      message: /"old", which was removed.*profile add old.*crewagent resume run-1 --profile NAME/,
    });
  }));

function lastTest(score: number): ProfileTest {
  const reachable = {
    exercise: "reachable",
    passed: score > 0,
    reason: "r",
    durationMs: 1,
  } as const;
  return { at: "2026-11-20T14:30:00Z", model: "qwen3:8b", score, exercises: [reachable] };
}

/** The profile's last test, the line before a run. */
const LINES: readonly [ProfileTest | undefined, string][] = [
  [undefined, "Profile local: qwen3:8b, not tested: crewagent profile test local"],
  [lastTest(87.4), "Profile local: qwen3:8b, score 87 of 100 on 2026-11-20"],
  [
    lastTest(30),
    "Profile local: qwen3:8b, score 30 of 100 on 2026-11-20; it may not manage a workflow",
  ],
  [
    lastTest(0),
    "Profile local: qwen3:8b, not reached by its test on 2026-11-20: crewagent profile test local",
  ],
];

for (const [test, line] of LINES) {
  Deno.test(`announceProfile() prints "${line}"`, () =>
    withProfiles(undefined, async (dataDir) => {
      changeProfiles(dataDir, (document) => ({
        ...document,
        profiles: [{ ...LOCAL, ...(test && { lastTest: test }) }],
      }));
      const printed = await outputOf({
        help: "",
        run() {
          announceProfile(dataDir, { provider: "ollama", model: "m", profile: "local" });
          announceProfile(dataDir, { provider: "openai", model: "m" });
          return Promise.resolve(0);
        },
      }, []);

      assert.deepEqual(printed, { exitCode: 0, out: "", err: line });
    }));
}
