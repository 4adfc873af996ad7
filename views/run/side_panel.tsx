// The panel beside the conversation and the way the run took. Each tab is a page of its own without
// JavaScript. Not here: the other tabs (`calls_tab.tsx` and its neighbours).
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { ArtifactsTab } from "./artifacts_tab.tsx";
import { CallsTab } from "./calls_tab.tsx";
import { ChangesTab } from "./changes_tab.tsx";
import { LogTab } from "./log_tab.tsx";
import type { ShownArtifact, ShownCalls, ShownChange, ShownLog } from "./run_records.ts";
import { type ProgressProps, ProgressTab } from "./progress_tab.tsx";
import type { RunTale } from "./run_tale.ts";

/** The tabs, in their order. */
export const RUN_TABS = ["progress", "calls", "artifacts", "changes", "log"] as const;

/** A word of `RUN_TABS`. */
export type RunTab = (typeof RUN_TABS)[number];

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
  /** What the stream has to know to go on from here: the tab and its filter. */
  readonly query: string;
  /** For the tab `calls`. */
  readonly calls?: ShownCalls;
  /** For the tab `artifacts`. */
  readonly artifacts?: readonly ShownArtifact[];
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
      <div id="side-body" class="side-body">
        <SideBody {...props} />
      </div>
    </section>
  );
}

/** What stands below the tabs: it is replaced while they stay. */
export function SideBody(props: SideProps): Child {
  const { frame, runId, tab, isStopped, calls, artifacts = [], changes = [], log } = props;
  switch (tab) {
    case "progress":
      return props.progress ? <ProgressTab {...props.progress} /> : "";
    case "calls":
      return calls ? <CallsTab frame={frame} runId={runId} {...calls} /> : "";
    case "artifacts":
      return <ArtifactsTab frame={frame} runId={runId} artifacts={artifacts} />;
    case "changes":
      return <ChangesTab frame={frame} runId={runId} changes={changes} isStopped={isStopped} />;
    case "log":
      return log ? <LogTab frame={frame} runId={runId} {...log} /> : "";
  }
}
