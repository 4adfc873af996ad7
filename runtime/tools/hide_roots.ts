// Keeps real paths out of failures: a message may quote what the model itself wrote.
import { toolFailure, type ToolResult } from "../../schemas/tool.ts";

/** A whole disk as the project (`/`, `C:\`) cannot be told from any other slash. */
const MIN_ROOT_CHARS = 3;

/** Puts mounts for real paths in the message of a failure; file contents stay untouched. */
export function hideRoots(
  roots: readonly (readonly [path: string, mount: string])[],
): (result: ToolResult) => ToolResult {
  const longestFirst = roots.filter(([root]) => root.length > MIN_ROOT_CHARS)
    .sort(([a], [b]) => b.length - a.length);
  return (result) => {
    if (result.ok) return result;
    const { code, message, details } = result.error;
    const hidden = longestFirst.reduce(
      (text, [root, mount]) => text.replaceAll(root, mount),
      message,
    );
    return toolFailure(code, hidden, details);
  };
}
