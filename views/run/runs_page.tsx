// The lists of runs: all that ran, and what waits for a person.
import { RUN_PHASES, type RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { TimeAgo } from "../time_ago.tsx";
import type { MatterProps } from "./matter_form.tsx";
import { duration, PhaseBadge } from "./run_phase.tsx";

/** A run in a list. */
export interface RunLine {
  readonly runId: string;
  readonly packageName: string;
  readonly workflowId: string;
  readonly projectName: string;
  readonly model: string;
  readonly phase: RunPhase;
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** What the list shows. */
export interface RunsPageProps {
  readonly frame: Frame;
  readonly runs: readonly RunLine[];
  readonly packages: readonly string[];
  readonly filter: { readonly phase: string; readonly package: string };
  /** 0 is the newest page. */
  readonly page: number;
  readonly hasMore: boolean;
}

/** What ran. */
export function RunsPage(props: RunsPageProps) {
  const { frame, runs, filter, page } = props;
  const { run } = frame.texts;
  const isFiltered = filter.phase !== "" || filter.package !== "" || page > 0;
  return (
    <Page frame={frame} title={run.title} active="runs">
      <header class="page-head">
        <h1>{run.title}</h1>
        <a class="button primary" href="/runs/new">
          <Icon name="play" />
          {run.start}
        </a>
      </header>
      {runs.length === 0 && !isFiltered ? <NoRuns frame={frame} /> : <RunTable {...props} />}
    </Page>
  );
}

function NoRuns({ frame: { texts: { run } } }: { frame: Frame }) {
  return (
    <div class="panel empty">
      <Icon name="play" />
      <strong>{run.none}</strong>
      <p>{run.noneHint}</p>
    </div>
  );
}

function RunTable(props: RunsPageProps) {
  const { frame, runs } = props;
  const { run } = frame.texts;
  const columns = [
    run.columnRun,
    run.columnStatus,
    run.columnProject,
    run.columnModel,
    run.columnStarted,
    run.columnTime,
  ];
  return (
    <>
      <Filters {...props} />
      {runs.length === 0 && <p class="muted">{run.noneFiltered}</p>}
      {runs.length > 0 && (
        <section class="panel table-scroll" aria-label={run.title} tabindex={0}>
          <table class="table">
            <thead>
              <tr>{columns.map((column) => <th scope="col">{column}</th>)}</tr>
            </thead>
            <tbody>{runs.map((line) => <Row frame={frame} line={line} />)}</tbody>
          </table>
        </section>
      )}
      <Pager {...props} />
    </>
  );
}

function Row({ frame, line }: { frame: Frame; line: RunLine }) {
  const { texts, now } = frame;
  const tookMs = Date.parse(line.updatedAt) - Date.parse(line.startedAt);
  return (
    <tr>
      <td>
        <a class="strong-link" href={`/runs/${line.runId}`}>{line.packageName}</a>{" "}
        <span class="muted">{line.workflowId}</span>
      </td>
      <td>
        <PhaseBadge phase={line.phase} texts={texts} />
      </td>
      <td>{line.projectName}</td>
      <td>{line.model}</td>
      <td>
        <TimeAgo at={line.startedAt} now={now} texts={texts} />
      </td>
      <td class="numeric">{line.phase === "running" ? "" : duration(tookMs)}</td>
    </tr>
  );
}

function Filters({ frame, packages, filter }: RunsPageProps) {
  const { run } = frame.texts;
  return (
    <form class="row run-filters" method="get" action="/runs">
      <label class="label" for="phase">{run.filterPhase}</label>
      <select class="select" id="phase" name="phase">
        <option value="">{run.filterAll}</option>
        {RUN_PHASES.map((phase) => (
          <option value={phase} selected={phase === filter.phase}>{run[phase]}</option>
        ))}
      </select>
      <label class="label" for="package">{run.filterPackage}</label>
      <select class="select" id="package" name="package">
        <option value="">{run.filterAll}</option>
        {packages.map((name) => (
          <option value={name} selected={name === filter.package}>{name}</option>
        ))}
      </select>
      <button type="submit" class="button">{run.filter}</button>
    </form>
  );
}

function Pager({ frame: { texts: { run } }, page, hasMore, filter }: RunsPageProps) {
  const to = (number: number) =>
    `/runs?${new URLSearchParams({ ...filter, page: String(number) }).toString()}`;
  return (
    <p class="row page-foot">
      {page > 0 && <a class="quiet-link" href={to(page - 1)}>{run.newer}</a>}
      {hasMore && <a class="quiet-link" href={to(page + 1)}>{run.older}</a>}
    </p>
  );
}

/** A run that waits, with what it waits for. */
export interface InboxEntry {
  readonly line: RunLine;
  readonly matter: MatterProps;
}

/** All that waits for this person. */
export function InboxPage({ frame, entries }: { frame: Frame; entries: readonly InboxEntry[] }) {
  const { texts: { run }, now, texts } = frame;
  return (
    <Page frame={frame} title={run.inboxTitle} active="inbox">
      <header class="page-head">
        <h1>{run.inboxTitle}</h1>
      </header>
      <p class="lead page-lead">{run.inboxLead}</p>
      {entries.length === 0
        ? (
          <div class="panel empty">
            <Icon name="check" />
            <strong>{run.inboxNone}</strong>
            <p>{run.inboxNoneHint}</p>
          </div>
        )
        : (
          <ul class="panel rows">
            {entries.map(({ line, matter }) => (
              <li class="line inbox-line">
                <Icon name={matter.approval ? "warning" : "question"} />
                <span class="grow stack-none">
                  <a class="strong-link" href={`/runs/${line.runId}`}>
                    {questionOf(matter, frame)}
                  </a>
                  <span class="small muted">
                    {line.packageName} · {line.workflowId} · {line.projectName} ·{" "}
                    <TimeAgo at={line.updatedAt} now={now} texts={texts} />
                  </span>
                </span>
                <a class="button small" href={`/runs/${line.runId}#matter`}>{run.toRun}</a>
              </li>
            ))}
          </ul>
        )}
    </Page>
  );
}

function questionOf(
  { question, approval, reason }: MatterProps,
  { texts: { run } }: Frame,
): string {
  if (question) return question.question.question.slice(0, 300);
  if (approval?.path) return run.wantsPath(approval.tool, approval.path);
  if (approval) return run.wants(approval.tool);
  return reason ?? run.adviceTitle;
}
