// Reading a command's arguments so that a mistake ends as `USAGE` with the way out.
import { AppError, messageOf } from "../../schemas/error.ts";

/** Runs `parseArgs` and turns its refusal into an AppError `USAGE`. */
export function readOptions<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (cause) {
    const [sentence] = messageOf(cause).split(". To specify");
    throw new AppError("USAGE", `${sentence}. See --help`, { cause });
  }
}

/** The single positional argument. @throws AppError `USAGE` if there is none or more than one */
export function onePositional(positionals: readonly string[], name: string, usage: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new AppError("USAGE", `${name} is missing. Usage: ${usage}`);
  if (second === undefined) return first;
  throw new AppError("USAGE", `"${second}" is one argument too many. Usage: ${usage}`);
}
