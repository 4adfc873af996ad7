// Findings of the checker as a list to read; how to mend each stands below it.
import type { Finding } from "../schemas/finding.ts";
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";

/** A list of findings, errors first. */
export interface FindingListProps {
  readonly frame: Frame;
  readonly findings: readonly Finding[];
  /** Where a file is shown; without it, its path is text only. */
  readonly hrefOf?: (file: string) => string;
}

/** Findings, errors first, each with its place and how to mend it. */
export function FindingList({ frame, findings, hrefOf }: FindingListProps) {
  const ordered = [
    ...findings.filter(({ severity }) => severity === "error"),
    ...findings.filter(({ severity }) => severity === "warning"),
  ];
  return (
    <ul class="rows">
      {ordered.map((finding) => <FindingRow frame={frame} finding={finding} hrefOf={hrefOf} />)}
    </ul>
  );
}

interface FindingRowProps {
  readonly frame: Frame;
  readonly finding: Finding;
  readonly hrefOf: FindingListProps["hrefOf"] | undefined;
}

function FindingRow({ frame, finding, hrefOf }: FindingRowProps) {
  const { package: texts } = frame.texts;
  const { severity, code, file, line, message, hint } = finding;
  const place = line === undefined ? file : `${file}, ${texts.line(line)}`;
  return (
    <li class={`finding ${severity}`}>
      <Icon
        name={severity === "error" ? "error" : "warning"}
        label={severity === "error" ? texts.error : texts.warning}
      />
      <div class="stack-none">
        <p>{message}</p>
        <p class="muted">{hint}</p>
        <p class="small muted">
          {hrefOf
            ? <a class="mono" href={hrefOf(file)}>{place}</a>
            : <span class="mono">{place}</span>}
          <span class="finding-code mono">{code}</span>
        </p>
      </div>
    </li>
  );
}
