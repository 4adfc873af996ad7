// What the checks of a node found: faults that a model can act on, and what could not be judged.

/** One condition that does not hold. `reason` says what was found and what would be right. */
export interface CheckFault {
  readonly what: "check";
  /** Mount path of the output. */
  readonly path?: string;
  readonly variable?: string;
  /** The condition, by its key in the step's front matter. */
  readonly check: string;
  readonly reason: string;
}

/** All checks of a node. */
export interface CheckReport {
  readonly faults: readonly CheckFault[];
  /** Conditions that were not judged, and why; they refuse nothing. */
  readonly notes: readonly string[];
}

/** Nothing to complain about. */
export const NOTHING_CHECKED: CheckReport = { faults: [], notes: [] };

/** What is checked: an output by its mount path, or a variable. */
export interface CheckSubject {
  readonly name: string;
  readonly place: Pick<CheckFault, "path" | "variable">;
}

/** The subject of an output's check. */
export function outputSubject(path: string): CheckSubject {
  return { name: `the output ${path}`, place: { path } };
}

/** The subject of a variable's check. */
export function variableSubject(variable: string): CheckSubject {
  return { name: `the variable "${variable}"`, place: { variable } };
}

/** Longest reason; what it quotes comes from files of any size. */
const MAX_REASON_CHARS = 800;

/** A fault: what was found goes behind the name of the subject. */
export function checkFault(subject: CheckSubject, check: string, found: string): CheckFault {
  const reason = `${subject.name} ${found}`;
  const shown = reason.length <= MAX_REASON_CHARS
    ? reason
    : `${reason.slice(0, MAX_REASON_CHARS)}…`;
  return { what: "check", ...subject.place, check, reason: shown };
}

/** Text as it is quoted in a reason: on one line, control characters escaped, cut short. */
export function quoted(text: string, maxChars = 80): string {
  const cut = text.slice(0, maxChars);
  return JSON.stringify(cut.length < text.length ? `${cut}…` : cut);
}
