// `<data>/limits.json`: the most that any run of this installation may take.
import { join } from "node:path";
import type { EngineLimits, LimitName, LimitsDocument } from "../../schemas/engine_limits.ts";
import { AppError } from "../../schemas/error.ts";
import { validate } from "../../schemas/validate.ts";
import { makeFolder, writeFileAtomic } from "../disk/durable.ts";

/** New values of limits; `null` takes a limit away, what is not named stays. */
export type LimitChanges = Readonly<Partial<Record<LimitName, number | null>>>;

/**
 * Reads the limits; none saved are none.
 * @throws AppError `LIMITS_INVALID`: limits that cannot be read must not be taken for none
 */
export function readEngineLimits(dataDir: string): EngineLimits {
  let text: string;
  try {
    text = Deno.readTextFileSync(limitsPath(dataDir));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return {};
    throw invalid("it cannot be read", cause);
  }
  return parseLimits(text).limits;
}

/**
 * Changes limits; processes that do so at the same time wait for each other. A run that is driven keeps
 * those it was taken up with.
 * @throws AppError `LIMITS_INVALID` for what is saved and for what it would become, which is not written
 */
export function changeEngineLimits(dataDir: string, changes: LimitChanges): EngineLimits {
  makeFolder(dataDir);
  using lock = Deno.openSync(join(dataDir, "limits.lock"), {
    create: true,
    write: true,
    mode: 0o600,
  });
  lock.lockSync(true);
  const all = Object.entries({ ...readEngineLimits(dataDir), ...changes });
  const limits = Object.fromEntries(all.filter(([, value]) => value !== null));
  const document = { formatVersion: 1, limits };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const { limits: checked } = parseLimits(text);
  writeFileAtomic(limitsPath(dataDir), text);
  return checked;
}

function limitsPath(dataDir: string): string {
  return join(dataDir, "limits.json");
}

function parseLimits(text: string): LimitsDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
  const [violation] = validate("engine_limits", value);
  if (violation) throw invalid(`${violation.pointer || "it"}: ${violation.message}`);
  return value as LimitsDocument;
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    "LIMITS_INVALID",
    `The limits limits.json in the data folder cannot be used: ${reason}. Mend it, or remove the file to begin anew`,
    { cause },
  );
}
