// A person's rules for tools: reading, writing and applying them. Pure.
import { AppError } from "../../schemas/error.ts";
import type { Consent, ToolRule } from "../../schemas/tool_policy.ts";
import { compileGlob } from "./line_finder.ts";

/** A call as rules see it. */
export interface RuledCall {
  /** Dotted name. */
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Mount path of the call, where links have led; stands for the argument `path`. */
  readonly path: string | undefined;
}

/** Rules of one place, such as the settings or a run. The first that fits decides. */
export interface RuleList {
  /** What the rules say of a call, and the rule that says it. */
  ruleFor(call: RuledCall): ToolRule | undefined;
  /** A model need not know of the tool: whatever its arguments, it is denied. */
  hides(tool: string): boolean;
  /** Some rule for this tool looks at `path`. */
  looksAtPath(tool: string): boolean;
}

/**
 * A rule from words: the tool, then `argument=pattern` as often as needed.
 * @throws AppError `USAGE` saying which word is wrong
 */
export function parseRule(action: Consent, words: readonly string[]): ToolRule {
  const [tool, ...patterns] = words;
  if (!tool || tool.includes("=")) {
    throw new AppError(
      "USAGE",
      `A rule begins with a tool, such as fs.write or fs.*, not "${tool ?? ""}"`,
    );
  }
  const pairs = patterns.map((word) => {
    const [, name, pattern] = /^([A-Za-z_][\w-]*)=(.+)$/.exec(word) ?? [];
    if (name !== undefined && pattern !== undefined) return [name, pattern];
    throw new AppError(
      "USAGE",
      `"${word}" is no pattern of a rule; write argument=pattern, such as path=@project/docs/**`,
    );
  });
  return { action, tool, ...(pairs.length > 0 && { arguments: Object.fromEntries(pairs) }) };
}

/** A rule as `parseRule` takes it, with its action in front. */
export function formatRule(rule: ToolRule): string {
  const patterns = Object.entries(rule.arguments ?? {}).map(([name, value]) => `${name}=${value}`);
  return [rule.action, rule.tool, ...patterns].join(" ");
}

/** Makes rules ready to be asked. */
export function compileRules(rules: readonly ToolRule[]): RuleList {
  const compiled = rules.map((rule) => ({
    rule,
    fitsTool: compileGlob(rule.tool),
    patterns: Object.entries(rule.arguments ?? {})
      .map(([name, pattern]) => [name, compileGlob(pattern)] as const),
  }));
  const forTool = (tool: string) => compiled.filter(({ fitsTool }) => fitsTool(tool));
  return {
    ruleFor: (call) =>
      forTool(call.tool).find(({ patterns }) =>
        patterns.every(([name, fits]) => {
          const text = argumentText(call, name);
          return text !== undefined && fits(text);
        })
      )?.rule,
    hides(tool) {
      const [first] = forTool(tool);
      return first?.rule.action === "deny" && first.patterns.length === 0;
    },
    looksAtPath: (tool) =>
      forTool(tool).some(({ patterns }) => patterns.some(([name]) => name === "path")),
  };
}

function argumentText(call: RuledCall, name: string): string | undefined {
  const value = name === "path" ? call.path ?? call.arguments.path : call.arguments[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
