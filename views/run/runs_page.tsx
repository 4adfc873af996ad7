// The history of runs: what ran, with what it took, and a filter. Not here: what waits (`inbox_page.tsx`).
import type { Child } from "hono/jsx";
import { RUN_PHASES, type RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { dollars, shortCount } from "./numbers.ts";
import { duration, PhaseBadge } from "./run_phase.tsx";

/** A run in the history. */
export interface RunLine {
  readonly runId: string;
  readonly packageName: string;
  readonly workflowTitle: string;
  readonly projectName: string;
  readonly projectDir: string;
  readonly projectHref: string;
  readonly model: string;
  readonly phase: RunPhase;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; `null` where the profile has no prices. */
  readonly costUsd: number | null;
}

/** The filter as it was asked for; empty fields restrict nothing. */
export interface ShownFilter {
  readonly status: string;
  readonly package: string;
  readonly workflow: string;
  readonly project: string;
  readonly text: string;
  /** A day. */
  readonly since: string;
}

/** What the list shows. */
export interface RunsPageProps {
  readonly frame: Frame;
  readonly runs: readonly RunLine[];
  /** What there is to choose from. */
  readonly packages: readonly string[];
  readonly workflows: readonly { readonly workflowId: string; readonly name: string }[];
  readonly projects: readonly { readonly path: string; readonly name: string }[];
  readonly filter: ShownFilter;
  /** 0 is the newest page. */
  readonly page: number;
  readonly pageSize: number;
  /** Of all that fit. */
  readonly totals: {
    readonly runs: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly modelMs: number;
    readonly costUsd: number | null;
  };
  /** There is none at all. */
  readonly isEmpty: boolean;
}

/** What ran. */
export function RunsPage(props: RunsPageProps) {
  const { frame, isEmpty } = props;
  const { run } = frame.texts;
  return (
    <Page frame={frame} title={run.title} active="runs" styles={["records.css"]}>
      <header class="page-head">
        <h1>{run.title}</h1>
        <a class="button primary" href="/runs/new">
          <Icon name="play" />
          {run.start}
        </a>
      </header>
      {isEmpty
        ? (
          <div class="panel empty">
            <Icon name="play" />
            <strong>{run.none}</strong>
            <p>{run.noneHint}</p>
          </div>
        )
        : (
          <>
            <Filters {...props} />
            <RunList {...props} />
          </>
        )}
    </Page>
  );
}

/** Everything that a change of the filter replaces. */
function RunList(props: RunsPageProps) {
  const { frame, runs, filter, page } = props;
  const { record } = frame.texts;
  const isMoving = runs.some(({ phase }) => phase === "running" || phase === "waiting");
  return (
    <div id="run-list" data-refresh={isMoving ? pathOf(filter, page) : undefined}>
      {runs.length === 0
        ? (
          <div class="panel empty">
            <Icon name="search" />
            <strong>{record.none}</strong>
            <p>{record.noneHint}</p>
            <a class="button" href="/runs">{record.clear}</a>
          </div>
        )
        : <RunTable {...props} />}
      <Totals {...props} />
    </div>
  );
}

function RunTable({ frame, runs }: RunsPageProps) {
  const { record } = frame.texts;
  return (
    <section class="panel table-scroll" aria-label={record.list} tabindex={0}>
      <table class="table run-table">
        <thead>
          <tr>
            <th scope="col">{record.status}</th>
            <th scope="col">{record.package}</th>
            <th scope="col">{record.workflow}</th>
            <th scope="col">{record.project}</th>
            <th scope="col">{record.model}</th>
            <th scope="col">{record.started}</th>
            <th scope="col" class="number">{record.duration}</th>
            <th scope="col" class="number">{record.tokens}</th>
            <th scope="col" class="number">{record.cost}</th>
          </tr>
        </thead>
        <tbody>{runs.map((line) => <Row frame={frame} line={line} />)}</tbody>
      </table>
    </section>
  );
}

function Row({ frame, line }: { frame: Frame; line: RunLine }) {
  const { texts, now } = frame;
  const { record } = texts;
  const tokens = record.tokensOf(shortCount(line.inputTokens), shortCount(line.outputTokens));
  return (
    <tr data-run={line.runId}>
      <td>
        <PhaseBadge phase={line.phase} texts={texts} />
      </td>
      <td>
        <a class="strong-link" href={`/runs/${line.runId}`}>{line.packageName}</a>
      </td>
      <td>{line.workflowTitle}</td>
      <td title={line.projectDir}>
        <a class="strong-link" href={line.projectHref}>{line.projectName}</a>
      </td>
      <td>{line.model}</td>
      <td>
        <TimeAgo at={line.startedAt} now={now} texts={texts} />
      </td>
      <td class="number numeric">{duration(line.durationMs)}</td>
      <td class="number numeric" title={tokens}>
        {shortCount(line.inputTokens + line.outputTokens)}
      </td>
      <td
        class="number numeric"
        title={line.costUsd === null ? record.noCostTitle : undefined}
      >
        {line.costUsd === null ? record.noCost : dollars(line.costUsd)}
      </td>
    </tr>
  );
}

function Totals({ frame, totals, page, pageSize, runs, filter }: RunsPageProps) {
  const { record } = frame.texts;
  const first = page * pageSize + 1;
  const to = (number: number, label: string) => (
    <a class="quiet-link" href={pathOf(filter, number)}>{label}</a>
  );
  return (
    <footer class="row run-totals small muted numeric" data-runs={totals.runs}>
      <span>{record.total(totals.runs)}</span>
      <span>
        {record.totalTokens(shortCount(totals.inputTokens), shortCount(totals.outputTokens))}
      </span>
      <span>{record.totalModel(duration(totals.modelMs))}</span>
      {totals.costUsd !== null && <span>{dollars(totals.costUsd)}</span>}
      <span class="grow"></span>
      {runs.length > 0 && totals.runs > pageSize && (
        <span>{record.range(first, first + runs.length - 1, totals.runs)}</span>
      )}
      {page > 0 && to(page - 1, record.newer)}
      {first + runs.length - 1 < totals.runs && to(page + 1, record.older)}
    </footer>
  );
}

function pathOf(filter: ShownFilter, page: number): string {
  const given = Object.entries(filter).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given);
  if (page > 0) query.set("page", String(page));
  const text = query.toString();
  return text === "" ? "/runs" : `/runs?${text}`;
}

