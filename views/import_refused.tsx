// The page of an import that was refused.
import type { Finding } from "../schemas/finding.ts";
import { FindingList } from "./finding_list.tsx";
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";
import { ImportForm } from "./package_list.tsx";

/** An import of which nothing came. */
export interface ImportRefusedProps {
  readonly frame: Frame;
  /** The name of the file. */
  readonly fileName: string;
  readonly findings: readonly Finding[];
  /** Why it could not be read at all. */
  readonly fault?: string;
}

/** Why a file was not imported. */
export function ImportRefusedPage({ frame, fileName, findings, fault }: ImportRefusedProps) {
  const { package: texts } = frame.texts;
  const title = texts.importRefusedTitle(fileName);
  return (
    <Page
      frame={frame}
      title={title}
      active="packages"
      crumbs={[{ label: texts.import }]}
    >
      <div class="stack">
        <header class="stack-tight">
          <h1>{title}</h1>
          <p class="lead">{fault === undefined ? texts.importRefused : texts.importFailed}</p>
        </header>
        {fault !== undefined && (
          <p class="notice error" role="alert">
            <Icon name="error" />
            <span>{fault}</span>
          </p>
        )}
        {findings.length > 0 && (
          <section class="panel">
            <FindingList frame={frame} findings={findings} />
          </section>
        )}
        <div class="row">
          <ImportForm frame={frame} />
          <a class="button quiet" href="/packages">{texts.backToPackages}</a>
        </div>
      </div>
    </Page>
  );
}
