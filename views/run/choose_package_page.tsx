// Which package is to run, where none was named.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import type { TypedStart } from "./start_offer.ts";

/** A package to choose. */
export interface PackageChoice {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** `/runs/new` without a package. */
export function ChoosePackagePage(
  { frame, packages, query }: {
    frame: Frame;
    packages: readonly PackageChoice[];
    /** What was chosen already, such as the folder; goes into the links. */
    query: TypedStart;
  },
) {
  const { run } = frame.texts;
  return (
    <Page frame={frame} title={run.start} active="runs" crumbs={crumbs(run)}>
      <header class="page-head">
        <h1>{run.choosePackage}</h1>
      </header>
      {packages.length === 0
        ? (
          <div class="panel empty">
            <Icon name="package" />
            <strong>{run.noPackages}</strong>
            <p>{run.noPackagesHint}</p>
            <a class="button primary" href="/packages">{run.toPackages}</a>
          </div>
        )
        : (
          <>
            <p class="lead page-lead">{run.choosePackageLead}</p>
            <ul class="panel rows">
              {packages.map(({ packageId, name, version, description }) => (
                <li class="line">
                  <Icon name="package" />
                  <span class="grow stack-none">
                    <a
                      class="strong-link"
                      href={`/runs/new?${new URLSearchParams({ ...query, package: packageId })}`}
                    >
                      {name}
                    </a>
                    {description && <span class="small muted">{description}</span>}
                  </span>
                  <span class="badge numeric">{version}</span>
                </li>
              ))}
            </ul>
          </>
        )}
    </Page>
  );
}

/** The breadcrumb of both pages. */
export function crumbs(run: { readonly title: string; readonly start: string }) {
  return [{ label: run.title, href: "/runs" }, { label: run.start }];
}
