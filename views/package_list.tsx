// The list of packages as cards. Not here: the bin (`package_bin.tsx`).
import type { Child } from "hono/jsx";
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Page } from "./layout.tsx";
import { PackageMenu } from "./package_menu.tsx";
import { TimeAgo } from "./time_ago.tsx";

/** A package as a card shows it. */
export interface PackageCard {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly workflows: readonly { readonly workflowId: string; readonly title: string }[];
  readonly updatedAt: string;
  readonly deletedAt: string | null;
}

/** The page of all packages. */
export interface PackageListProps {
  readonly frame: Frame;
  readonly packages: readonly PackageCard[];
  /** What was searched for; empty if nothing. */
  readonly search: string;
  /** A package that was just put into the bin, and how to get it back. */
  readonly deleted?: { readonly packageId: string; readonly name: string };
}

/** All packages of a user. */
export function PackageListPage({ frame, packages, search, deleted }: PackageListProps) {
  const { texts } = frame;
  return (
    <Page frame={frame} title={texts.package.title} active="packages">
      <header class="page-head">
        <h1>{texts.package.title}</h1>
        <SearchForm frame={frame} search={search} />
        <ImportForm frame={frame} />
        <a class="button primary" href="/packages/new">
          <Icon name="plus" />
          {texts.package.new}
        </a>
      </header>
      <div id="package-list" class="stack" aria-live="polite">
        <PackageGrid frame={frame} packages={packages} search={search} />
      </div>
      <p class="page-foot">
        <a class="quiet-link" href="/packages/bin">
          <Icon name="trash" />
          {texts.package.bin}
        </a>
      </p>
      {deleted && <UndoToast frame={frame} {...deleted} />}
      <p class="drop-hint" aria-hidden="true">{texts.package.dropHere}</p>
    </Page>
  );
}

function SearchForm({ frame, search }: { frame: Frame; search: string }) {
  const { package: texts } = frame.texts;
  return (
    <form
      class="row"
      role="search"
      method="get"
      action="/packages"
      hx-get="/packages"
      hx-trigger="submit, input changed delay:150ms"
      hx-target="#package-list"
      hx-select="#package-list"
      hx-swap="outerHTML"
      hx-replace-url="true"
    >
      <label class="search-field">
        <span class="visually-hidden">{texts.search}</span>
        <Icon name="search" />
        <input
          class="input"
          type="search"
          name="search"
          value={search}
          placeholder={texts.search}
          autocomplete="off"
        />
      </label>
      <button class="button visually-hidden" type="submit">{texts.searchSend}</button>
    </form>
  );
}

/** Takes a `.bmad` file. With JavaScript choosing one sends it, and files may be dropped anywhere. */
export function ImportForm({ frame }: { frame: Frame }) {
  const { package: texts } = frame.texts;
  return (
    <form
      class="import-form row"
      method="post"
      action="/packages/import"
      enctype="multipart/form-data"
      data-drop
    >
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <label class="button">
        <Icon name="import" />
        {texts.import}
        <input
          class="file-input"
          type="file"
          name="file"
          accept=".bmad,.zip"
          aria-label={texts.importChoose}
          required
        />
      </label>
      <noscript>
        <button class="button" type="submit">{texts.importSend}</button>
      </noscript>
    </form>
  );
}

function PackageGrid({ frame, packages, search }: Omit<PackageListProps, "deleted">) {
  const { package: texts } = frame.texts;
  if (packages.length > 0) {
    return (
      <ul class="cards">
        {packages.map((card) => <Card frame={frame} card={card} />)}
      </ul>
    );
  }
  if (search !== "") {
    return (
      <Empty icon="search" title={texts.nothingFoundTitle(search)} text={texts.nothingFound}>
        <a class="button" href="/packages">{texts.showAll}</a>
      </Empty>
    );
  }
  return (
    <Empty icon="package" title={texts.emptyTitle} text={texts.empty}>
      <a class="button primary" href="/packages/new">
        <Icon name="plus" />
        {texts.new}
      </a>
    </Empty>
  );
}

/** What a list shows that has nothing to show: what it is for, and what to do. */
export function Empty(props: { icon: IconName; title: string; text: string; children?: Child }) {
  return (
    <section class="panel empty">
      <Icon name={props.icon} />
      <strong>{props.title}</strong>
      <p>{props.text}</p>
      {props.children && <p class="row">{props.children}</p>}
    </section>
  );
}

function Card({ frame, card }: { frame: Frame; card: PackageCard }) {
  const { texts, now } = frame;
  const href = `/packages/${encodeURIComponent(card.packageId)}`;
  return (
    <li class="card">
      <div class="card-head">
        <h2>
          <a class="card-link" href={href}>{card.name}</a>
        </h2>
        <span class="badge numeric">{card.version}</span>
        <PackageMenu frame={frame} card={card} href={href} />
      </div>
      <p class="card-text">
        {card.description || <span class="muted">{texts.package.noDescription}</span>}
      </p>
      <CardWorkflows frame={frame} card={card} href={href} />
      <p class="small muted">
        {texts.package.changed} <TimeAgo at={card.updatedAt} now={now} texts={texts} />
      </p>
    </li>
  );
}

const MOST_WORKFLOWS = 3;

function CardWorkflows({ frame, card, href }: { frame: Frame; card: PackageCard; href: string }) {
  const { package: texts } = frame.texts;
  const rest = card.workflows.length - MOST_WORKFLOWS;
  return (
    <ul class="card-workflows">
      {card.workflows.slice(0, MOST_WORKFLOWS).map(({ workflowId, title }) => (
        <li>
          <a class="chip" href={`${href}/workflows/${encodeURIComponent(workflowId)}`}>
            <Icon name="workflow" />
            <span>{title}</span>
          </a>
        </li>
      ))}
      {rest > 0 && <li class="small muted">{texts.moreWorkflows(rest)}</li>}
    </ul>
  );
}

function UndoToast(props: { frame: Frame; packageId: string; name: string }) {
  const { texts, csrfToken } = props.frame;
  return (
    <div class="toasts">
      <div class="toast" role="status">
        <p>{texts.package.deleted(props.name)}</p>
        <form
          method="post"
          action={`/packages/${encodeURIComponent(props.packageId)}/restore`}
        >
          <input type="hidden" name="csrf" value={csrfToken} />
          <button class="button small" type="submit">
            <Icon name="undo" />
            {texts.package.undo}
          </button>
        </form>
        <button class="button quiet icon-only" type="button" data-dismiss>
          <Icon name="close" label={texts.layout.dismiss} />
        </button>
      </div>
    </div>
  );
}
