// `<data>/policy.json`: a person's rules for the tools of every run, and their standing consents.
import { join } from "node:path";
import { AppError } from "../../schemas/error.ts";
import type { StandingConsent, ToolPolicyDocument } from "../../schemas/tool_policy.ts";
import { validate } from "../../schemas/validate.ts";
import { makeFolder, writeFileAtomic } from "../disk/durable.ts";

const EMPTY: ToolPolicyDocument = { formatVersion: 1, rules: [], always: [] };

/**
 * Reads the policy; none saved is an empty one.
 * @throws AppError `POLICY_INVALID`: a policy that cannot be read must not be taken for none
 */
export function readToolPolicy(dataDir: string): ToolPolicyDocument {
  let text: string;
  try {
    text = Deno.readTextFileSync(policyPath(dataDir));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return EMPTY;
    throw invalid("it cannot be read", cause);
  }
  return parsePolicy(text);
}

/** Changes the policy; processes that change it at the same time wait for each other. */
export function changeToolPolicy(
  dataDir: string,
  change: (policy: ToolPolicyDocument) => ToolPolicyDocument,
): ToolPolicyDocument {
  makeFolder(dataDir);
  using lock = Deno.openSync(join(dataDir, "policy.lock"), {
    create: true,
    write: true,
    mode: 0o600,
  });
  lock.lockSync(true);
  const changed = change(readToolPolicy(dataDir));
  writeFileAtomic(policyPath(dataDir), `${JSON.stringify(changed, null, 2)}\n`);
  return changed;
}

/** Adds a standing consent, once. */
export function rememberConsent(dataDir: string, consent: StandingConsent): void {
  const key = JSON.stringify(consent);
  changeToolPolicy(dataDir, (policy) => {
    const isKnown = policy.always.some((known) => JSON.stringify(known) === key);
    return isKnown ? policy : { ...policy, always: [...policy.always, consent] };
  });
}

function policyPath(dataDir: string): string {
  return join(dataDir, "policy.json");
}

function parsePolicy(text: string): ToolPolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
  const [violation] = validate("tool_policy", value);
  if (violation) throw invalid(`${violation.pointer || "it"}: ${violation.message}`);
  return value as ToolPolicyDocument;
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    "POLICY_INVALID",
    `The tool policy policy.json in the data folder cannot be used: ${reason}. Mend it, or remove the file to begin anew`,
    { cause },
  );
}
