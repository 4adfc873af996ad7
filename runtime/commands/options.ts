// Reading a command's arguments so that a mistake ends as `USAGE` with the way out.
import { parseArgs, type ParseArgsConfig } from "node:util";
import { AppError, messageOf } from "../../schemas/error.ts";

/** Options of a command, as `parseArgs` takes them. */
export type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads a command's arguments. Which positionals there may be, the command says itself.
 * @throws AppError `USAGE` for an unknown option or a missing value
 */
export function readOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const [sentence] = messageOf(cause).split(". To specify");
    throw new AppError("USAGE", `${sentence}. See --help`, { cause });
  }
}

/** Refuses positionals where a command takes none. @throws AppError `USAGE` */
export function noPositionals([first]: readonly string[], usage: string): void {
  if (first !== undefined) {
    throw new AppError("USAGE", `"${first}" is one argument too many. Usage: ${usage}`);
  }
}

/** The single positional argument. @throws AppError `USAGE` if there is none or more than one */
export function onePositional(positionals: readonly string[], name: string, usage: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new AppError("USAGE", `${name} is missing. Usage: ${usage}`);
  if (second === undefined) return first;
  throw new AppError("USAGE", `"${second}" is one argument too many. Usage: ${usage}`);
}
