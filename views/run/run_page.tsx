// The page of one run: what it says, what it waits for, how it stands. What changes while one looks on
// comes by a stream, in the same pieces.
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { Matter, type MatterProps, RunAction } from "./matter_form.tsx";
import { duration, PhaseBadge } from "./run_phase.tsx";
import type { RunTale } from "./run_tale.ts";
import { SidePanel, type SideProps } from "./side_panel.tsx";
import { TalkItem } from "./talk.tsx";

/** A run as its head shows it. */
export interface RunHeadProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly packageName: string;
  readonly workflowId: string;
  readonly projectName: string;
  readonly model: string;
  readonly isSimulated: boolean;
  readonly phase: RunPhase;
  /** This server drives it, so it can be paused and stopped here. */
  readonly isDrivenHere: boolean;
  readonly tale: RunTale;
  /** US dollars; `null` where the profile has no prices. */
  readonly costUsd: number | null;
}

/** What the page shows. */
export interface RunPageProps {
  readonly head: RunHeadProps;
  readonly matter: MatterProps;
  readonly side: SideProps;
  /** Where the stream begins: the last event that this page shows. */
  readonly notice?: string;
}

/** The page of a run. */
export function RunPage({ head, matter, side, notice }: RunPageProps) {
  const { frame, runId, tale } = head;
  const { texts } = frame;
  const { run } = texts;
  const stream = `/runs/${runId}/stream?after=${tale.lastSeq}&${side.query}`;
  return (
    <Page
      frame={frame}
      title={`${head.packageName} · ${run.title}`}
      active="runs"
      crumbs={[{ label: run.title, href: "/runs" }, { label: head.packageName }]}
      scripts={["run.js"]}
      styles={["records.css"]}
      shape="workspace"
    >
      <div class="run">
        <RunHead {...head} />
        <div class="run-body">
          <section class="run-talk" id="talk-scroll" aria-label={run.conversation} tabindex={0}>
            {notice !== undefined && <p class="notice ok" role="status">{notice}</p>}
            <ol id="talk" class="talk">
              {tale.items.map((item) => <TalkItem item={item} texts={texts} />)}
            </ol>
            <Streaming />
            <Matter {...matter} />
          </section>
          <SidePanel {...side} />
        </div>
        <div id="run-stream" hx-sse:connect={stream} hx-swap="beforeend" hidden></div>
      </div>
    </Page>
  );
}

/** What the model is writing now; `run.js` fills it. */
export function Streaming() {
  return (
    <div id="streaming" class="streaming" hidden>
      <div class="pre-line muted" data-stream="reasoning"></div>
      <div class="pre-line" data-stream="text"></div>
    </div>
  );
}

/** How the run stands, and what can be done with it. */
export function RunHead(props: RunHeadProps) {
  const { frame, packageName, workflowId, projectName, model, phase, tale, costUsd } = props;
  const { run } = frame.texts;
  return (
    <header id="run-head" class="run-head">
      <div class="grow stack-none">
        <h1>
          {packageName} <span class="muted">{workflowId}</span>
        </h1>
        <p class="small muted">
          {run.in(projectName)} · {run.with(model)}
        </p>
      </div>
      <p class="run-numbers numeric small muted">
        <span>{run.requests(tale.requests)}</span>
        <span title={run.tokensTitle}>
          {run.tokens(short(tale.inputTokens), short(tale.outputTokens))}
        </span>
        {costUsd !== null && <span>${costUsd.toFixed(costUsd < 1 ? 4 : 2)}</span>}
        <span>{run.modelTime(duration(tale.modelMs))}</span>
      </p>
      {props.isSimulated && <span class="badge accent">{run.simulation}</span>}
      <PhaseBadge phase={phase} texts={frame.texts} />
      <Controls {...props} />
    </header>
  );
}

function Controls({ frame, runId, phase, isDrivenHere }: RunHeadProps) {
  const { run } = frame.texts;
  if (phase !== "running") return "";
  if (!isDrivenHere) return <span class="small muted">{run.elsewhere}</span>;
  return (
    <div class="row">
      <RunAction frame={frame} runId={runId} action="pause">
        <button type="submit" class="button" title={run.pauseHint}>
          <Icon name="pause" />
          {run.pause}
        </button>
      </RunAction>
      <RunAction frame={frame} runId={runId} action="stop">
        <button type="submit" class="button danger">
          <Icon name="stop" />
          {run.stop}
        </button>
      </RunAction>
    </div>
  );
}

/** `950`, `12.3k`, `1.2M`. */
function short(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}
