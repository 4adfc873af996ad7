// A person's rules for tools, and the consents they gave for good. `tool_policy.schema.json` is the
// contract. Not here: limits of a tool (`runtime/tools/policy.ts`).

/** What is done with a call: run it, ask a person first, refuse it. */
export type Consent = "allow" | "ask" | "deny";

/** Fits a call by its tool and, where named, by its arguments. Patterns are globs. */
export interface ToolRule {
  readonly action: Consent;
  /** Dotted name, such as `fs.write`, `fs.*`, `mcp__github__*`. */
  readonly tool: string;
  /** Name of an argument → pattern of its value; `path` is the mount path where links have led. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/** A consent for every run of one package and agent: this tool on this path. */
export interface StandingConsent {
  readonly packageHash: string;
  readonly agentId: string;
  readonly tool: string;
  readonly path?: string;
}

/** `policy.json`. In `rules` the first that fits decides. */
export interface ToolPolicyDocument {
  readonly formatVersion: 1;
  readonly rules: readonly ToolRule[];
  readonly always: readonly StandingConsent[];
}
