// The list of packages as cards, the bin, and the page of an import that was refused.
import type { Child } from "hono/jsx";
import type { Finding } from "../schemas/finding.ts";
import { FindingList } from "./finding_list.tsx";
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Page } from "./layout.tsx";
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

/** With JavaScript choosing a file sends it, and files may be dropped anywhere on the page. */
function ImportForm({ frame }: { frame: Frame }) {
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

/** The menu of a package: export, duplicate, rename, delete. */
export function PackageMenu(
  { frame, card, href }: { frame: Frame; card: Pick<PackageCard, "name">; href: string },
) {
  const { package: texts } = frame.texts;
  return (
    <details class="menu">
      <summary class="button quiet icon-only">
        <Icon name="more" label={texts.actionsOf(card.name)} />
      </summary>
      <div class="menu-list">
        <a class="menu-item" href={`${href}/download`}>
          <Icon name="export" />
          {texts.export}
        </a>
        <MenuForm frame={frame} action={`${href}/duplicate`} icon="copy" label={texts.duplicate} />
        <a class="menu-item" href={`${href}/rename`}>
          <Icon name="rename" />
          {texts.rename}
        </a>
        <MenuForm
          frame={frame}
          action={`${href}/delete`}
          icon="trash"
          label={texts.delete}
          kind="danger"
        />
      </div>
    </details>
  );
}

interface MenuFormProps {
  readonly frame: Frame;
  readonly action: string;
  readonly icon: IconName;
  readonly label: string;
  readonly kind?: "danger";
}

function MenuForm({ frame, action, icon, label, kind }: MenuFormProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <button class={kind ? `menu-item ${kind}` : "menu-item"} type="submit">
        <Icon name={icon} />
        {label}
      </button>
    </form>
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

/** The packages that were deleted and can come back. */
export function BinPage({ frame, packages }: Pick<PackageListProps, "frame" | "packages">) {
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