function Filters({ frame, packages, workflows, projects, filter }: RunsPageProps) {
  const { record, run } = frame.texts;
  return (
    <form
      class="record-filters"
      method="get"
      action="/runs"
      hx-get="/runs"
      hx-trigger="submit, change, input changed delay:200ms"
      hx-target="#run-list"
      hx-select="#run-list"
      hx-swap="outerHTML"
      hx-replace-url="true"
    >
      <FilterField name="text" label={record.search}>
        <input
          class="input"
          type="search"
          id="filter-text"
          name="text"
          value={filter.text}
          maxlength={200}
          placeholder={record.searchHint}
        />
      </FilterField>
      <FilterField name="status" label={record.status}>
        <select class="select" id="filter-status" name="status">
          <option value="">{record.all}</option>
          {RUN_PHASES.map((phase) => (
            <option value={phase} selected={phase === filter.status}>{run[phase]}</option>
          ))}
        </select>
      </FilterField>
      <FilterField name="package" label={record.package}>
        <Choice
          name="package"
          all={record.all}
          values={packages.map((name) => ({ value: name, name }))}
          chosen={filter.package}
        />
      </FilterField>
      <FilterField name="workflow" label={record.workflow}>
        <Choice
          name="workflow"
          all={record.all}
          values={workflows.map(({ workflowId, name }) => ({ value: workflowId, name }))}
          chosen={filter.workflow}
        />
      </FilterField>
      <FilterField name="project" label={record.project}>
        <select class="select" id="filter-project" name="project">
          <option value="">{record.all}</option>
          {projects.map(({ path, name }) => (
            <option value={path} title={path} selected={path === filter.project}>{name}</option>
          ))}
        </select>
      </FilterField>
      <FilterField name="since" label={record.since}>
        <input class="input" type="date" id="filter-since" name="since" value={filter.since} />
      </FilterField>
      <div class="field">
        <button type="submit" class="button">{record.show}</button>
      </div>
    </form>
  );
}

function FilterField(props: { name: string; label: string; children?: Child }) {
  return (
    <div class="field">
      <label for={`filter-${props.name}`}>{props.label}</label>
      {props.children}
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly all: string;
  readonly values: readonly { readonly value: string; readonly name: string }[];
  readonly chosen: string;
}

function Choice({ name, all, values, chosen }: ChoiceProps) {
  return (
    <select class="select" id={`filter-${name}`} name={name}>
      <option value="">{all}</option>
      {values.map(({ value, name }) => (
        <option value={value} selected={value === chosen}>{name}</option>
      ))}
    </select>
  );
}
