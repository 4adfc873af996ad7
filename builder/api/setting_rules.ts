// `/settings/tool-policy` and `/settings/limits`: for the owner.
import {
  changeEngineLimits,
  type LimitChanges,
  readEngineLimits,
} from "../../runtime/run/limits_file.ts";
import { type EngineLimits, LIMIT_NAMES } from "../../schemas/engine_limits.ts";
import type { Consent } from "../../schemas/tool_policy.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import {
  addRule,
  readRule,
  removeRule,
  shownPolicy,
  withdrawConsent as withdraw,
} from "../settings/policy_settings.ts";
import type { ApiRequest } from "./operation.ts";

const dataDirOf = (c: AppContext) => c.var.services.config.dataDir;

/** `GET /settings/tool-policy`. */
export function getToolPolicy(c: AppContext): Response {
  return dataResponse(shownPolicy(dataDirOf(c)));
}

/** `POST /settings/tool-policy/rules` `{action, tool, arguments}`. */
export function addToolRule(c: AppContext, { body }: ApiRequest): Response {
  const { action, tool, arguments: patterns = {} } = body as {
    action: Consent;
    tool: string;
    arguments?: Record<string, string>;
  };
  const words = Object.entries(patterns).map(([name, pattern]) => `${name}=${pattern}`);
  addRule(dataDirOf(c), readRule(action, tool, words));
  return dataResponse(shownPolicy(dataDirOf(c)), { status: 201 });
}

/** `DELETE /settings/tool-policy/rules/{ruleId}`. */
export function removeToolRule(c: AppContext, { params }: ApiRequest): Response {
  removeRule(dataDirOf(c), params.ruleId ?? "");
  return new Response(null, { status: 204 });
}

/** `DELETE /settings/tool-policy/consents/{consentId}`. */
export function withdrawConsent(c: AppContext, { params }: ApiRequest): Response {
  withdraw(dataDirOf(c), params.consentId ?? "");
  return new Response(null, { status: 204 });
}

/** `GET /settings/limits`. */
export function getLimits(c: AppContext): Response {
  return limitsResponse(readEngineLimits(dataDirOf(c)));
}

/** `PATCH /settings/limits`. */
export function changeLimits(c: AppContext, { body }: ApiRequest): Response {
  return limitsResponse(changeEngineLimits(dataDirOf(c), body as LimitChanges));
}

function limitsResponse(limits: EngineLimits): Response {
  return dataResponse(
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, limits[name] ?? null])),
  );
}
