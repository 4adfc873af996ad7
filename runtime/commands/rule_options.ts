// `--allow`, `--ask` and `--deny`: a run's own rules for tools.
import type { Consent, ToolRule } from "../../schemas/tool_policy.ts";
import { parseRule } from "../tools/tool_rules.ts";

/** The options, for `readOptions`. */
export const RULE_OPTIONS = {
  allow: { type: "string", multiple: true },
  ask: { type: "string", multiple: true },
  deny: { type: "string", multiple: true },
} as const;

const STRICTEST_FIRST: readonly Consent[] = ["deny", "ask", "allow"];

/** The rules that were given; none leave the option out. @throws AppError `USAGE` */
export function rulesOf(
  values: Readonly<Partial<Record<Consent, readonly string[] | undefined>>>,
): { readonly rules?: readonly ToolRule[] } {
  const rules = STRICTEST_FIRST.flatMap((action) =>
    (values[action] ?? []).map((text) => parseRule(action, text.trim().split(/\s+/)))
  );
  return rules.length > 0 ? { rules } : {};
}
