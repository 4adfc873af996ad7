// What a run waits for, as a form: an answer by the kind of its question, consent to a tool call, or
// words for a run that has stopped.
import type { Child } from "hono/jsx";
import type { ApprovalRequest, Question } from "../../schemas/question.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Diff } from "./diff.tsx";
import { SchemaFields } from "./schema_fields.tsx";

/** A run that has stopped. */
interface StoppedProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly phase: RunPhase;
  readonly reason: string | undefined;
  /** A chat whose next words are the person's: there is a place for them already. */
  readonly isTalking: boolean;
}

/** What is open, and where its form goes. */
export interface MatterProps extends StoppedProps {
  readonly question?: { readonly callId: string; readonly question: Question };
  readonly approval?: ApprovalRequest;
}

/** The place for what is open; empty while the run goes on or is completed. */
export function Matter(props: MatterProps) {
  return <div id="matter" class="matter" aria-live="polite">{matterOf(props)}</div>;
}

function matterOf(props: MatterProps): Child {
  if (props.phase === "running" || props.phase === "completed" || props.isTalking) return "";
  const { question, approval, ...stopped } = props;
  if (question) return <QuestionForm {...stopped} {...question} />;
  if (approval) return <ApprovalForm {...stopped} approval={approval} />;
  return <ResumeForm {...stopped} />;
}

interface ActionProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly action: string;
  readonly class?: string;
  readonly children?: Child;
}

/** A form that changes a run: with htmx the stream tells what came of it, else the page is shown anew. */
export function RunAction({ frame, runId, action, children, ...rest }: ActionProps) {
  const path = `/runs/${runId}/${action}`;
  return (
    <form
      method="post"
      action={path}
      hx-post={path}
      hx-swap="none"
      class={rest.class ?? "inline-form"}
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      {children}
    </form>
  );
}

function QuestionForm(
  props: StoppedProps & { readonly callId: string; readonly question: Question },
) {
  const { frame, runId, callId, question } = props;
  const { run } = frame.texts;
  return (
    <RunAction frame={frame} runId={runId} action="answer" class="matter-form stack">
      <h2>
        <Icon name="question" /> {run.questionTitle}
      </h2>
      <input type="hidden" name="callId" value={callId} />
      <input type="hidden" name="kind" value={question.kind} />
      <p class="pre-line" id="question-text">{question.question}</p>
      <QuestionFields {...props} />
    </RunAction>
  );
}

function QuestionFields(
  { frame, question, runId }: StoppedProps & { readonly question: Question },
) {
  const { run } = frame.texts;
  switch (question.kind) {
    case "selection":
      return (
        <>
          <fieldset class="stack-tight" aria-labelledby="question-text">
            {(question.options ?? []).map((option, index) => (
              <label class="check">
                <input type="radio" name="text" value={option} required checked={index === 0} />
                {option}
              </label>
            ))}
          </fieldset>
          <Submit label={run.answer} />
        </>
      );
    case "confirmation":
      return (
        <div class="row">
          <button type="submit" class="button primary" name="text" value="yes">{run.yes}</button>
          <button type="submit" class="button" name="text" value="no">{run.no}</button>
        </div>
      );
    case "form":
      return (
        <>
          <SchemaFields schema={question.schema ?? {}} texts={frame.texts} />
          <Submit label={run.answer} />
        </>
      );
    case "review":
      return (
        <>
          {question.path && (
            <p>
              <a href={`/runs/${runId}/file?path=${encodeURIComponent(question.path)}`}>
                {run.reviewOf(question.path)}
              </a>
            </p>
          )}
          <TextField label={run.comments} name="comments" isRequired={false} />
          <div class="row">
            <button type="submit" class="button primary" name="approved" value="yes">
              {run.approve}
            </button>
            <button type="submit" class="button" name="approved" value="no">
              {run.requestChanges}
            </button>
          </div>
        </>
      );
    default:
      return (
        <>
          <TextField label={run.answerLabel} name="text" isRequired />
          <Submit label={run.answer} />
        </>
      );
  }
}

interface TextFieldProps {
  readonly label: string;
  readonly name: string;
  readonly isRequired: boolean;
  readonly hint?: string;
}

function TextField({ label, name, isRequired, hint }: TextFieldProps) {
  return (
    <div class="field">
      <label for={`matter-${name}`}>{label}</label>
      <textarea
        class="textarea"
        id={`matter-${name}`}
        name={name}
        rows={3}
        required={isRequired}
        maxlength={100_000}
      >
      </textarea>
      {hint && <span class="hint">{hint}</span>}
    </div>
  );
}

function Submit({ label }: { label: string }) {
  return (
    <div>
      <button class="button primary" type="submit">{label}</button>
    </div>
  );
}

function ApprovalForm(props: StoppedProps & { readonly approval: ApprovalRequest }) {
  const { frame, runId, approval: { callId, tool, path, diff, arguments: args } } = props;
  const { run } = frame.texts;
  const choice = (value: string, label: string, kind = "") => (
    <button type="submit" class={`button ${kind}`} name="choice" value={value}>{label}</button>
  );
  const ids = <input type="hidden" name="callId" value={callId} />;
  return (
    <div class="matter-form stack">
      <h2>
        <Icon name="warning" /> {run.approvalTitle}
      </h2>
      <p>{path ? run.wantsPath(tool, path) : run.wants(tool)}</p>
      {diff && <Diff text={diff} label={path ?? tool} />}
      <details class="fold" open={diff === undefined}>
        <summary>{run.arguments}</summary>
        <pre class="code-block" tabindex={0} aria-label={run.arguments}>
          {JSON.stringify(args, null, 2)}
        </pre>
      </details>
      <RunAction frame={frame} runId={runId} action="decide" class="row">
        {ids}
        {choice("once", run.allowOnce, "primary")}
        {choice("run", run.allowRun)}
        {frame.user?.isOwner && choice("always", run.allowAlways)}
      </RunAction>
      {/* A form of its own: Enter in the reason must not allow anything. */}
      <RunAction frame={frame} runId={runId} action="decide" class="row deny-row">
        {ids}
        <div class="field grow">
          <label for="deny-reason">{run.denyReasonLabel}</label>
          <input class="input" id="deny-reason" name="reason" maxlength={2000} />
        </div>
        {choice("deny", run.deny, "danger")}
      </RunAction>
    </div>
  );
}

function ResumeForm({ frame, runId, phase, reason }: StoppedProps) {
  const { run } = frame.texts;
  return (
    <RunAction frame={frame} runId={runId} action="resume" class="matter-form stack">
      <h2>{phase === "waiting" ? run.adviceTitle : run.pausedTitle}</h2>
      {reason && <p class="pre-line">{reason}</p>}
      <div>
        <button class="button primary" type="submit">
          <Icon name="play" />
          {run.resume}
        </button>
      </div>
    </RunAction>
  );
}
