// Conditions on values: a number's range, and a JSON Schema. Pure.
import { readYaml } from "../../schemas/yaml_map.ts";
import type { StepCheck } from "../../schemas/package.ts";
import { validateAgainst } from "../../schemas/validate_against.ts";
import type { WorkBudget } from "../../schemas/work_budget.ts";
import { type CheckFault, checkFault, type CheckSubject, quoted } from "./check_report.ts";

/** Judges `range`: a finite number, both ends included. A number written as text is none. */
export function rangeFaults(
  subject: CheckSubject,
  { range }: StepCheck,
  value: unknown,
): CheckFault[] {
  if (!range) return [];
  const { min = -Infinity, max = Infinity } = range;
  if (typeof value === "number" && value >= min && value <= max) return [];
  const found = typeof value === "string" ? `the text ${quoted(value)}` : shownValue(value);
  return [
    checkFault(
      subject,
      "range",
      `is ${found}, but has to be ${rangeWords(range)}; set it with "variables"`,
    ),
  ];
}

/** A range in words. */
export function rangeWords({ min, max }: NonNullable<StepCheck["range"]>): string {
  if (min !== undefined && max !== undefined) return `a number from ${min} to ${max}`;
  if (min !== undefined) return `a number of at least ${min}`;
  return max !== undefined ? `a number of at most ${max}` : "a number";
}

/** A value as it is quoted in a reason. */
export function shownValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "a map";
  return quoted(String(value)).slice(1, -1);
}

/** A document as a value, or why it cannot be read. */
export type ParsedDocument =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** YAML takes far longer to read than JSON. */
const MAX_YAML_CHARS = 65_536;
const STEPS_PER_YAML_CHAR = 200;

/** Reads an output as data: YAML by its extension, else JSON. @throws TooMuchWork */
export function parseDocument(path: string, text: string, budget: WorkBudget): ParsedDocument {
  const isYaml = /\.ya?ml$/i.test(path);
  const clean = text.replace(/^\uFEFF/, "");
  if (isYaml && clean.length > MAX_YAML_CHARS) {
    return { ok: false, message: `is longer than ${MAX_YAML_CHARS} characters; shorten it` };
  }
  if (isYaml) budget.spend(clean.length * STEPS_PER_YAML_CHAR);
  try {
    return { ok: true, value: isYaml ? readYaml(clean) : JSON.parse(clean) };
  } catch (thrown) {
    const found = messageOf(thrown);
    const format = isYaml ? "YAML" : "JSON";
    const fence = clean.trimStart().startsWith("```")
      ? " Leave out the ``` lines round it"
      : ` Write it as ${format}, with no other text round it`;
    return { ok: false, message: `is no valid ${format}: ${found}.${fence}` };
  }
}

function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Text that is nested too deeply exhausts the stack of its reader.
  if (message.includes("call stack")) return "it is nested too deeply";
  return message.slice(0, 200).replace(/\s+/g, " ");
}

/** Judges `jsonSchema`; a value that is too large for it is a note. @throws TooMuchWork */
export function schemaFaults(
  subject: CheckSubject,
  { jsonSchema }: StepCheck,
  { value, budget }: { readonly value: unknown; readonly budget: WorkBudget },
): { readonly faults: readonly CheckFault[]; readonly note?: string } {
  if (!jsonSchema) return { faults: [] };
  const verdict = validateAgainst(jsonSchema, value, budget);
  if (!verdict.ok) return { faults: [], note: verdict.message };
  const { violations, count } = verdict;
  if (count === 0) return { faults: [] };
  const shown = violations.map((text) => text.slice(0, 200)).join("; ");
  const more = count > violations.length ? ` (and ${count - violations.length} more)` : "";
  return {
    faults: [checkFault(
      subject,
      "jsonSchema",
      `does not match its JSON Schema: ${shown}${more}. Correct it`,
    )],
  };
}
