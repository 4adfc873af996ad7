// The hostile model: a function of a request and a seed. It keeps nothing between two requests, so a
// seed can be played again; between its attacks it works honestly, or it would never leave node one.
import type { WorkflowGraph } from "../../schemas/package.ts";
import type { ReplyFunction } from "../model_server/script.ts";
import { FILE_ATTACKS } from "./file_attacks.ts";
import {
  ANCHORED_STAMP,
  DEEP_VALUES,
  DOCUMENT_ATTACKS,
  FORGED_DECISIONS,
  FORGED_ON_THE_WAY,
  HISTORY_ATTACKS,
  SHARED_LISTS,
} from "./history_attacks.ts";
import { honestMove } from "./honest_moves.ts";
import {
  LINKS_INSIDE,
  OUTPUT_ATTACKS,
  OUTPUT_ELSEWHERE,
  UNPRINTABLE_VARIABLES,
} from "./output_attacks.ts";
import { randomOf } from "./random.ts";
import { type Attack, briefedNode, type Places } from "./scene.ts";
import { TRANSITION_ATTACKS, WHOLE_PLAN } from "./transition_attacks.ts";
import { LATE_CALLS, LOOP_IN_A_MESSAGE, NAMELESS_CALL, WIRE_ATTACKS } from "./wire_attacks.ts";

/** They went through once (`closed_holes_test.ts`). */
const CLOSED_HOLES: readonly Attack[] = [
  FORGED_DECISIONS,
  FORGED_ON_THE_WAY,
  SHARED_LISTS,
  ANCHORED_STAMP,
  DEEP_VALUES,
  LINKS_INSIDE,
  OUTPUT_ELSEWHERE,
  UNPRINTABLE_VARIABLES,
  NAMELESS_CALL,
  LOOP_IN_A_MESSAGE,
  LATE_CALLS,
  WHOLE_PLAN,
];

/** Kinds of attack by what they aim at; each group is equally likely. */
export const ATTACK_GROUPS: readonly (readonly Attack[])[] = [
  TRANSITION_ATTACKS,
  OUTPUT_ATTACKS,
  HISTORY_ATTACKS,
  DOCUMENT_ATTACKS,
  FILE_ATTACKS,
  WIRE_ATTACKS,
  CLOSED_HOLES,
];

/** What a hostile model is made of. */
export interface HostileOptions {
  readonly seed: number;
  readonly groups: readonly (readonly Attack[])[];
  /** How often it works honestly instead, 0 to 1. */
  readonly honesty: number;
  readonly graphs: readonly WorkflowGraph[];
  readonly places: Places;
  /** The state document as it is saved now. */
  readDocument(): string;
  /** Hears which attack answers which request. */
  onMove(number: number, nodeId: string, name: string): void;
}

/** The replies of a hostile model. */
export function hostileModel(options: HostileOptions): ReplyFunction {
  const { seed, groups, honesty, graphs, places } = options;
  return (request) => {
    const { number } = request;
    const random = randomOf(seed, number);
    const { graph, node } = briefedNode(request, graphs);
    const attack = random.chance(honesty) ? HONEST : random.pick(random.pick(groups));
    options.onMove(number, node.id, attack.name);
    const document = options.readDocument();
    return attack.make({ node, graph, document, places, random, number });
  };
}

const HONEST: Attack = { name: "works honestly", make: honestMove };
