// The tool policy as the owner sees and changes it, in the browser and over the API.
import { listRuns } from "../../runtime/run/run_folder.ts";
import { changeToolPolicy, readToolPolicy } from "../../runtime/run/tool_policy_file.ts";
import { compileRules, formatRule, parseRule } from "../../runtime/tools/tool_rules.ts";
import { AppError } from "../../schemas/error.ts";
import { createHash } from "node:crypto";
import type { Consent, StandingConsent, ToolRule } from "../../schemas/tool_policy.ts";

/** A rule of every run; the first that fits a call decides. */
export interface ShownRule {
  /** Names the rule as it is; another text has another id. */
  readonly ruleId: string;
  readonly action: Consent;
  readonly tool: string;
  /** Name of an argument → pattern. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** A consent for every run of one package and agent. */
export interface ShownConsent {
  readonly consentId: string;
  readonly packageHash: string;
  /** Name and version, where a run is there that tells; `null` otherwise. */
  readonly packageName: string | null;
  /** Empty for a run without an agent. */
  readonly agentId: string;
  readonly tool: string;
  readonly path: string | null;
}

/** The whole policy. */
export interface ShownPolicy {
  readonly rules: readonly ShownRule[];
  readonly always: readonly ShownConsent[];
}

/** The policy as it is. @throws AppError `POLICY_INVALID` */
export function shownPolicy(dataDir: string): ShownPolicy {
  const { rules, always } = readToolPolicy(dataDir);
  const names = always.length === 0 ? new Map<string, string>() : packageNames(dataDir);
  return {
    rules: rules.map((rule) => ({
      ruleId: idOf(rule),
      action: rule.action,
      tool: rule.tool,
      arguments: rule.arguments ?? {},
    })),
    always: always.map((consent) => ({
      ...consent,
      consentId: idOf(consent),
      packageName: names.get(consent.packageHash) ?? null,
      path: consent.path ?? null,
    })),
  };
}

function packageNames(dataDir: string): ReadonlyMap<string, string> {
  return new Map(
    listRuns(dataDir).map(({ package: { hash, name, version } }) => [hash, `${name} ${version}`]),
  );
}

/**
 * A rule from a tool and lines of `argument=pattern`.
 * @throws AppError `USAGE` saying which word is wrong
 */
export function readRule(action: Consent, tool: string, lines: readonly string[]): ToolRule {
  const rule = parseRule(action, [tool.trim(), ...lines.map((line) => line.trim())]);
  compileRules([rule]);
  return rule;
}

/** Puts a rule before all others; the same rule further behind goes. @throws AppError `POLICY_INVALID` */
export function addRule(dataDir: string, rule: ToolRule): string {
  const id = idOf(rule);
  changeToolPolicy(dataDir, (policy) => ({
    ...policy,
    rules: [rule, ...policy.rules.filter((other) => idOf(other) !== id)],
  }));
  return id;
}

/** Removes a rule. @throws AppError `POLICY_RULE_NOT_FOUND`, `POLICY_INVALID` */
export function removeRule(dataDir: string, ruleId: string): void {
  changeToolPolicy(dataDir, (policy) => {
    const rules = policy.rules.filter((rule) => idOf(rule) !== ruleId);
    if (rules.length === policy.rules.length) throw notFound("rule");
    return { ...policy, rules };
  });
}

/** Lets a rule speak before the one above it. @throws as `removeRule` */
export function raiseRule(dataDir: string, ruleId: string): void {
  changeToolPolicy(dataDir, (policy) => {
    const at = policy.rules.findIndex((rule) => idOf(rule) === ruleId);
    const rule = policy.rules[at];
    if (rule === undefined) throw notFound("rule");
    const rules = policy.rules.toSpliced(at, 1).toSpliced(Math.max(0, at - 1), 0, rule);
    return { ...policy, rules };
  });
}

/** Withdraws a consent: its calls are asked for again. @throws as `removeRule` */
export function withdrawConsent(dataDir: string, consentId: string): void {
  changeToolPolicy(dataDir, (policy) => {
    const always = policy.always.filter((consent) => idOf(consent) !== consentId);
    if (always.length === policy.always.length) throw notFound("consent");
    return { ...policy, always };
  });
}

function idOf(entry: ToolRule | StandingConsent): string {
  const text = "packageHash" in entry
    ? JSON.stringify([entry.packageHash, entry.agentId, entry.tool, entry.path ?? null])
    : formatRule(entry);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function notFound(what: string): AppError {
  return new AppError(
    "POLICY_RULE_NOT_FOUND",
    `There is no such ${what} any more. Load the page again to see what there is`,
  );
}
