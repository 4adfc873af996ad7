// The checks of a step (`checks` in its front matter), made before its node is left. What a package or
// a file holds can make them fail, but not throw or hang. Not here: what follows (`node_completion.ts`).
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type { StepCheck, StepFrontMatter } from "../../schemas/package.ts";
import type { ToolFailure } from "../../schemas/tool.ts";
import { TooMuchWork, WorkBudget } from "../../schemas/work_budget.ts";
import {
  type CheckFault,
  checkFault,
  type CheckReport,
  type CheckSubject,
  outputSubject,
  variableSubject,
} from "./check_report.ts";
import { headingFaults, patternFaults } from "./check_text.ts";
import { parseDocument, rangeFaults, schemaFaults, shownValue } from "./check_value.ts";
import { resolveDeclared } from "./outputs.ts";

/** Of a larger file only `exists`, `nonEmpty` and its size are checked. */
export const MAX_CHECKED_BYTES = 2 * 1024 * 1024;

/** For all checks of a node together: about four seconds at worst. */
const MAX_STEPS = 200_000_000;

/** Steps for each byte that is read, parsed as JSON and searched for headings, at worst. */
const STEPS_PER_BYTE = 20;

/** The project's files, as far as outputs need them. Paths are mount paths. */
export interface OutputFiles {
  inspect(path: string): Promise<{ readonly exists: boolean; readonly bytes: number }>;
  /** The text of a file of at most `MAX_CHECKED_BYTES`. */
  read(path: string): Promise<{ readonly ok: true; readonly text: string } | ToolFailure>;
}

/** What checks are made with. */
export interface CheckContext {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly files: OutputFiles;
}

/** The checks of a step file, leniently read: what is no check is left out, the checker reports it. */
export function readChecks(step: Partial<StepFrontMatter>): readonly StepCheck[] {
  if (step.checks === undefined) return [];
  const { checks } = soundDocument("step", normalise("step", { checks: step.checks }));
  return (checks ?? []) as StepCheck[];
}

/** Makes all checks of a node. Never throws for what a check, a file or a variable holds. */
export async function runChecks(
  checks: readonly StepCheck[],
  context: CheckContext,
): Promise<CheckReport> {
  const report = new ReportInProgress(context);
  for (const check of checks) {
    if (check.output !== undefined) await report.output(check, check.output);
    else if (check.variable !== undefined) report.variable(check, check.variable);
  }
  return report;
}

class ReportInProgress implements CheckReport {
  readonly faults: CheckFault[] = [];
  readonly notes: string[] = [];
  readonly #context: CheckContext;
  readonly #budget = new WorkBudget(MAX_STEPS);

  constructor(context: CheckContext) {
    this.#context = context;
  }

  async output(check: StepCheck, template: string): Promise<void> {
    const declared = resolveDeclared(template, this.#context.variables);
    if ("missingVariable" in declared) {
      const subject = outputSubject(declared.template);
      const found = `needs the variable "${declared.missingVariable}"; set it with "variables"`;
      this.faults.push(checkFault(subject, "exists", found));
      return;
    }
    const { path } = declared;
    const subject = outputSubject(path);
    const { exists, bytes } = path.startsWith("@project/")
      ? await this.#context.files.inspect(path)
      : { exists: false, bytes: 0 };
    if (!exists) {
      const found = "does not exist; write it with fs_write";
      this.faults.push(checkFault(subject, "exists", found));
      return;
    }
    const faults = sizeFaults(subject, check, bytes);
    this.faults.push(...faults);
    if (!needsText(check) || (bytes === 0 && faults.length > 0)) return;
    if (bytes > MAX_CHECKED_BYTES) {
      this.#note(`${subject.name} has ${bytes} bytes; its content was not checked`);
      return;
    }
    if (!this.#budget.trySpend(bytes * STEPS_PER_BYTE)) return this.#giveUp(subject);
    const read = await this.#context.files.read(path);
    if (read.ok) this.#text(subject, check, { path, text: read.text });
    else if (needsMeaning(check)) {
      const found = `cannot be checked: ${read.error.message}`;
      this.faults.push(checkFault(subject, "text", found));
    }
  }

  #text(
    subject: CheckSubject,
    check: StepCheck,
    { path, text }: { readonly path: string; readonly text: string },
  ): void {
    if (check.nonEmpty && text.trim() === "") {
      const found = "holds nothing but spaces and empty lines; write its content";
      this.faults.push(checkFault(subject, "nonEmpty", found));
      return;
    }
    this.faults.push(...headingFaults(subject, check, text));
    this.#guarded(subject, () => patternFaults(subject, check, { text, budget: this.#budget }));
    if (!check.jsonSchema) return;
    this.#guarded(subject, () => {
      const parsed = parseDocument(path, text, this.#budget);
      if (parsed.ok) return this.#schemaFaults(subject, check, parsed.value);
      return [checkFault(subject, "jsonSchema", parsed.message)];
    });
  }

