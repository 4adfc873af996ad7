// Questions a run asks a person, and their answers; approvals too.

/** How a question wants to be answered. */
export type QuestionKind = "text" | "form" | "selection" | "confirmation" | "review";

/** A question of the model (`ui.ask_user`). */
export interface Question {
  readonly question: string;
  readonly kind: QuestionKind;
  /** For `selection`. */
  readonly options?: readonly string[];
  /** For `form`: a JSON Schema of type object. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** For `review`: the artifact to look at. */
  readonly path?: string;
}

/** An answer: text, a chosen option, true/false, form values, or a review verdict. */
export type Answer =
  | string
  | boolean
  | Readonly<Record<string, unknown>>;

/** A tool call that needs a person's consent. */
export interface ApprovalRequest {
  readonly callId: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Mount path the call would change. */
  readonly path?: string;
  /** Unified diff of the change. */
  readonly diff?: string;
}

/** What a person decides about an approval. */
export interface ApprovalDecision {
  readonly decision: "allow" | "deny";
  /**
   * `once` this call; `run` this tool on this path for the rest of the run; `always` in every run of
   * the same package and agent.
   */
  readonly scope: "once" | "run" | "always";
  readonly reason?: string;
}
