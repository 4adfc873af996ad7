// A hostile model drives runs by the thousand turns; an independent judge hears every event. 24 seeds, six
// for each package, are played with the other tests; more: CREWAGENT_ADVERSARY_SEEDS=500; one seed again: CREWAGENT_ADVERSARY_SEED=17.
import assert from "node:assert/strict";
import { ATTACK_GROUPS } from "./hostile_model.ts";
import { PACKAGES, play, type Played } from "./stage.ts";

const DEFAULT_SEEDS = 24;
const MAX_TURNS = 100;
const only = Deno.env.get("CREWAGENT_ADVERSARY_SEED");
const count = Number(Deno.env.get("CREWAGENT_ADVERSARY_SEEDS") ?? DEFAULT_SEEDS);
const seeds = only === undefined
  ? Array.from({ length: count }, (_, seed) => seed)
  : [Number(only)];

Deno.test("executeRun() gives a hostile model nothing, and leaves runs that an honest one can finish", async (t) => {
  const played: Played[] = [];
  for (const seed of seeds) {
    await t.step(`seed ${seed}, ${PACKAGES[seed % PACKAGES.length]}`, async () => {
      const outcome = await play({ seed, groups: ATTACK_GROUPS, maxTurns: MAX_TURNS });
      played.push(outcome);
      const moves = outcome.moves.join("\n");
      const replay = `Play it again with CREWAGENT_ADVERSARY_SEED=${seed}. Moves:\n${moves}\n`;
      assert.deepEqual(outcome.breaches, [], replay);
    });
  }
  const turns = played.reduce((sum, outcome) => sum + outcome.turns, 0);
  assert.ok(turns >= seeds.length, `only ${turns} turns were taken`);
});

Deno.test("the attacks of a hostile model are many and told apart by their names", () => {
  const names = ATTACK_GROUPS.flat().map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 70, `${names.length} attacks`);
});

Deno.test("openJudge() sees what a guard lets through that is not strict", async () => {
  const lenient = [
    "goes on without claiming its node",
    "decides without a decision",
    "completes without writing",
    "takes another run's id",
  ];
  const group = ATTACK_GROUPS.flat().filter(({ name }) => lenient.includes(name));
  const seen = new Set<string>();
  for (const seed of [0, 4]) {
    const { breaches } = await play({
      seed,
      groups: [group],
      options: { strictness: "compatible" },
      maxTurns: 30,
    });
    for (const { rule } of breaches) seen.add(rule);
  }
  assert.deepEqual([...seen].sort(), ["decision", "edge", "history", "output"]);
});
