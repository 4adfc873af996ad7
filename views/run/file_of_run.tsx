// A file that a run made, as it is now.
import type { Frame } from "../frame.ts";
import { Page } from "../layout.tsx";

/** What the page shows. */
export interface FileOfRunProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly path: string;
  /** `null` for a file that is no text. */
  readonly text: string | null;
  readonly bytes: number;
}

/** The page of an artifact. */
export function FileOfRunPage({ frame, runId, path, text, bytes }: FileOfRunProps) {
  const { run } = frame.texts;
  const href = `/runs/${runId}?tab=artifacts`;
  return (
    <Page
      frame={frame}
      title={path}
      active="runs"
      crumbs={[{ label: run.title, href: "/runs" }, { label: runId, href }, { label: path }]}
    >
      <header class="page-head">
        <h1>{path}</h1>
        <a class="button" href={href}>{run.backToRun}</a>
      </header>
      {text === null
        ? <p class="muted">{run.binary(bytes)}</p>
        : <pre class="code-block file-text" tabindex={0} aria-label={path}>{text}</pre>}
    </Page>
  );
}
