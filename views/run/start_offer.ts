// What the page of a start shows: plain data, made by `builder/start_offer.ts`.

/** An agent to begin with. */
export interface OfferedAgent {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly icon: string;
  /** Its role in a few words. */
  readonly role: string;
  readonly menu: readonly OfferedItem[];
}

/** A menu item, or one of several candidates; `says` picks it. */
export interface OfferedItem {
  readonly says: string;
  readonly description: string;
}

/** A workflow to begin with. */
export interface OfferedWorkflow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly nodes: readonly { readonly id: string; readonly title: string }[];
  readonly inputs: readonly OfferedInput[];
  /** Files of the project that its entry node reads. */
  readonly files: readonly string[];
}

/** A value that a workflow wants. */
export interface OfferedInput {
  readonly name: string;
  readonly kind: "text" | "number" | "yes-no" | "json";
  readonly isRequired: boolean;
  /** As a person would write it; empty where there is none. */
  readonly preset: string;
}

/** What a package offers to begin with. */
export interface StartOffer {
  readonly agents: readonly OfferedAgent[];
  /** The default one first. */
  readonly workflows: readonly OfferedWorkflow[];
}

/** The ways to start; the first is the usual one. */
export const START_WAYS = ["agent", "workflow", "chat"] as const;

/** A word of `START_WAYS`. */
export type StartWay = typeof START_WAYS[number];

/** A profile to choose, with the score of its last test; `null`: it was never tested. */
export interface ProfileChoice {
  readonly name: string;
  readonly model: string;
  readonly isDefault: boolean;
  readonly test: { readonly score: number; readonly day: string; readonly isLow: boolean } | null;
}

/** The value of `profile` that stands for the simulation; no profile can have this name. */
export const SIMULATION = "@simulation";

/** What was typed, by the fields' names. */
export type TypedStart = Readonly<Record<string, string>>;

/** What is wrong with what was typed. */
export interface StartFault {
  /** The field it is about; the form as a whole where there is none. */
  readonly at?: "project" | "profile" | "say";
  readonly message: string;
  /** Input name → message. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Candidates, where a person has to choose. */
  readonly choices?: readonly OfferedItem[];
}
