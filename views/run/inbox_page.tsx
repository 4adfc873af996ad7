// What waits for a person, over all runs: simple questions and consents are answered here, the rest on
// the page of the run.
import type { Child } from "hono/jsx";
import type { ApprovalRequest, Question } from "../../schemas/question.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { Diff } from "./diff.tsx";

/** A run that waits, with what it waits for. */
export interface InboxEntry {
  readonly runId: string;
  readonly packageName: string;
  readonly workflowTitle: string;
  readonly projectName: string;
  readonly updatedAt: string;
  readonly reason: string | undefined;
  readonly question?: { readonly callId: string; readonly question: Question };
  readonly approval?: ApprovalRequest;
}

/** What the inbox shows. */
export interface InboxProps {
  readonly frame: Frame;
  readonly entries: readonly InboxEntry[];
}

/** All that waits for this person. */
export function InboxPage(props: InboxProps) {
  const { frame } = props;
  const { run, record } = frame.texts;
  return (
    <Page frame={frame} title={run.inboxTitle} active="inbox" styles={["records.css"]}>
      <header class="page-head">
        <h1>{run.inboxTitle}</h1>
        <button type="button" class="button" data-notify hidden>{record.notify}</button>
      </header>
      <p class="lead page-lead">
        {run.inboxLead} <span data-notify-on hidden>{record.notifyOn}</span>
        <span data-notify-off hidden>{record.notifyOff}</span>
      </p>
      <p class="notice warning inbox-changed" data-inbox-changed hidden>
        {record.inboxChanged} <a href="/inbox">{record.inboxReload}</a>
      </p>
      <InboxList {...props} />
    </Page>
  );
}

/** The list alone, as it is swapped. */
export function InboxList({ frame, entries }: InboxProps) {
  const { run } = frame.texts;
  const keys = entries.map(({ runId, updatedAt }) => `${runId} ${updatedAt}`).join(",");
  return (
    <div id="inbox-list" data-waiting={keys}>
      {entries.length === 0
        ? (
          <div class="panel empty">
            <Icon name="check" />
            <strong>{run.inboxNone}</strong>
            <p>{run.inboxNoneHint}</p>
          </div>
        )
        : (
          <ul class="stack">
            {entries.map((entry) => <Entry frame={frame} entry={entry} />)}
          </ul>
        )}
    </div>
  );
}

interface EntryProps {
  readonly frame: Frame;
  readonly entry: InboxEntry;
}

function Entry({ frame, entry }: EntryProps) {
  const { texts, now } = frame;
  const { runId, packageName, workflowTitle, projectName, updatedAt, approval } = entry;
  return (
    <li class="panel inbox-entry" data-run={runId}>
      <div class="inbox-line">
        <Icon name={approval ? "warning" : "question"} />
        <span class="grow stack-none">
          <strong class="pre-line" id={`asked-${runId}`}>{questionOf(entry, frame)}</strong>
          <span class="small muted">
            {packageName} · {workflowTitle} · {projectName} ·{" "}
            <TimeAgo at={updatedAt} now={now} texts={texts} />
          </span>
        </span>
        <a class="button small" href={`/runs/${runId}#matter`}>{texts.run.toRun}</a>
      </div>
      <Reply frame={frame} entry={entry} />
    </li>
  );
}

function questionOf(
  { question, approval, reason }: InboxEntry,
  { texts: { run } }: Frame,
): string {
  if (question) return question.question.question.slice(0, 1000);
  if (approval?.path) return run.wantsPath(approval.tool, approval.path);
  if (approval) return run.wants(approval.tool);
  return reason ?? run.adviceTitle;
}

function Reply({ frame, entry }: EntryProps) {
  const { run, record } = frame.texts;
  if (entry.approval) {
    return <ConsentForm frame={frame} entry={entry} approval={entry.approval} />;
  }
  if (!entry.question) return <p class="small muted inbox-reply">{record.needsPage}</p>;
  const { callId, question } = entry.question;
  const props = { frame, entry, callId };
  switch (question.kind) {
    case "confirmation":
      return (
        <InboxForm {...props} action="answer">
          <button type="submit" class="button primary" name="text" value="yes">{run.yes}</button>
          <button type="submit" class="button" name="text" value="no">{run.no}</button>
        </InboxForm>
      );
    case "selection":
      return (
        <InboxForm {...props} action="answer">
          <SelectionFields frame={frame} entry={entry} options={question.options ?? []} />
        </InboxForm>
      );
    case "text":
      return (
        <InboxForm {...props} action="answer">
          <textarea
            class="textarea grow"
            name="text"
            rows={2}
            required
            maxlength={100_000}
            aria-labelledby={`asked-${entry.runId}`}
          >
          </textarea>
          <button type="submit" class="button primary">{run.answer}</button>
        </InboxForm>
      );
    default:
      return <p class="small muted inbox-reply">{record.needsPage}</p>;
  }
}

/** As many options as fit in a line or two are buttons. */
const MOST_BUTTONS = 6;

function SelectionFields(
  { frame, entry, options }: EntryProps & { readonly options: readonly string[] },
) {
  const { run } = frame.texts;
  if (options.length <= MOST_BUTTONS) {
    return (
      <>
        {options.map((option) => (
          <button type="submit" class="button" name="text" value={option}>{option}</button>
        ))}
      </>
    );
  }
  return (
    <>
      <select class="select" name="text" aria-labelledby={`asked-${entry.runId}`}>
        {options.map((option) => <option value={option}>{option}</option>)}
      </select>
      <button type="submit" class="button primary">{run.answer}</button>
    </>
  );
}

function ConsentForm(
  { frame, entry, approval }: EntryProps & { readonly approval: ApprovalRequest },
) {
  const { run } = frame.texts;
  const { callId, diff, tool, path } = approval;
  const props = { frame, entry, callId };
  return (
    <>
      <details class="fold inbox-reply" open={isShort(diff)}>
        <summary>{diff ? run.changes : run.arguments}</summary>
        <div class="fold-body">
          {diff
            ? <Diff text={diff} label={path ?? tool} />
            : (
              <pre class="code-block" tabindex={0} aria-label={run.arguments}>
              {JSON.stringify(approval.arguments, null, 2)}
              </pre>
            )}
        </div>
      </details>
      <InboxForm {...props} action="decide">
        <button type="submit" class="button primary" name="choice" value="once">
          {run.allowOnce}
        </button>
        <button type="submit" class="button" name="choice" value="run">{run.allowRun}</button>
        <button type="submit" class="button danger" name="choice" value="deny">{run.deny}</button>
      </InboxForm>
    </>
  );
}

/** Nobody should have to unfold a few lines to know what is consented to. */
function isShort(diff: string | undefined): boolean {
  return diff !== undefined && diff.split("\n").length <= 24;
}

interface InboxFormProps extends EntryProps {
  readonly callId: string;
  readonly action: "answer" | "decide";
  readonly children?: Child;
}

/** With htmx the list comes back without the entry; else the page is shown anew. */
function InboxForm({ frame, entry: { runId, packageName }, ...props }: InboxFormProps) {
  const path = `/inbox/${runId}/${props.action}`;
  return (
    <form
      class="row inbox-reply"
      method="post"
      action={path}
      hx-post={path}
      hx-target="#inbox-list"
      hx-swap="outerHTML"
      aria-label={frame.texts.record.answerHere(packageName)}
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="callId" value={props.callId} />
      {props.children}
    </form>
  );
}
