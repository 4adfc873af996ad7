// The people of a seed: one who answers now and then, and one who wants the run to end well.
import type { RunEvent } from "../../schemas/run_event.ts";
import { simulatedPerson } from "../../runtime/run/answers.ts";
import { nobody, type Person } from "../../runtime/run/person.ts";
import type { Random } from "./random.ts";

/** Whether calls of the last message have no result yet. */
export function hasOpenCalls(events: readonly RunEvent[]): boolean {
  const said = events.findLast((event) => event.type === "assistant_message");
  const answered = events.findLast((event) => event.type === "tool_result");
  return (said?.message.toolCalls?.at(-1)?.id ?? answered?.callId) !== answered?.callId;
}

/** A person who answers now and then, and consents seldom. */
export function fickle(random: Random, mayAdvise: () => boolean): Person {
  return {
    ask: (question, place) =>
      random.chance(0.97) ? simulatedPerson.ask(question, place) : Promise.resolve(null),
    approve: () =>
      Promise.resolve(
        random.pick([
          { decision: "deny", scope: "once" } as const,
          { decision: "deny", scope: "once" } as const,
          { decision: "deny", scope: "once", reason: "No" } as const,
          { decision: "allow", scope: "once" } as const,
          null,
        ]),
      ),
    advise: () =>
      Promise.resolve(mayAdvise() && random.chance(0.97) ? "Do what the step says" : null),
  };
}

/** A person who wants the run to end well. */
export const HELPFUL: Person = {
  ...nobody,
  ask: simulatedPerson.ask,
  approve: () => Promise.resolve({ decision: "deny", scope: "once", reason: "Not needed" }),
};
