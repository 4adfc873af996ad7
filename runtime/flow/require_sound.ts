// Refuses flow sources with errors. No file system: a generated project carries it without the reader.
import { AppError } from "../../schemas/error.ts";
import { hasErrors } from "../../schemas/finding.ts";
import type { FlowSource } from "./flow_source.ts";

/** @throws AppError `FLOW_INVALID` with the findings as details, if one is an error */
export function requireSound({ findings }: Pick<FlowSource, "findings">): void {
  if (!hasErrors(findings)) return;
  const errors = findings.filter(({ severity }) => severity === "error");
  const lines = errors.slice(0, 20).map(({ file, line, message, hint }) =>
    `${file}${line === undefined ? "" : `:${line}`}: ${message}. ${hint}`
  );
  const more = errors.length > 20 ? `\n… and ${errors.length - 20} more` : "";
  throw new AppError(
    "FLOW_INVALID",
    `The flow cannot be used; it has ${errors.length} error${errors.length === 1 ? "" : "s"}:\n` +
      `${lines.join("\n")}${more}`,
    { details: { findings: errors } },
  );
}
