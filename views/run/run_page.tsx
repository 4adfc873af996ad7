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
import { Composer, type ComposerProps } from "./composer.tsx";
import { TalkList, talkWindow } from "./talk_list.tsx";

/** A run as its head shows it. */
export interface RunHeadProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly packageName: string;
  readonly workflowTitle: string;
  readonly projectName: string;
  readonly projectHref: string;
  /** Where another run on the same folder is started. */
  readonly anotherHref: string;
  readonly model: string;
  readonly isSimulated: boolean;
  readonly phase: RunPhase;
  /** Why it does not go on. */
  readonly reason: string | undefined;
  /** It asks something, and goes on with the answer. */
  readonly isAsking: boolean;
  /** This server drives it, so it can be paused and stopped here. */
  readonly isDrivenHere: boolean;
  /** Of a chat, while nobody drives it: it waits for words, or has to be taken up. */
  readonly chat?: "waits" | "stopped";
  readonly tale: RunTale;
  /** US dollars; `null` where the profile has no prices. */
  readonly costUsd: number | null;
}

/** What the page shows. */
export interface RunPageProps {
  readonly head: RunHeadProps;
  readonly matter: MatterProps;
  readonly side: SideProps;
  readonly composer: ComposerProps;
  /** A look back: the entries before this number. */
  readonly before?: number | undefined;
  /** Where the stream begins: the last event that this page shows. */
  readonly notice?: string;
}

/** The page of a run. */
export function RunPage({ head, matter, side, composer, before, notice }: RunPageProps) {
  const { frame, runId, tale } = head;
  const { run } = frame.texts;
  const window = talkWindow(tale.items, before);
  const stream = `/runs/${runId}/stream?after=${tale.lastSeq}&${side.query}`;
  return (
    <Page
      frame={frame}
      title={`${head.packageName} · ${run.title}`}
      active="runs"
      crumbs={[{ label: run.title, href: "/runs" }, { label: head.packageName }]}
      scripts={["drafts.js", "run.js", "composer.js", "run/run_control.js"]}
      styles={["composer.css", "run_control.css", "records.css"]}
      shape="workspace"
    >
      <div class="run">
        <RunHead {...head} />
        <div class="run-body">
          <section class="run-talk" id="talk-scroll" aria-label={run.conversation} tabindex={0}>
            {notice !== undefined && <p class="notice ok" role="status">{notice}</p>}
            <TalkList frame={frame} runId={runId} window={window} />
            <Streaming label={run.thinking} />
            <Matter {...matter} />
            <Composer {...composer} />
          </section>
          <SidePanel {...side} />
        </div>
        {!window.isBack && (
          <div
            id="run-stream"
            hx-sse:connect={stream}
            hx-trigger="load, shown"
            hx-swap="beforeend"
            hidden
          >
          </div>
        )}
      </div>
    </Page>
  );
}

/** What the model is writing now; `run.js` fills it. */
export function Streaming({ label }: { label: string }) {
  return (
    <div id="streaming" class="streaming" hidden>
      <details class="fold" data-stream-fold hidden>
        <summary>{label}</summary>
        <div class="fold-body pre-line muted" data-stream="reasoning"></div>
      </details>
      <div class="pre-line" data-stream="text"></div>
    </div>
  );
}

/** How the run stands, and what can be done with it. */
export function RunHead(props: RunHeadProps) {
  const { frame, packageName, workflowTitle, phase, tale, costUsd } = props;
  const { run } = frame.texts;
  return (
    <header id="run-head" class="run-head">
      <div class="grow stack-none">
        <h1>
          {packageName} <span class="muted">{workflowTitle}</span>
        </h1>
        <p class="small muted">
          {run.in} <a href={props.projectHref}>{props.projectName}</a> · {run.with(props.model)}
        </p>
      </div>
      <p class="run-numbers numeric small muted">
        <span>{run.requests(tale.requests)}</span>
        <span title={run.tokensTitle}>
          {run.tokens(short(tale.inputTokens), short(tale.outputTokens))}
        </span>
        {costUsd !== null && <span>${costUsd.toFixed(costUsd < 1 ? 4 : 2)}</span>}
        <span title={run.modelTimeTitle}>{run.modelTime(duration(tale.modelMs))}</span>
        <DrivenTime {...props} />
      </p>
      {props.isSimulated && <span class="badge accent">{run.simulation}</span>}
      <PhaseBadge phase={phase} texts={frame.texts} />
      <Controls {...props} />
      <Standing {...props} />
    </header>
  );
}

