// The conversation of a run, entry by entry. Each entry has an id, so that a stream can put its later
// state in its place.
import type { Answer } from "../../schemas/question.ts";
import { RUN_PHASES, type RunPhase } from "../../schemas/run_event.ts";
import { Icon, type IconName } from "../icons.tsx";
import type { Texts } from "../text/texts.ts";
import { Diff } from "./diff.tsx";
import { duration } from "./run_phase.tsx";
import type {
  ApprovalBody,
  CallBody,
  NodeBody,
  NoteBody,
  QuestionBody,
  SaidBody,
  TaleItem,
} from "./run_tale.ts";

/** An entry; its id is `item-` and its number. */
export function TalkItem({ item, texts }: { item: TaleItem; texts: Texts }) {
  const { body, seq } = item;
  return (
    <li id={`item-${seq}`} class={`talk-item talk-${body.kind}`}>
      <Entry item={item} texts={texts} />
    </li>
  );
}

function Entry({ item: { body }, texts }: { item: TaleItem; texts: Texts }) {
  switch (body.kind) {
    case "node":
      return <NodeEntry {...body} />;
    case "said":
      return <Said body={body} texts={texts} />;
    case "call":
      return <Call body={body} texts={texts} />;
    case "question":
      return <Asked body={body} texts={texts} />;
    case "approval":
      return <Consent body={body} texts={texts} />;
    case "input":
      return <Words from={texts.run.you} text={body.text} />;
    case "note":
      return <Note body={body} texts={texts} />;
  }
}

const NODE_ICONS: Readonly<Record<NodeBody["type"], IconName>> = {
  step: "file",
  decision: "fork",
  merge: "link",
  end: "check",
  subworkflow: "workflow",
};

function NodeEntry({ title, nodeId, type, agentId, depth }: NodeBody) {
  return (
    <h2 class="talk-head" data-depth={depth}>
      <Icon name={NODE_ICONS[type]} />
      <span>{title}</span>
      {title !== nodeId && <code class="muted small">{nodeId}</code>}
      {agentId !== undefined && <span class="badge">{agentId}</span>}
    </h2>
  );
}

function Said({ body: { text, thinking, repairs }, texts }: { body: SaidBody; texts: Texts }) {
  return (
    <>
      {thinking && (
        <details class="fold">
          <summary>{texts.run.thinking}</summary>
          <div class="fold-body pre-line muted">{thinking}</div>
        </details>
      )}
      {text && <div class="said pre-line">{text}</div>}
      {repairs.length > 0 && (
        <details class="fold">
          <summary>{texts.run.repaired}</summary>
          <ul class="fold-body small muted">{repairs.map((repair) => <li>{repair}</li>)}</ul>
        </details>
      )}
    </>
  );
}

/** One call, folded: what it was and how it went stand on the line. */
export function Call({ body, texts }: { body: CallBody; texts: Texts }) {
  const { tool, result, durationMs, callId } = body;
  const subject = subjectOf(body);
  return (
    <details class="fold call" data-call={callId}>
      <summary>
        <code>{tool}</code> {subject && <span class="call-subject muted">{subject}</span>}
        <span class={`call-state ${result?.ok === false ? "bad" : ""}`}>
          {callState(body, texts)}
          {durationMs !== undefined && ` · ${duration(durationMs)}`}
        </span>
      </summary>
      <div class="fold-body stack-tight">
        <p class="label">{texts.run.arguments}</p>
        <Json value={body.arguments} label={texts.run.arguments} />
        {result && <p class="label">{texts.run.result}</p>}
        {result && <Json value={result} label={texts.run.result} />}
      </div>
    </details>
  );
}

function callState({ result }: CallBody, { run }: Texts): string {
  if (!result) return run.callRunning;
  return result.ok ? run.callDone : run.callFailed(result.error.code);
}

function subjectOf({ arguments: args }: CallBody): string {
  const subject = args.path ?? args.nodeId ?? args.query ?? args.pattern ?? args.command ?? "";
  return typeof subject === "string" ? subject.slice(0, 200) : "";
}

const MOST_SHOWN = 20_000;

function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2) ?? "";
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
  return <pre class="code-block" tabindex={0} aria-label={label}>{shown}</pre>;
}

function Asked({ body: { question, answer, by }, texts }: { body: QuestionBody; texts: Texts }) {
  const names = {
    person: texts.run.you,
    answers: texts.run.answersFile,
    simulation: texts.run.simulated,
  };
  return (
    <>
      <div class="asked">
        <Icon name="question" />
        <span class="pre-line">{question.question}</span>
      </div>
      {answer !== undefined && (
        <Words from={names[by ?? "person"]} text={answerText(answer, texts)} />
      )}
    </>
  );
}

function answerText(answer: Answer, { run }: Texts): string {
  if (typeof answer === "string") return answer;
  if (typeof answer === "boolean") return answer ? run.yes : run.no;
  return Object.entries(answer)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");
}

function Words({ from, text }: { from: string; text: string }) {
  return (
    <div class="words">
      <span class="label">{from}</span>
      <div class="pre-line">{text}</div>
    </div>
  );
}

function Consent({ body: { approval, decision }, texts }: { body: ApprovalBody; texts: Texts }) {
  const { run } = texts;
  const said = decision ? decision.decision === "allow" ? run.allowed : run.denied : run.asks;
  return (
    <details class="fold">
      <summary>
        <code>{approval.tool}</code>{" "}
        {approval.path && <span class="call-subject muted">{approval.path}</span>}
        <span class={`call-state ${decision?.decision === "deny" ? "bad" : ""}`}>{said}</span>
      </summary>
      <div class="fold-body stack-tight">
        {decision?.reason && <p>{run.denyReason(decision.reason)}</p>}
        {approval.diff
          ? <Diff text={approval.diff} label={approval.path ?? approval.tool} />
          : <Json value={approval.arguments} label={run.arguments} />}
      </div>
    </details>
  );
}

function Note({ body, texts }: { body: NoteBody; texts: Texts }) {
  const { note, detail } = body;
  const isPhase = (RUN_PHASES as readonly string[]).includes(note);
  const isBad = note === "failed" || note === "error" || note === "damaged";
  return (
    <p class={`talk-note ${isBad ? "bad" : ""}`}>
      {isPhase ? phaseNote(note as RunPhase, detail, texts) : noteText(body, texts)}
    </p>
  );
}

function phaseNote(phase: RunPhase, detail: string, { run }: Texts): string {
  return detail ? `${run[phase]}: ${detail}` : run[phase];
}

function noteText({ note, detail }: NoteBody, { run, control }: Texts): string {
  const words: Partial<Record<NoteBody["note"], string>> = {
    started: run.noteStarted(detail),
    simulated: run.noteSimulated,
    resumed: run.noteResumed,
    forked: run.noteForked(detail),
    left: run.noteLeft(detail),
    called: run.noteCalled(detail),
    returned: run.noteReturned(detail),
    nudged: run.noteNudged,
    trimmed: run.noteTrimmed(detail),
    retried: run.noteRetried(detail),
    rejected: run.noteRejected(detail),
    damaged: run.noteDamaged(detail),
    breakpoints: control.noteBreakpoints(detail),
    begunAfresh: control.noteRetried(detail),
    edited: control.noteEdited(detail),
    reverted: run.noteReverted(detail),
  };
  return words[note] ?? detail;
}
