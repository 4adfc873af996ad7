// Whether a tool call may run, must be asked for, or is refused. Pure.

/** What the policy says of one call. */
export type Consent = "allow" | "ask" | "deny";

const WRITING_TOOLS: ReadonlySet<string> = new Set(["fs.write", "fs.edit", "fs.apply_patch"]);

/**
 * Writes under `@project/artifacts/` are allowed, other writes to the project ask; reading and the
 * guarded state need no consent. `allowAll` (`--yes`) turns ask into allow and never overrides deny.
 * `path` is the mount path of the call, `undefined` if it is not known.
 */
export function consentFor(
  { tool, path }: { readonly tool: string; readonly path: string | undefined },
  options: { readonly allowAll: boolean },
): Consent {
  if (!WRITING_TOOLS.has(tool) || options.allowAll) return "allow";
  return path?.startsWith("@project/artifacts/") || path?.startsWith("@state/") ? "allow" : "ask";
}
