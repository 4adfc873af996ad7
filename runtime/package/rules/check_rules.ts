// The checks of a step: what they name exists, and what they ask for can be judged.
import type { Finding } from "../../../schemas/finding.ts";
import type { GraphNode, StepCheck, StepFrontMatter } from "../../../schemas/package.ts";
import { patternProblem } from "../../../schemas/untrusted_schema.ts";
import { schemaProblem } from "../../../schemas/validate_against.ts";
import type { PackageDocument } from "../documents.ts";
import { finding, type FindingCode } from "../finding_codes.ts";

/** Findings about the checks of one step file. */
export function* checkRules(
  node: GraphNode,
  step: PackageDocument<StepFrontMatter>,
): Generator<Finding> {
  const { checks = [], outputs = [], setsVariables } = step.value;
  const declared = new Set([...outputs, ...node.outputs ?? []].map((path) => path.trim()));
  for (const [index, check] of checks.entries()) {
    for (const { code, key, message } of checkFaults(check, node, { declared, setsVariables })) {
      yield finding(code, step.at(`/checks/${index}${key && `/${key}`}`), message);
    }
  }
}

interface Fault {
  readonly code: FindingCode;
  /** Pointer below the check. */
  readonly key: string;
  readonly message: string;
}

interface Declared {
  readonly declared: ReadonlySet<string>;
  readonly setsVariables: readonly string[] | undefined;
}

function* checkFaults(check: StepCheck, node: GraphNode, known: Declared): Generator<Fault> {
  if (node.type === "subworkflow") {
    const message = "A subworkflow returns by itself, so a check of its node is never made";
    yield { code: "CHECK_NOT_APPLICABLE", key: "", message };
  }
  yield* subjectFaults(check, known);
  yield* misplacedFaults(check);
  yield* patternFaults(check);
  yield* rangeFaults(check);
  const problem = check.jsonSchema && schemaProblem(check.jsonSchema);
  if (problem !== undefined) yield { code: "CHECK_SCHEMA", key: "jsonSchema", message: problem };
}

function* subjectFaults(
  { output, variable }: StepCheck,
  { declared, setsVariables }: Declared,
): Generator<Fault> {
  if ((output === undefined) === (variable === undefined)) {
    const found = output === undefined
      ? "neither an output nor a variable"
      : "an output and a variable";
    yield { code: "CHECK_SUBJECT", key: "", message: `The check names ${found}` };
    return;
  }
  if (output !== undefined && !declared.has(output.trim())) {
    const outputs = [...declared].map((path) => `"${path}"`).join(", ") || "none";
    const message = `The check names "${output}"; the outputs of the node are: ${outputs}`;
    yield { code: "CHECK_OUTPUT_UNKNOWN", key: "output", message };
  }
  if (variable !== undefined && setsVariables && !setsVariables.includes(variable)) {
    const message = `The check names the variable "${variable}", which setsVariables does not list`;
    yield { code: "CHECK_VARIABLE_UNKNOWN", key: "variable", message };
  }
}

const FOR_OUTPUTS = ["headings", "minBytes", "maxBytes"] as const;

function* misplacedFaults(check: StepCheck): Generator<Fault> {
  if (check.output !== undefined && check.range !== undefined) {
    const message = '"range" checks the number of a variable, not a file';
    yield { code: "CHECK_NOT_APPLICABLE", key: "range", message };
  }
  for (const key of check.variable === undefined ? [] : FOR_OUTPUTS) {
    if (check[key] === undefined) continue;
    yield { code: "CHECK_NOT_APPLICABLE", key, message: `"${key}" checks a file, not a variable` };
  }
}

function* patternFaults(check: StepCheck): Generator<Fault> {
  for (const key of ["matches", "notMatches"] as const) {
    const pattern = check[key];
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    if (problem === undefined) continue;
    const shown = JSON.stringify(pattern?.slice(0, 60));
    const message = `The pattern ${shown} is no regular expression of RE2: ${problem}`;
    yield { code: "CHECK_PATTERN", key, message };
  }
}

function* rangeFaults({ range, minBytes, maxBytes }: StepCheck): Generator<Fault> {
  const code = "CHECK_RANGE";
  if (range && range.min === undefined && range.max === undefined) {
    yield { code, key: "range", message: '"range" has neither "min" nor "max"' };
  }
  if ((range?.min ?? -Infinity) > (range?.max ?? Infinity)) {
    const message = `No number lies between ${range?.min} and ${range?.max}`;
    yield { code, key: "range", message };
  }
  if ((minBytes ?? 0) > (maxBytes ?? Infinity)) {
    const message = `No file has at least ${minBytes} and at most ${maxBytes} bytes`;
    yield { code, key: "minBytes", message };
  }
}
