// Why a package is not exported: the errors, each with how to mend it.
import type { Finding } from "../schemas/finding.ts";
import { FindingList } from "./finding_list.tsx";
import type { Frame } from "./frame.ts";
import { PackageFrame, packagePath } from "./package_frame.tsx";

/** The page of an export that was refused. */
export interface ExportRefusedProps {
  readonly frame: Frame;
  readonly record: { readonly packageId: string; readonly name: string; readonly version: string };
  /** The errors. */
  readonly findings: readonly Finding[];
}

/** Why a package is not exported. */
export function ExportRefusedPage({ frame, record, findings }: ExportRefusedProps) {
  const { package: texts } = frame.texts;
  const hrefOf = (file: string) =>
    `${packagePath(record.packageId)}/files/${file.split("/").map(encodeURIComponent).join("/")}`;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="overview"
      title={texts.exportRefusedTitle}
      crumbs={[{ label: texts.export }]}
    >
      <div class="stack">
        <header class="stack-tight">
          <h2>{texts.exportRefusedTitle}</h2>
          <p class="lead">{texts.exportRefused}</p>
        </header>
        <section class="panel">
          <FindingList frame={frame} findings={findings} hrefOf={hrefOf} />
        </section>
      </div>
    </PackageFrame>
  );
}
