// The score of a profile's last test, in words and as a verdict.
import type { Profile, ProfileTest } from "../../schemas/profile.ts";

/** A model below this score may not manage a workflow. */
export const GOOD_SCORE = 60;

/** Whether the server answered: without it the score says nothing of the model. */
export function wasReached({ exercises }: ProfileTest): boolean {
  return exercises.some(({ exercise, passed }) => exercise === "reachable" && passed);
}

/** `score 87 of 100 on 2026-11-20`, what was wrong on that day, or how to get a score. */
export function scoreWords({ name, lastTest }: Profile): string {
  if (!lastTest) return `not tested: crewagent profile test ${name}`;
  const day = `on ${lastTest.at.slice(0, 10)}`;
  if (!wasReached(lastTest)) {
    return `not reached by its test ${day}: crewagent profile test ${name}`;
  }
  const doubt = lastTest.score < GOOD_SCORE ? "; it may not manage a workflow" : "";
  return `score ${Math.round(lastTest.score)} of 100 ${day}${doubt}`;
}
