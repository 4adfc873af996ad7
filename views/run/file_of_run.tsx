// A file that a run made, as it is now, and who wrote each of its lines.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { WriterLink } from "./artifacts_tab.tsx";
import type { ShownLines, ShownWriter } from "./run_records.ts";

/** What the page shows. */
export interface FileOfRunProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly packageName: string;
  readonly path: string;
  /** `null` for a file that is no text. */
  readonly text: string | null;
  readonly bytes: number;
  /** Of all the person's runs on this project. */
  readonly lastWriter: ShownWriter | null;
  /** `null` where lines are not told apart. */
  readonly lines: readonly ShownLines[] | null;
}

/** The page of an artifact. */
export function FileOfRunPage(props: FileOfRunProps) {
  const { frame, runId, packageName, path, text, bytes, lastWriter, lines } = props;
  const { run, record } = frame.texts;
  const href = `/runs/${runId}?tab=artifacts`;
  const api = `/api/v1/runs/${runId}/artifacts/${encodeURIComponent(path)}`;
  return (
    <Page
      frame={frame}
      title={path}
      active="runs"
      crumbs={[{ label: run.title, href: "/runs" }, { label: packageName, href }, { label: path }]}
      styles={["records.css"]}
    >
      <header class="page-head">
        <h1>{path}</h1>
        <a class="button" href={api} download="">
          <Icon name="import" />
          {record.download}
        </a>
        <a class="button" href={href}>{run.backToRun}</a>
      </header>
      {lastWriter && <Provenance frame={frame} writer={lastWriter} />}
      {text === null
        ? <p class="muted">{run.binary(bytes)}</p>
        : lines === null || lines.length === 0
        ? <pre class="code-block file-text" tabindex={0} aria-label={path}>{text}</pre>
        : <Lines frame={frame} text={text} lines={lines} />}
    </Page>
  );
}

function Provenance({ frame, writer }: { frame: Frame; writer: ShownWriter }) {
  const { texts: { record }, texts, now } = frame;
  const { runId, package: identity, model, at, tool } = writer;
  return (
    <section class="panel provenance" aria-label={record.provenance}>
      <dl>
        <dt>{record.lastWriter}</dt>
        <dd>
          <WriterLink frame={frame} writer={writer} /> {tool !== null && <code>{tool}</code>}
        </dd>
        <dt>{record.writtenAt}</dt>
        <dd>
          <TimeAgo at={at} now={now} texts={texts} />
        </dd>
        <dt>{record.run}</dt>
        <dd>
          <a href={`/runs/${runId}`}>{runId}</a>
        </dd>
        {model !== null && (
          <>
            <dt>{record.model}</dt>
            <dd>{model}</dd>
          </>
        )}
        {identity && (
          <>
            <dt>{record.package}</dt>
            <dd>
              {identity.name} {identity.version}{" "}
              <code class="muted" title={`${record.packageHash}: ${identity.hash}`}>
                {identity.hash.slice(0, 12)}
              </code>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

const MOST_LINES = 3_000;

function Lines(
  { frame, text, lines }: {
    readonly frame: Frame;
    readonly text: string;
    readonly lines: readonly ShownLines[];
  },
) {
  const { record } = frame.texts;
  const all = text.split("\n");
  const shown = lines.filter(({ firstLine }) => firstLine <= MOST_LINES);
  return (
    <>
      <section class="panel table-scroll" aria-label={record.lines} tabindex={0}>
        <table class="file-lines">
          <thead class="visually-hidden">
            <tr>
              <th scope="col">{record.by}</th>
              <th scope="col">{record.line}</th>
              <th scope="col">{record.text}</th>
            </tr>
          </thead>
          {shown.map((range) => <Range frame={frame} range={range} all={all} />)}
        </table>
      </section>
      {(lines.at(-1)?.lastLine ?? 0) > MOST_LINES && (
        <p class="small muted">{record.tooLong(MOST_LINES)}</p>
      )}
    </>
  );
}

function Range(
  { frame, range, all }: {
    readonly frame: Frame;
    readonly range: ShownLines;
    readonly all: readonly string[];
  },
) {
  const { firstLine, origin } = range;
  const lastLine = Math.min(range.lastLine, MOST_LINES);
  const numbers = Array.from({ length: lastLine - firstLine + 1 }, (_, index) => firstLine + index);
  return (
    <tbody data-origin={origin}>
      {numbers.map((number) => (
        <tr id={`L${number}`}>
          {number === firstLine && (
            <td class="line-by small" rowspan={numbers.length}>
              <Origin frame={frame} range={range} />
            </td>
          )}
          <td class="line-number numeric">
            <a class="line-link" href={`#L${number}`}>{number}</a>
          </td>
          <td class="line-text">{all[number - 1]?.replace(/\r$/, "")}</td>
        </tr>
      ))}
    </tbody>
  );
}

function Origin({ frame, range }: { frame: Frame; range: ShownLines }) {
  const { record } = frame.texts;
  const { origin, writer } = range;
  if (writer) return <WriterLink frame={frame} writer={writer} />;
  const words = {
    run: record.unknown,
    before: record.before,
    others: record.others,
    unknown: record.unknown,
  };
  return <span class="muted">{words[origin]}</span>;
}
