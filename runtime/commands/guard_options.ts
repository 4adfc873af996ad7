// How strictly a run is guarded, as options of `run`.
import { AppError } from "../../schemas/error.ts";
import type { RunOptions } from "../run/run_folder.ts";

/** The options, for `readOptions`. */
export const GUARD_OPTIONS = {
  strictness: { type: "string" },
  outputs: { type: "string" },
  context: { type: "string" },
  "bind-conditions": { type: "boolean", default: false },
} as const;

/** What was given of them. */
export interface GuardValues {
  readonly strictness?: string | undefined;
  readonly outputs?: string | undefined;
  readonly context?: string | undefined;
  readonly "bind-conditions"?: boolean | undefined;
}

/** The options of a run that were given. @throws AppError `USAGE` naming the words there are */
export function guardOptionsOf(values: GuardValues): Partial<RunOptions> {
  return {
    ...oneOf(values, "strictness", ["strict", "compatible"]),
    ...oneOf(values, "outputs", ["required", "warn"]),
    ...oneOf(values, "context", ["node", "run"]),
    ...(values["bind-conditions"] && { conditionsBinding: true }),
  };
}

function oneOf<Word extends string>(
  values: GuardValues,
  name: "strictness" | "outputs" | "context",
  words: readonly Word[],
): { readonly [key: string]: Word } {
  const given = values[name];
  if (given === undefined) return {};
  const word = words.find((known) => known === given);
  if (word) return { [name]: word };
  throw new AppError("USAGE", `--${name} takes ${words.join(" or ")}, not "${given}"`);
}
