// The seam to whoever answers a run: a terminal, a file of answers, a page, or nobody.
import type {
  Answer,
  ApprovalDecision,
  ApprovalRequest,
  Question,
} from "../../schemas/question.ts";

/** Answers for a run. `null` means: nobody here can answer, the run waits. */
export interface Person {
  ask(question: Question, place: AskedAt): Promise<GivenAnswer | null>;
  approve(request: ApprovalRequest, place: AskedAt): Promise<ApprovalDecision | null>;
  /** The model stopped without finishing its node: what should it be told? */
  advise(reason: string, place: AskedAt): Promise<string | null>;
}

/** Where a question came up; `signal` ends the asking when the run is stopped. */
export interface AskedAt {
  readonly nodeId: string;
  readonly signal: AbortSignal;
}

/** An answer and who gave it. */
export interface GivenAnswer {
  readonly answer: Answer;
  readonly by: "person" | "answers" | "simulation";
}

/** A person who is not there: every question makes the run wait. */
export const nobody: Person = {
  ask: () => Promise.resolve(null),
  approve: () => Promise.resolve(null),
  advise: () => Promise.resolve(null),
};

/** Asks the first; whatever it leaves open goes to the second. */
export function firstOf(first: Person, second: Person): Person {
  return {
    ask: async (question, place) =>
      await first.ask(question, place) ?? await second.ask(question, place),
    approve: async (request, place) =>
      await first.approve(request, place) ?? await second.approve(request, place),
    advise: async (reason, place) =>
      await first.advise(reason, place) ?? await second.advise(reason, place),
  };
}
