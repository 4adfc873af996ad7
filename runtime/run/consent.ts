// Whether a tool call may run, must be asked for, or is refused. Pure.
import type { CallPlan } from "../tools/tool_host.ts";

/** What the policy says of one call. */
export type Consent = "allow" | "ask" | "deny";

/**
 * Writes under `@project/artifacts/` are allowed, other writes to the project ask; reading and the
 * guarded state need no consent. `allowAll` (`--yes`) turns ask into allow and never overrides deny.
 */
export function consentFor(plan: CallPlan, options: { allowAll: boolean }): Consent {
  if (plan.effect !== "project-write" || plan.path?.startsWith("@project/artifacts/")) {
    return "allow";
  }
  return options.allowAll ? "allow" : "ask";
}
