// A finding: one thing that is wrong or doubtful in a package, for people and for programs.

/** `error` makes a package invalid; `warning` does not. */
export type Severity = "error" | "warning";

/** One finding of the checker. Findings are listed, never thrown. */
export interface Finding {
  readonly severity: Severity;
  /** Stable code, such as `GRAPH_EDGE_TARGET_UNKNOWN`. */
  readonly code: string;
  /** Package-relative path with `/`. */
  readonly file: string;
  /** JSON pointer inside a JSON document or front matter. */
  readonly pointer?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

/** True if any of the findings is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === "error");
}
