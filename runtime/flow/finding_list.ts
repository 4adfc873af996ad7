// Collects findings about flow sources while they are read. Codes are public and never change meaning.
import type { Finding } from "../../schemas/finding.ts";

/** Every code of the flow reader. */
export type FlowFindingCode =
  | "FLOW_AGENTS_MISSING"
  | "FLOW_FILE_LINK"
  | "FLOW_FILE_TOO_LARGE"
  | "FLOW_FILE_NOT_TEXT"
  | "FLOW_FILE_UNREADABLE"
  | "FLOW_TOO_MANY_FILES"
  | "FLOW_YAML"
  | "FLOW_FRONT_MATTER"
  | "FLOW_KEY_UNKNOWN"
  | "FLOW_VALUE_INVALID"
  | "FLOW_ID_INVALID"
  | "FLOW_ID_DUPLICATE"
  | "FLOW_PROMPT_EMPTY"
  | "FLOW_AGENT_UNKNOWN"
  | "FLOW_AGENT_REPEATED"
  | "FLOW_AGENT_OUTSIDE"
  | "FLOW_TOOL_UNKNOWN"
  | "FLOW_DOCUMENT_UNKNOWN"
  | "FLOW_MODULE_UNKNOWN"
  | "FLOW_MODULE_IMPORT"
  | "FLOW_MODULE_EXPORT"
  | "FLOW_CYCLE"
  | "FLOW_MODEL_MISSING"
  | "FLOW_ENV_LINE";

/** A place in a file, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A finding about to be made. `file` is relative to the folder of the sources, or to the project. */
export interface FlowFinding {
  readonly code: FlowFindingCode;
  readonly file: string;
  readonly message: string;
  readonly hint: string;
  readonly place?: Place | undefined;
}

/** Of one code in one file: a hostile file could hold a hundred thousand. */
const MAX_ALIKE = 100;

/** Findings in the order they were made. */
export class FindingList {
  readonly all: Finding[] = [];
  readonly #counts = new Map<string, number>();

  /** Whether another finding of this kind would still be kept; finding its place may be dear. */
  hasRoom(file: string, code: FlowFindingCode): boolean {
    return (this.#counts.get(`${code} ${file}`) ?? 0) <= MAX_ALIKE;
  }

  /** Adds what makes the sources unusable. */
  error(finding: FlowFinding): void {
    this.#add("error", finding);
  }

  /** Adds what is doubtful. */
  warning(finding: FlowFinding): void {
    this.#add("warning", finding);
  }

  #add(severity: Finding["severity"], { place, ...finding }: FlowFinding): void {
    const { code, file } = finding;
    if (!this.hasRoom(file, code)) return;
    const count = (this.#counts.get(`${code} ${file}`) ?? 0) + 1;
    this.#counts.set(`${code} ${file}`, count);
    if (count <= MAX_ALIKE) this.all.push({ severity, ...finding, ...place });
    else this.all.push({ severity, ...finding, message: "There are more of these in the file" });
  }
}

/** A value from a source as a message shows it: quoted, and cut if it is long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** `"a", "b"`, or `none`. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, 20).map(quoted).join(", ");
  return names.length > 20 ? `${shown}, …` : shown;
}