  variable(check: StepCheck, name: string): void {
    const { variables } = this.#context;
    const subject = variableSubject(name);
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined || value === null) {
      this.faults.push(checkFault(subject, "exists", 'is not set; set it with "variables"'));
      return;
    }
    if (check.nonEmpty && isEmpty(value)) {
      const found = `is empty (${shownValue(value) || '""'}); give it a value`;
      this.faults.push(checkFault(subject, "nonEmpty", found));
      return;
    }
    this.faults.push(...rangeFaults(subject, check, value));
    if (check.matches !== undefined || check.notMatches !== undefined) {
      this.#variableText(subject, check, value);
    }
    this.#guarded(subject, () => this.#schemaFaults(subject, check, value));
  }

  #variableText(subject: CheckSubject, check: StepCheck, value: unknown): void {
    if (typeof value === "object") {
      const found = `is ${shownValue(value)}, but has to be text`;
      this.faults.push(checkFault(subject, "matches", found));
      return;
    }
    const text = String(value);
    this.#guarded(subject, () => patternFaults(subject, check, { text, budget: this.#budget }));
  }

  #schemaFaults(subject: CheckSubject, check: StepCheck, value: unknown): readonly CheckFault[] {
    const { faults, note } = schemaFaults(subject, check, { value, budget: this.#budget });
    if (note !== undefined) this.#note(`${subject.name} was not checked by schema: ${note}`);
    return faults;
  }

  /** Work that a package or a file has made too large is given up, and said. */
  #guarded(subject: CheckSubject, judge: () => readonly CheckFault[]): void {
    try {
      this.faults.push(...judge());
    } catch (thrown) {
      if (!(thrown instanceof TooMuchWork || thrown instanceof RangeError)) throw thrown;
      this.#giveUp(subject);
    }
  }

  #giveUp(subject: CheckSubject): void {
    this.#note(`${subject.name} was not checked in full: that would take too long`);
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }
}

function sizeFaults(
  subject: CheckSubject,
  { nonEmpty, minBytes = 0, maxBytes = Infinity }: StepCheck,
  bytes: number,
): CheckFault[] {
  if (bytes === 0 && (nonEmpty || minBytes > 0)) {
    return [checkFault(subject, "nonEmpty", "is empty (0 bytes); write its content")];
  }
  if (bytes < minBytes) {
    const found = `has ${bytes} bytes, but has to have at least ${minBytes}; write more`;
    return [checkFault(subject, "minBytes", found)];
  }
  if (bytes <= maxBytes) return [];
  const found = `has ${bytes} bytes, but may have at most ${maxBytes}; shorten it`;
  return [checkFault(subject, "maxBytes", found)];
}

function needsText(check: StepCheck): boolean {
  return check.nonEmpty === true || needsMeaning(check);
}

/** Conditions that only text can meet; a picture can be non-empty too. */
function needsMeaning({ matches, notMatches, headings, jsonSchema }: StepCheck): boolean {
  return [matches, notMatches, headings, jsonSchema].some((condition) => condition !== undefined);
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
