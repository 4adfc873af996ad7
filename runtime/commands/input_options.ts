// `--set NAME=VALUE`: what a workflow wants to know, on the command line.
import { AppError } from "../../schemas/error.ts";

/** `--set NAME=VALUE` as the values of a workflow's inputs. @throws AppError `USAGE` */
export function inputsOf(
  values: readonly string[] | undefined,
): { inputs?: Record<string, string> } {
  if (!values || values.length === 0) return {};
  const pairs = values.map((value) => {
    const at = value.indexOf("=");
    if (at > 0) return [value.slice(0, at), value.slice(at + 1)];
    throw new AppError("USAGE", `--set takes NAME=VALUE, not "${value}"`);
  });
  return { inputs: Object.fromEntries(pairs) };
}
