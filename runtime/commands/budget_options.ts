// `--max-tokens`, `--max-cost` and `--max-minutes`: what a run may spend before it pauses.
import { AppError } from "../../schemas/error.ts";
import type { RunOptions } from "../run/run_folder.ts";

/** The options, for `readOptions`. */
export const BUDGET_OPTIONS = {
  "max-tokens": { type: "string" },
  "max-cost": { type: "string" },
  "max-minutes": { type: "string" },
} as const;

type BudgetValues = Readonly<Partial<Record<keyof typeof BUDGET_OPTIONS, string | undefined>>>;

/** The budgets that were given. @throws AppError `USAGE` */
export function budgetsOf(
  values: BudgetValues,
): Pick<RunOptions, "maxTokens" | "maxCostUsd" | "maxMinutes"> {
  const maxTokens = positive(values, "max-tokens");
  const maxCostUsd = positive(values, "max-cost");
  const maxMinutes = positive(values, "max-minutes");
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
    ...(maxMinutes !== undefined && { maxMinutes }),
  };
}

function positive(values: BudgetValues, name: keyof BudgetValues): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new AppError("USAGE", `--${name} takes a number above 0, not "${text}"`);
}
