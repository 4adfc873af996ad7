// Failures inside the file worker, in words that hold no path of the machine.
import { type ToolErrorCode, type ToolFailure, toolFailure } from "../../schemas/tool.ts";

/** Thrown inside the worker; becomes the `ToolFailure` of the request. */
export class FileProblem extends Error {
  readonly code: ToolErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ToolErrorCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What the system's error codes mean to a model. */
const SYSTEM_CODES: Readonly<Record<string, readonly [ToolErrorCode, string]>> = {
  EACCES: ["E_TOOL_DENIED", "the system does not give access to it"],
  EPERM: ["E_TOOL_DENIED", "the system does not allow it"],
  EROFS: ["E_TOOL_DENIED", "the disk is read only"],
  ENOENT: ["ENOENT", "it does not exist"],
  ENOTDIR: ["ENOENT", "a part of the path is a file, not a folder"],
  EISDIR: ["E_TOOL_ARGS", "it is a folder, not a file"],
  ENAMETOOLONG: ["E_SANDBOX_VIOLATION", "a name is too long for the system"],
  ELOOP: ["E_SANDBOX_VIOLATION", "its links lead in a circle"],
  ENOSPC: ["E_INTERNAL", "the disk is full"],
  EDQUOT: ["E_INTERNAL", "the disk quota is used up"],
  EMFILE: ["E_INTERNAL", "too many files are open"],
  ENOTEMPTY: ["E_PRECONDITION_FAILED", "something else was put into it meanwhile"],
  EBUSY: ["E_INTERNAL", "another program holds it"],
  EINVAL: ["E_SANDBOX_VIOLATION", "the system does not take such a name"],
};

/**
 * Anything thrown during an operation as a failure. `name` is the mount path it was about. The
 * system's own message is dropped, since it quotes real paths.
 */
export function describeProblem(thrown: unknown, name: string): ToolFailure {
  if (thrown instanceof FileProblem) {
    return toolFailure(thrown.code, thrown.message, thrown.details);
  }
  if (thrown instanceof Deno.errors.NotCapable) {
    return toolFailure(
      "E_SANDBOX_VIOLATION",
      `"${name}" was stopped at the second wall: the file worker has no right to it`,
    );
  }
  const code = systemCode(thrown);
  const known = SYSTEM_CODES[code];
  if (known) return toolFailure(known[0], `"${name}" cannot be used: ${known[1]}`);
  return toolFailure("E_INTERNAL", `"${name}" cannot be used: the system answered ${code}`);
}

/** The system's code of an error (`ENOENT`), or the error's class name. */
export function systemCode(thrown: unknown): string {
  if (thrown instanceof Deno.errors.NotFound) return "ENOENT";
  const { code, name } = thrown as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : String(name);
}
