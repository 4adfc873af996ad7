// Holes that the adversary once found, each with the attack that went through it.
import assert from "node:assert/strict";
import {
  ANCHORED_STAMP,
  DEEP_VALUES,
  FORGED_DECISIONS,
  FORGED_ON_THE_WAY,
  HUGE_VALUES,
  SHARED_LISTS,
} from "./history_attacks.ts";
import { LINKS_INSIDE, OUTPUT_ELSEWHERE, UNPRINTABLE_VARIABLES } from "./output_attacks.ts";
import { type Play, play } from "./stage.ts";
import { BACK_DOOR, WHOLE_PLAN } from "./transition_attacks.ts";
import { FLOODED_WINDOW, LATE_CALLS, LOOP_IN_A_MESSAGE, NAMELESS_CALL } from "./wire_attacks.ts";

async function requireUnharmed(request: Omit<Play, "maxTurns"> & { maxTurns?: number }) {
  const { breaches, moves } = await play({ maxTurns: 8, honesty: 0.3, ...request });
  const told = breaches.slice(0, 5).map(({ rule, seq, text }) => `event ${seq}, ${rule}: ${text}`);
  assert.deepEqual(told, [], `Seed ${request.seed}. Moves:\n${moves.join("\n")}\n`);
}

Deno.test("a write through a link below artifacts/ needs the consent that its real path needs", () =>
  requireUnharmed({ seed: 1, groups: [[LINKS_INSIDE]] }));

Deno.test("decisionLog takes no decision that nobody took, and the shell dates them", () =>
  requireUnharmed({ seed: 1, groups: [[FORGED_DECISIONS]] }));

Deno.test("decisionLog takes no decision of another node on a way that needs none", () =>
  requireUnharmed({ seed: 1, groups: [[FORGED_ON_THE_WAY]] }));

Deno.test("no alias makes the shell's own stamp change another list", () =>
  requireUnharmed({ seed: 1, groups: [[SHARED_LISTS]] }));

Deno.test("an anchor at updatedAt is refused", () =>
  requireUnharmed({ seed: 1, groups: [[ANCHORED_STAMP]] }));

Deno.test("values nested thousands deep are refused", () =>
  requireUnharmed({ seed: 3, groups: [[DEEP_VALUES]], honesty: 0, maxTurns: 6 }));

Deno.test("a variable that cannot become text stands for no part of a path", () =>
  requireUnharmed({ seed: 0, groups: [[UNPRINTABLE_VARIABLES]] }));

Deno.test("a declared output lies in the project, whatever its variable says", () =>
  requireUnharmed({ seed: 8, groups: [[OUTPUT_ELSEWHERE]], package: "maze", maxTurns: 20 }));

Deno.test("a closed edge stays closed where an open one leads to the same node", () =>
  requireUnharmed({
    seed: 0,
    groups: [[BACK_DOOR]],
    package: "maze",
    isBackDoorClosed: true,
    options: { conditionsBinding: true, context: "node" },
    honesty: 0,
  }));

Deno.test("a call without a tool's name leaves log lines that fit the schema", () =>
  requireUnharmed({ seed: 0, groups: [[NAMELESS_CALL]] }));

Deno.test("a person's advice comes when every call of the message has its result", () =>
  requireUnharmed({ seed: 0, groups: [[LOOP_IN_A_MESSAGE]], advisesMidway: true }));

Deno.test("executeRun() takes calls behind a finished node for no loop, however many they are", () =>
  requireUnharmed({ seed: 0, groups: [[WHOLE_PLAN]], options: { context: "run" }, maxTurns: 3 }));

Deno.test("executeRun() answers every call of a message that a stop cut off behind its finished node", () =>
  requireUnharmed({
    seed: 0,
    groups: [[LATE_CALLS]],
    options: { context: "run" },
    stopAt: "node_completed",
    maxTurns: 3,
  }));

Deno.test("one message over the model's window is shortened, and the run goes on", () =>
  requireUnharmed({ seed: 1, groups: [[FLOODED_WINDOW]], windowTokens: 128_000 }));

Deno.test("variables over the model's window are shortened in the prompt, and the run goes on", () =>
  requireUnharmed({ seed: 1, groups: [[HUGE_VALUES]], windowTokens: 128_000, honesty: 0 }));
