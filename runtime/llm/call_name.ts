// Which tool a model means, however it or its chat template spells the name. Pure.
import type { ToolDefinition } from "../../schemas/tool.ts";

/**
 * The offered tool of this name, or the only one that differs in case, separators, a prefix such as
 * `functions.` or what templates leave behind it: `fs_read<|channel|>json`, `fs_read:0`.
 */
export function findTool(
  written: string,
  tools: readonly ToolDefinition[],
): ToolDefinition | undefined {
  const exact = tools.find(({ name }) => name === written);
  if (exact) return exact;
  const plain = plainName(written);
  const alike = tools.filter(({ name }) => plainName(name) === plain);
  return alike.length === 1 ? alike[0] : undefined;
}

/** A name without the markup that chat templates leak into it. */
export function withoutMarkup(name: string): string {
  return name.replace(/<[|/][\s\S]*$/, "").trim();
}

function plainName(name: string): string {
  return withoutMarkup(name).toLowerCase()
    .replace(/^(?:functions?|tools?|default_api)[.:]/, "")
    .replace(/:\d+$/, "")
    .replace(/[^a-z0-9]/g, "_");
}
