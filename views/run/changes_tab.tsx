// The tab of changes: what a run did to its project, as diffs, and the way back.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Diff } from "./diff.tsx";
import { RunAction } from "./matter_form.tsx";
import type { ShownChange } from "./run_records.ts";

/** What the tab shows. */
export interface ChangesTabProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly changes: readonly ShownChange[];
  /** Whether the run can be changed: nobody drives it. */
  readonly isStopped: boolean;
}

/** The changes of a run. */
export function ChangesTab({ frame, runId, changes, isStopped }: ChangesTabProps) {
  const { run } = frame.texts;
  if (changes.length === 0) return <p class="muted">{run.noChanges}</p>;
  const kinds = { made: run.changeMade, changed: run.changeChanged, removed: run.changeRemoved };
  return (
    <div class="stack">
      {isStopped && <Revert frame={frame} runId={runId} />}
      {changes.map(({ path, kind, diff, isForeign }) => (
        <section class="stack-tight">
          <h2 class="change-head">
            {kind === "removed"
              ? <code>{path}</code>
              : (
                <a href={`/runs/${runId}/file?path=${encodeURIComponent(path)}`}>
                  <code>{path}</code>
                </a>
              )} <span class="badge">{kinds[kind]}</span>
            {isForeign && <span class="badge warning">{run.changeForeign}</span>}
          </h2>
          {diff === null
            ? <p class="small muted">{run.noDiff}</p>
            : <Diff text={diff} label={path} />}
        </section>
      ))}
    </div>
  );
}

function Revert({ frame, runId }: { frame: Frame; runId: string }) {
  const { run } = frame.texts;
  return (
    <RunAction frame={frame} runId={runId} action="revert" class="stack-tight">
      <div class="row">
        <button type="submit" class="button small">
          <Icon name="undo" />
          {run.revert}
        </button>
        <label class="check small">
          <input type="checkbox" name="force" value="yes" />
          {run.revertForce}
        </label>
      </div>
      <p class="small muted">{run.revertHint}</p>
    </RunAction>
  );
}
