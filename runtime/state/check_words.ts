// The checks of a step in words, for the brief: what a model has to reach. Pure.
import type { StepCheck } from "../../schemas/package.ts";
import { quoted } from "./check_report.ts";
import { rangeWords } from "./check_value.ts";
import { declaredPaths } from "./outputs.ts";

/** One sentence for each check, with its path or variable in front. */
export function describeChecks(
  checks: readonly StepCheck[],
  variables: Readonly<Record<string, unknown>>,
): string[] {
  return checks.flatMap((check) => {
    const subject = check.output === undefined
      ? check.variable === undefined ? undefined : `variable "${check.variable}"`
      : declaredPaths([check.output], variables)[0];
    return subject === undefined ? [] : [`${subject}: ${conditions(check).join("; ")}`];
  });
}

/** A longer schema stands in the step file, which the model reads anyway. */
const MAX_SCHEMA_CHARS = 1000;

function conditions(check: StepCheck): string[] {
  const { nonEmpty, matches, notMatches, headings, minBytes, maxBytes, range, jsonSchema } = check;
  const words = [check.output === undefined ? "is set" : "exists"];
  if (nonEmpty) words.push("is not empty");
  if (minBytes !== undefined) words.push(`has at least ${minBytes} bytes`);
  if (maxBytes !== undefined) words.push(`has at most ${maxBytes} bytes`);
  if (headings?.length) {
    words.push(`has the headings ${headings.map((heading) => quoted(heading)).join(", ")}`);
  }
  if (matches !== undefined) words.push(`matches the pattern ${quoted(matches, 200)}`);
  if (notMatches !== undefined) {
    words.push(`has nothing that matches the pattern ${quoted(notMatches, 200)}`);
  }
  if (range) words.push(`is ${rangeWords(range)}`);
  if (jsonSchema) words.push(schemaWords(jsonSchema));
  return words;
}

function schemaWords(schema: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(schema);
  return text.length <= MAX_SCHEMA_CHARS
    ? `matches the JSON Schema ${text}`
    : "matches the JSON Schema in the front matter of the step file";
}
