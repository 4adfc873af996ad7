// Whether a tool call may run, must be asked for, or is refused: a person's rules, what they consented
// to before, and what holds where they said nothing.
import type { Consent, ToolRule } from "../../schemas/tool_policy.ts";
import { writesFiles } from "../tools/names.ts";
import { compileRules, formatRule, type RuledCall, type RuleList } from "../tools/tool_rules.ts";
import { readToolPolicy, rememberConsent } from "./tool_policy_file.ts";

/** What is decided of a call, and by which rule if by one. */
export interface ConsentVerdict {
  readonly consent: Consent;
  /** As `crewagent policy` shows it. */
  readonly rule?: string;
}

/** The consent of one run. */
export interface ConsentPolicy {
  judge(call: RuledCall, agentId: string | undefined): ConsentVerdict;
  /** The tool is denied whatever its arguments, so the model is not told of it. */
  hides(tool: string): boolean;
  /** A verdict may depend on where a link leads. */
  looksAtPath(tool: string): boolean;
  /** Consents from now on in every run of this package and agent. */
  remember(consent: { tool: string; path: string | undefined; agentId: string | undefined }): void;
}

/** What a run's consent rests on. */
export interface ConsentOptions {
  /** `--yes`: ask becomes allow; deny stays. */
  readonly allowAll: boolean;
  /** The run's own rules. */
  readonly rules?: readonly ToolRule[] | undefined;
}

/**
 * Opens the consent of a run. Of the settings' rules and of the run's, the first that fits speaks; the
 * stricter of the two decides, so a run cannot undo what the settings deny. Without any: writes under
 * `@project/artifacts/` are allowed, other writes to the project and MCP tools ask. `terminal.run` asks
 * whatever rules and earlier consents allow; only `--yes` spares the question.
 * @throws AppError `POLICY_INVALID`
 */
export function openConsent(
  dataDir: string,
  packageHash: string,
  { allowAll, rules = [] }: ConsentOptions,
): ConsentPolicy {
  const settings = readToolPolicy(dataDir);
  const lists = [settings.rules, rules].map(compileRules);
  const standing = [...settings.always];
  const isStanding = ({ tool, path }: RuledCall, agentId: string | undefined) =>
    standing.some((known) =>
      known.packageHash === packageHash && known.agentId === (agentId ?? "") &&
      known.tool === tool && known.path === path
    );
  return {
    judge(call, agentId) {
      const ruled = byRules(lists, call) ?? { consent: byDefault(call) };
      const isAsked = ruled.consent === "allow" && asksAlways(call.tool);
      const verdict: ConsentVerdict = isAsked ? { consent: "ask" } : ruled;
      if (verdict.consent !== "ask") return verdict;
      const isGiven = allowAll || (!asksAlways(call.tool) && isStanding(call, agentId));
      return isGiven ? { consent: "allow" } : verdict;
    },
    hides: (tool) => lists.some((list) => list.hides(tool)),
    looksAtPath: (tool) => lists.some((list) => list.looksAtPath(tool)),
    remember({ tool, path, agentId = "" }) {
      const consent = { packageHash, agentId, tool, ...(path !== undefined && { path }) };
      standing.push(consent);
      rememberConsent(dataDir, consent);
    },
  };
}

const STRICTNESS: Readonly<Record<Consent, number>> = { allow: 0, ask: 1, deny: 2 };

function byRules(lists: readonly RuleList[], call: RuledCall): ConsentVerdict | undefined {
  const [strictest] = lists.flatMap((list) => list.ruleFor(call) ?? [])
    .sort((a, b) => STRICTNESS[b.action] - STRICTNESS[a.action]);
  return strictest && { consent: strictest.action, rule: formatRule(strictest) };
}

/**
 * True for a tool that needs consent call by call: neither a rule nor a consent of before allows it,
 * only `--yes`. Of a program, its name says little about what it does this time.
 */
export function asksAlways(tool: string): boolean {
  return tool === "terminal.run";
}

function byDefault({ tool, path }: RuledCall): Consent {
  if (tool.startsWith("mcp__") || asksAlways(tool)) return "ask";
  if (!writesFiles(tool)) return "allow";
  return path?.startsWith("@project/artifacts/") || path?.startsWith("@state/") ? "allow" : "ask";
}
