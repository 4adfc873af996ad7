// Validation of a value against a JSON Schema that a package brings: untrusted, so its size and its
// work are bounded. Not here: the limits of the schema itself (`untrusted_schema.ts`).
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isTooDeep } from "./depth.ts";
import { isRecord } from "./record.ts";
import { compileExpression } from "./regular_expression.ts";
import { measureSchema, SCHEMA_FORMATS } from "./untrusted_schema.ts";
import { describe } from "./violation.ts";
import { TooMuchWork, type WorkBudget } from "./work_budget.ts";

/** Work of validating one value by an untrusted schema: its keywords times the values. */
const MAX_VALIDATIONS = 1_000_000;

let draft: Ajv2020 | undefined;

/** Why a schema of a package cannot be used, in words; `undefined` if it can. Never throws. */
export function schemaProblem(schema: unknown): string | undefined {
  const size = measureSchema(schema);
  if (!size.ok) return size.message;
  draft ??= new Ajv2020({ strict: false, verbose: true, validateFormats: false });
  try {
    if (draft.validateSchema(schema as object)) return undefined;
    return `The schema is not well-formed: ${
      (draft.errors ?? []).slice(0, MOST_SHOWN).map(inWords).join("; ")
    }`;
  } catch (thrown) {
    return `The schema cannot be read: ${String(thrown).slice(0, 200)}`;
  }
}

/** Violations that are put into words; a value may have a million. */
const MOST_SHOWN = 5;

/** What is wrong with a value: the first few violations as sentences, and how many there are. */
export interface UntrustedViolations {
  readonly ok: true;
  readonly violations: readonly string[];
  readonly count: number;
}

/** Outcome of `validateAgainst`: what is wrong with the value, or why it could not be judged. */
export type UntrustedVerdict =
  | UntrustedViolations
  | { readonly ok: false; readonly message: string };

/**
 * Judges a value by a schema that a package brings, within the limits of `untrusted_schema.ts`.
 * Patterns run in linear time.
 * @throws TooMuchWork if the budget is spent
 */
export function validateAgainst(
  schema: unknown,
  value: unknown,
  budget: WorkBudget,
): UntrustedVerdict {
  const problem = schemaProblem(schema);
  const size = measureSchema(schema);
  if (problem !== undefined || !size.ok) return { ok: false, message: problem ?? "" };
  if (isTooDeep(value)) return { ok: true, violations: ["it is nested too deeply"], count: 1 };
  if (size.keywords * weigh(value) > MAX_VALIDATIONS) {
    return { ok: false, message: "it holds too many values for its JSON Schema" };
  }
  try {
    return violationsOf(schema as object, value, budget);
  } catch (thrown) {
    if (thrown instanceof TooMuchWork) throw thrown;
    return {
      ok: false,
      message: `its JSON Schema cannot be used: ${String(thrown).slice(0, 200)}`,
    };
  }
}

function violationsOf(
  schema: object,
  value: unknown,
  budget: WorkBudget,
): UntrustedViolations {
  const check = untrustedAjv(budget).compile(schema);
  check(value);
  const errors = (check.errors ?? []).filter(({ keyword }) => keyword !== "if");
  return {
    ok: true,
    violations: errors.slice(0, MOST_SHOWN).map(inWords),
    count: errors.length,
  };
}

function untrustedAjv(budget: WorkBudget): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    inlineRefs: false,
    validateSchema: false,
    meta: false,
    code: { optimize: false, regExp: meteredRegExp(budget) },
  });
  addFormats.default(ajv, { mode: "fast", formats: [...SCHEMA_FORMATS] });
  // Ajv compares every pair of items.
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    validate: hasUniqueItems,
    error: { message: "must not hold the same item twice" },
  });
  return ajv;
}

/** The engine for `pattern`: RE2 instead of the backtracking one. Ajv knows a pattern by `toString`. */
function meteredRegExp(budget: WorkBudget) {
  const engine = (pattern: string) => {
    const compiled = compileExpression(pattern);
    if (!compiled.ok) throw new SyntaxError(compiled.message);
    const { expression } = compiled;
    return {
      test(text: string) {
        budget.spend(text.length * expression.size);
        return expression.test(text);
      },
      toString: () => pattern,
    };
  };
  return Object.assign(engine, { code: "compileExpression" });
}

function hasUniqueItems(wanted: unknown, items: readonly unknown[]): boolean {
  return wanted !== true || new Set(items.map(canonicalText)).size === items.length;
}

/** Values that are equal have the same text, whatever the order of their keys. */
function canonicalText(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item) =>
      isRecord(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1))
        : item,
  );
}

/** The values inside a value; a long text counts as several. */
function weigh(value: unknown): number {
  let weight = 0;
  const queue = [value];
  while (queue.length > 0 && weight <= MAX_VALIDATIONS) {
    const item = queue.pop();
    weight += typeof item === "string" ? 1 + item.length / 1000 : 1;
    if (typeof item !== "object" || item === null) continue;
    for (const member of Object.values(item)) queue.push(member);
  }
  return weight;
}

/** Keywords for which `describe` has words of its own in any schema. */
const DESCRIBED = new Set([
  "additionalProperties",
  "required",
  "type",
  "enum",
  "pattern",
  "format",
]);

function inWords(error: ErrorObject): string {
  const place = error.instancePath || "the top";
  // An item of a list has no name that `describe` could use.
  const hasName = !/^(\/\d+)+$/.test(error.instancePath);
  if (hasName && DESCRIBED.has(error.keyword)) return `${describe(error).message} (at ${place})`;
  return `${place} ${error.message ?? `breaks "${error.keyword}"`}`;
}