/** `run_control.js` lets it go on while the run is driven. */
function DrivenTime({ frame, phase, tale }: RunHeadProps) {
  const { control } = frame.texts;
  const { drivenMs, drivenSince, lastAt } = tale;
  const now = drivenSince === undefined || lastAt === undefined
    ? 0
    : Math.max(0, Date.parse(lastAt) - Date.parse(drivenSince));
  const isTicking = phase === "running" && drivenSince !== undefined;
  return (
    <span title={control.timeTitle}>
      <span
        data-driven-ms={isTicking ? drivenMs : undefined}
        data-driven-since={isTicking ? drivenSince : undefined}
      >
        {duration(drivenMs + now)}
      </span>{" "}
      {control.inAll}
    </span>
  );
}

/** The node, and in words why the run does not go on. */
function Standing({ frame, phase, reason, tale }: RunHeadProps) {
  const { control } = frame.texts;
  const step = tale.steps.at(-1);
  // Between two nodes the reason says where it stands.
  const place = step?.state === "open" && phase !== "completed" ? control.at(step.title) : "";
  const why = phase === "running" || phase === "completed" ? "" : reason ?? "";
  if (place === "" && why === "") return "";
  return (
    <p class="run-standing small" title={why || undefined}>
      {place && <strong>{place}</strong>} {why && <span class="muted">{why}</span>}
    </p>
  );
}

function Controls(props: RunHeadProps) {
  const { frame, runId, phase, isDrivenHere, isAsking } = props;
  const { run, control } = frame.texts;
  if (phase === "running") {
    return isDrivenHere
      ? <DrivenControls {...props} />
      : <span class="small muted">{run.elsewhere}</span>;
  }
  if (phase === "completed") {
    return <a class="button" href={props.anotherHref}>{control.another}</a>;
  }
  if (props.chat) return <ChatControls {...props} chat={props.chat} />;
  return (
    <div class="row">
      {!isAsking && (
        <RunAction frame={frame} runId={runId} action="resume">
          <button type="submit" class="button primary" id="run-go-on" title={control.goOnHint}>
            <Icon name="play" />
            {control.goOn}
          </button>
        </RunAction>
      )}
      <RunAction frame={frame} runId={runId} action="retry">
        <button type="submit" class="button" id="run-retry" title={control.retryHint}>
          <Icon name="redo" />
          {control.retry}
        </button>
      </RunAction>
      <a class="button" href={`/runs/${runId}/state`} id="run-state-link">
        <Icon name="edit" />
        {control.editState}
      </a>
    </div>
  );
}

/** A chat has no node to begin afresh and no state worth an edit; it can be ended. */
function ChatControls(
  { frame, runId, chat }: RunHeadProps & { readonly chat: "waits" | "stopped" },
) {
  const { control, start } = frame.texts;
  return (
    <div class="row">
      {chat === "stopped" && (
        <RunAction frame={frame} runId={runId} action="resume">
          <button type="submit" class="button primary" id="run-go-on" title={control.goOnHint}>
            <Icon name="play" />
            {control.goOn}
          </button>
        </RunAction>
      )}
      <RunAction frame={frame} runId={runId} action="say">
        <input type="hidden" name="text" value="/dismiss" />
        <button type="submit" class="button">{start.endChat}</button>
      </RunAction>
    </div>
  );
}

function DrivenControls({ frame, runId }: RunHeadProps) {
  const { run } = frame.texts;
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
