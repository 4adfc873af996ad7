// Checks the arguments of a tool call by the JSON Schema that `tools.yaml` declares for it.
import { validateAgainst } from "../../schemas/validate_against.ts";
import { TooMuchWork, WorkBudget } from "../../schemas/work_budget.ts";

/** Steps of matching patterns in the arguments of one call. */
const MAX_WORK = 10_000_000;

/** What is wrong with the arguments, in words for the model; `undefined` if they are right. Never throws. */
export function checkArguments(
  parameters: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>>,
): string | undefined {
  try {
    const verdict = validateAgainst(parameters, args, new WorkBudget(MAX_WORK));
    if (!verdict.ok) return `its "parameters" in tools.yaml cannot be used: ${verdict.message}`;
    return verdict.count === 0 ? undefined : verdict.violations.join("; ");
  } catch (thrown) {
    if (thrown instanceof TooMuchWork) return "the arguments are too large for their patterns";
    throw thrown;
  }
}
