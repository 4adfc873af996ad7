// The tab Progress: where the run stands in its workflow, the way it took and why, and where it is to
// stop.
import type { Breakpoint } from "../../schemas/breakpoint.ts";
import type { Scene } from "../editor/scene.ts";
import type { Frame } from "../frame.ts";
import { Icon, type IconName } from "../icons.tsx";
import { BreakpointList } from "./breakpoint_list.tsx";
import { NodeList } from "./node_list.tsx";
import { RunMap } from "./run_map.tsx";
import type { RunTale, TaleStep } from "./run_tale.ts";
import type { RunMoves, ShownCaller, ShownDecision, ShownNode } from "./shown_node.ts";

/** What the tab shows. */
export interface ProgressProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly tale: RunTale;
  readonly moves: RunMoves;
  readonly breakpoints: readonly Breakpoint[];
  readonly hasPrices: boolean;
  /** A chat or a script: there is no workflow to show. */
  readonly isTalk: boolean;
  /** Missing where the run's package cannot be read. */
  readonly map?: {
    readonly scene: Scene;
    readonly nodes: readonly ShownNode[];
    readonly taken: ReadonlySet<string>;
    readonly callers: readonly ShownCaller[];
    readonly decisions: readonly ShownDecision[];
  };
}

/** The tab. */
export function ProgressTab(props: ProgressProps) {
  const { frame, runId, map, moves, breakpoints, hasPrices, isTalk } = props;
  const { control, start } = frame.texts;
  if (isTalk) return <p class="muted">{start.noSteps}</p>;
  if (!map) {
    return (
      <div class="stack">
        <p class="muted">{control.mapNone}</p>
        <Way {...props} />
      </div>
    );
  }
  const nodes = new Map(map.nodes.map((node) => [node.nodeId, node]));
  return (
    <div class="stack">
      <Callers {...props} callers={map.callers} />
      <RunMap scene={map.scene} nodes={nodes} taken={map.taken} texts={frame.texts} />
      <Decisions {...props} decisions={map.decisions} />
      <NodeList frame={frame} runId={runId} nodes={map.nodes} moves={moves} />
      {!moves.isCompleted && (
        <BreakpointList
          frame={frame}
          runId={runId}
          breakpoints={breakpoints}
          hasPrices={hasPrices}
        />
      )}
      <Way {...props} />
    </div>
  );
}

function Callers(
  { frame: { texts: { control } }, callers }: ProgressProps & {
    readonly callers: readonly ShownCaller[];
  },
) {
  if (callers.length === 0) return "";
  return (
    <section aria-label={control.callStack}>
      <ol class="run-callers small">
        {callers.map(({ workflowId, nodeId }) => <li>{control.calledFrom(workflowId, nodeId)}</li>)}
      </ol>
    </section>
  );
}

function Decisions(
  { frame: { texts: { control } }, decisions }: ProgressProps & {
    readonly decisions: readonly ShownDecision[];
  },
) {
  if (decisions.length === 0) return "";
  return (
    <section aria-labelledby="decisions-title">
      <h2 class="side-title" id="decisions-title">{control.decisions}</h2>
      <ol class="run-decisions">
        {decisions.map(({ from, to, label, reason }) => (
          <li>
            <strong>{label}</strong> <span class="small muted">{control.decision(from, to)}</span>
            <span class="small pre-line">{reason || control.noReason}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const STEP_ICONS: Readonly<Record<TaleStep["state"], IconName>> = { open: "right", done: "check" };

/** Visit by visit, also of workflows that were called. */
function Way({ frame: { texts: { run, control } }, tale: { steps } }: ProgressProps) {
  return (
    <section aria-labelledby="way-title">
      <h2 class="side-title" id="way-title">{control.way}</h2>
      {steps.length === 0 && <p class="muted">{run.noSteps}</p>}
      <ol class="steps">
        {steps.map(({ nodeId, title, state, label, reason, depth, seq }) => (
          <li class={`step ${state}`} data-node={nodeId} data-depth={depth}>
            <Icon name={STEP_ICONS[state]} label={state === "open" ? run.stepOpen : run.stepDone} />
            <span class="grow stack-none">
              <a href={`#item-${seq}`}>{title}</a>
              {label && <span class="small muted">→ {label}</span>}
              {reason && <span class="small muted">{reason}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
