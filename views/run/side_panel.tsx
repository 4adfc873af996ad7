// The panel beside the conversation: the way the run took, its calls, files, changes, log. Each tab is a
// page of its own without JavaScript.
import type { Child } from "hono/jsx";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Diff } from "./diff.tsx";
import { RunAction } from "./matter_form.tsx";
import { type ProgressProps, ProgressTab } from "./progress_tab.tsx";
import type { RunTale } from "./run_tale.ts";
import { Call } from "./talk.tsx";

/** The tabs, in their order. */
export const RUN_TABS = ["progress", "calls", "artifacts", "changes", "log"] as const;

/** A word of `RUN_TABS`. */
export type RunTab = (typeof RUN_TABS)[number];

/** A change of the project as it is shown. */
export interface ShownChange {
  readonly path: string;
  readonly kind: "made" | "changed" | "removed";
  readonly diff: string | null;
  readonly isForeign: boolean;
}

/** A page of the log. */
export interface ShownLog {
  readonly events: readonly RunEvent[];
  /** The type that is shown; empty for all. */
  readonly type: string;
  /** Types there are. */
  readonly types: readonly string[];
  /** Earlier ones end before this number; `null` if there are none. */
  readonly before: number | null;
}

/** What the panel shows. */
export interface SideProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly tab: RunTab;
  readonly tale: RunTale;
  /** Whether the run can be changed: nobody drives it. */
  readonly isStopped: boolean;
  /** For the tab `progress`. */
  readonly progress?: ProgressProps;
  /** For the tab `changes`. */
  readonly changes?: readonly ShownChange[];
  /** For the tab `log`. */
  readonly log?: ShownLog;
}

/** The panel with its tabs. */
export function SidePanel(props: SideProps) {
  const { frame: { texts: { run } }, runId, tab } = props;
  return (
    <section id="side" class="run-side" aria-label={run.tabs}>
      <nav class="tabs" aria-label={run.tabs}>
        {RUN_TABS.map((name) => (
          <a href={`/runs/${runId}?tab=${name}`} aria-current={name === tab ? "page" : undefined}>
            {run[name]}
          </a>
        ))}
      </nav>
      <div class="side-body">{bodyOf(props)}</div>
    </section>
  );
}

function bodyOf(props: SideProps): Child {
  switch (props.tab) {
    case "progress":
      return props.progress ? <ProgressTab {...props.progress} /> : "";
    case "calls":
      return <Calls {...props} />;
    case "artifacts":
      return <Artifacts {...props} />;
    case "changes":
      return <Changes {...props} />;
    case "log":
      return <Log {...props} />;
  }
}

const MOST_CALLS = 300;

function Calls({ frame: { texts }, tale: { items } }: SideProps) {
  const calls = items.flatMap(({ body }) => body.kind === "call" ? [body] : []).slice(-MOST_CALLS);
  if (calls.length === 0) return <p class="muted">{texts.run.noCalls}</p>;
  return (
    <ol class="stack-none">
      {calls.map((body) => (
        <li>
          <Call body={body} texts={texts} />
        </li>
      ))}
    </ol>
  );
}

function Artifacts({ frame: { texts: { run } }, runId, tale: { files } }: SideProps) {
  if (files.length === 0) return <p class="muted">{run.noArtifacts}</p>;
  return (
    <ul class="rows">
      {files.map(({ path, nodeId, callId }) => (
        <li class="artifact">
          <Icon name="file" />
          <span class="grow stack-none">
            <a href={`/runs/${runId}/file?path=${encodeURIComponent(path)}`}>{path}</a>
            <span class="small muted">{run.madeBy(nodeId)} · {run.provenance(callId)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Changes({ frame, runId, changes = [], isStopped }: SideProps) {
  const { run } = frame.texts;
  if (changes.length === 0) return <p class="muted">{run.noChanges}</p>;
  const kinds = { made: run.changeMade, changed: run.changeChanged, removed: run.changeRemoved };
  return (
    <div class="stack">
      {isStopped && (
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
      )}
      {changes.map(({ path, kind, diff, isForeign }) => (
        <section class="stack-tight">
          <h2 class="change-head">
            <code>{path}</code> <span class="badge">{kinds[kind]}</span>
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

function Log({ frame: { texts: { run } }, runId, log }: SideProps) {
  if (!log) return <p class="muted">{run.logNone}</p>;
  const { events, type, types, before } = log;
  return (
    <div class="stack-tight">
      <form class="row" method="get" action={`/runs/${runId}`}>
        <input type="hidden" name="tab" value="log" />
        <label for="log-type" class="label">{run.logFilter}</label>
        <select class="select log-type" id="log-type" name="type">
          <option value="">{run.logAll}</option>
          {types.map((name) => <option value={name} selected={name === type}>{name}</option>)}
        </select>
        <button type="submit" class="button small">{run.filter}</button>
      </form>
      {events.length === 0 && <p class="muted">{run.logNone}</p>}
      <ol class="log">
        {events.map((event) => (
          <li>
            <details class="fold">
              <summary>
                <span class="numeric muted">{event.seq}</span> <code>{event.type}</code>
                <span class="call-state numeric">{event.at.slice(11, 23)}</span>
              </summary>
              <pre class="code-block" tabindex={0} aria-label={`${event.seq} ${event.type}`}>
                {cut(JSON.stringify(event, null, 2))}
              </pre>
            </details>
          </li>
        ))}
      </ol>
      {before !== null && (
        <a class="quiet-link" href={`/runs/${runId}?tab=log&type=${type}&before=${before}`}>
          {run.logMore}
        </a>
      )}
    </div>
  );
}

const MOST_LOGGED = 8_000;

function cut(text: string): string {
  return text.length > MOST_LOGGED ? `${text.slice(0, MOST_LOGGED)}\n…` : text;
}
