// The bin of packages.
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";
import { Empty, type PackageCard } from "./package_list.tsx";
import { TimeAgo } from "./time_ago.tsx";

/** What is in the bin. */
export interface BinPageProps {
  readonly frame: Frame;
  readonly packages: readonly PackageCard[];
}

/** The packages that were deleted and can come back. */
export function BinPage({ frame, packages }: BinPageProps) {
  const { texts } = frame;
  const crumbs = [{ label: texts.package.binTitle }];
  return (
    <Page frame={frame} title={texts.package.binTitle} active="packages" crumbs={crumbs}>
      <header class="stack-tight page-lead">
        <h1>{texts.package.binTitle}</h1>
        {packages.length > 0 && <p class="lead">{texts.package.binLead}</p>}
      </header>
      {packages.length === 0
        ? (
          <Empty icon="trash" title={texts.package.binEmptyTitle} text={texts.package.binEmpty}>
            <a class="button" href="/packages">{texts.package.backToPackages}</a>
          </Empty>
        )
        : (
          <ul class="panel rows">
            {packages.map((card) => <BinRow frame={frame} card={card} />)}
          </ul>
        )}
    </Page>
  );
}

function BinRow({ frame, card }: { frame: Frame; card: PackageCard }) {
  const { texts, now, csrfToken } = frame;
  return (
    <li class="line">
      <Icon name="package" />
      <span class="grow">
        {card.name} <span class="badge numeric">{card.version}</span>
      </span>
      <span class="small muted">
        {texts.package.deletedAt}{" "}
        <TimeAgo at={card.deletedAt ?? card.updatedAt} now={now} texts={texts} />
      </span>
      <form method="post" action={`/packages/${encodeURIComponent(card.packageId)}/restore`}>
        <input type="hidden" name="csrf" value={csrfToken} />
        <button
          class="button small"
          type="submit"
          aria-label={texts.package.restoreNamed(card.name)}
        >
          <Icon name="undo" />
          {texts.package.restore}
        </button>
      </form>
    </li>
  );
}
