// Chance that can be played again, and what attacks ask of it.
import { seededRandom } from "../../runtime/run/walk/seeded_random.ts";

/** Chance by a seed. Two of the same seed say the same. */
export interface Random {
  /** From 0 up to, not including, `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** One of the items. @throws Error if there is none */
  pick<T>(items: readonly T[]): T;
}

/** A generator for a seed and, so that nothing has to be kept between requests, a request's number. */
export function randomOf(seed: number, number: number): Random {
  const next = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  next();
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new Error("There is nothing to pick from");
      return items[int(items.length)] as T;
    },
  };
}
