// Settings: tool policy and limits, for the owner.
import { USUAL_LIMITS } from "../../runtime/commands/limits.ts";
import { changeEngineLimits, readEngineLimits } from "../../runtime/run/limits_file.ts";
import {
  faultOfLimit,
  LIMIT_NAMES,
  LIMIT_RANGES,
  type LimitName,
} from "../../schemas/engine_limits.ts";
import { AppError } from "../../schemas/error.ts";
import type { Consent } from "../../schemas/tool_policy.ts";
import { LimitsPage } from "../../views/settings/limits_page.tsx";
import { PolicyPage } from "../../views/settings/policy_page.tsx";
import type { AppContext } from "../app_context.ts";
import { textField, textFields } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import {
  addRule as addSavedRule,
  raiseRule as raiseSavedRule,
  readRule,
  removeRule as removeSavedRule,
  shownPolicy,
  withdrawConsent as withdrawSavedConsent,
} from "../settings/policy_settings.ts";
import { linesOf, numberOf } from "../settings/typed_text.ts";

/** Names that people look for; those of servers follow their own pattern. */
const TOOLS = [
  "fs.read",
  "fs.write",
  "fs.edit",
  "fs.apply_patch",
  "fs.list",
  "fs.search",
  "fs.*",
  "csv.read",
  "js.run",
  "terminal.run",
  "mcp__*",
];

interface PolicyOutcome {
  readonly done?: string;
  readonly status?: number;
  readonly fault?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** `GET /settings/policy`. */
export function showPolicy(c: AppContext): Promise<Response> {
  return policyPage(c, {});
}

function policyPage(
  c: AppContext,
  { status, values, ...outcome }: PolicyOutcome,
): Promise<Response> {
  const policy = shownPolicy(c.var.services.config.dataDir);
  const form = { values: values ?? {}, faults: {} };
  const page = (
    <PolicyPage
      frame={c.var.frame}
      {...policy}
      tools={TOOLS}
      form={form}
      {...outcome}
    />
  );
  return htmlResponse(page, status === undefined ? {} : { status });
}

/** `POST /settings/policy/rules` (`action`, `tool`, `arguments`). */
export async function addRule(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  try {
    const lines = linesOf(values.arguments);
    const rule = readRule(actionOf(values.action), values.tool ?? "", lines);
    addSavedRule(c.var.services.config.dataDir, rule);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "USAGE") throw thrown;
    return await policyPage(c, { fault: thrown.message, status: 422, values });
  }
  return redirect("/settings/policy");
}

/** What is misread must not become a permission. */
function actionOf(word: string | undefined): Consent {
  if (word === "allow" || word === "ask" || word === "deny") return word;
  throw new AppError("USAGE", `A rule says allow, ask or deny, not "${word ?? ""}"`);
}

/** `POST /settings/policy/rules/remove` (`ruleId`). */
export async function removeRule(c: AppContext): Promise<Response> {
  removeSavedRule(c.var.services.config.dataDir, textField(await readForm(c), "ruleId"));
  return redirect("/settings/policy");
}

/** `POST /settings/policy/rules/raise` (`ruleId`). */
export async function raiseRule(c: AppContext): Promise<Response> {
  raiseSavedRule(c.var.services.config.dataDir, textField(await readForm(c), "ruleId"));
  return redirect("/settings/policy");
}

/** `POST /settings/policy/consents/withdraw` (`consentId`). */
export async function withdrawConsent(c: AppContext): Promise<Response> {
  withdrawSavedConsent(c.var.services.config.dataDir, textField(await readForm(c), "consentId"));
  return redirect("/settings/policy");
}

/** People say KiB and seconds where the file says bytes and milliseconds. */
const UNIT: Readonly<Partial<Record<LimitName, number>>> = {
  maxReadBytes: 1024,
  maxWriteBytes: 1024,
  toolTimeoutMs: 1000,
};

/** `GET /settings/limits`. */
export function showLimits(c: AppContext): Promise<Response> {
  return limitsPage(c, {});
}

function limitsPage(
  c: AppContext,
  { status, values, faults = {}, ...outcome }: {
    readonly status?: number;
    readonly done?: string;
    readonly values?: Readonly<Record<string, string>>;
    readonly faults?: Readonly<Record<string, string>>;
  },
): Promise<Response> {
  const limits = readEngineLimits(c.var.services.config.dataDir);
  const form = { values: values ?? textsOf(limits), faults };
  const usual = textsOf(USUAL_LIMITS);
  const page = <LimitsPage frame={c.var.frame} form={form} usual={usual} {...outcome} />;
  return htmlResponse(page, status === undefined ? {} : { status });
}

function textsOf(limits: Readonly<Partial<Record<LimitName, number>>>): Record<string, string> {
  return Object.fromEntries(LIMIT_NAMES.flatMap((name) => {
    const value = limits[name];
    return value === undefined ? [] : [[name, String(value / (UNIT[name] ?? 1))]];
  }));
}

/** `POST /settings/limits`: all of them at once; an empty field takes a limit away. */
export async function changeLimits(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const { limit } = c.var.texts;
  const faults: Record<string, string> = {};
  const changes = Object.fromEntries(LIMIT_NAMES.map((name) => {
    const typed = numberOf(values[name]);
    if (Number.isNaN(typed)) faults[name] = limit.notNumber(values[name] ?? "");
    const unit = UNIT[name] ?? 1;
    const value = typed === null ? null : unit === 1 ? typed : Math.round(typed * unit);
    const fault = value === null || Number.isNaN(value) ? undefined : faultOfLimit(name, value);
    if (fault !== undefined) faults[name] = unit === 1 ? sentence(fault) : inUnits(name, unit, c);
    return [name, value];
  }));
  if (Object.keys(faults).length > 0) return await limitsPage(c, { values, faults, status: 422 });
  changeEngineLimits(c.var.services.config.dataDir, changes);
  return await limitsPage(c, { done: limit.saved });
}

function sentence(fault: string): string {
  return `This ${fault}`;
}

function inUnits(name: LimitName, unit: number, c: AppContext): string {
  const { least, most } = LIMIT_RANGES[name];
  return c.var.texts.limit.range(least / unit, most / unit);
}
