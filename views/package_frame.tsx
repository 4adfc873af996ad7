// The frame round every page of one package: its name, what can be done with it, its parts.
import type { Child } from "hono/jsx";
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";
import { type Crumb, Page } from "./layout.tsx";
import { PackageMenu } from "./package_menu.tsx";

/** The parts of a package, as its navigation names them. */
export type PackagePart = "overview" | "agents" | "assets" | "manifest" | "versions" | "files";

/** What every page of a package says. */
export interface PackageFrameProps {
  readonly frame: Frame;
  readonly record: { readonly packageId: string; readonly name: string; readonly version: string };
  /** Which part is current. */
  readonly active: PackagePart;
  /** Plain text for the window's title; the package's name unless given. */
  readonly title?: string;
  /** What follows the package in the breadcrumb. */
  readonly crumbs?: readonly Crumb[];
  readonly scripts?: readonly string[];
  readonly styles?: readonly string[];
  readonly children?: Child;
}

/** The path of a package's page. */
export function packagePath(packageId: string): string {
  return `/packages/${encodeURIComponent(packageId)}`;
}

/** A page of a package. */
export function PackageFrame(props: PackageFrameProps) {
  const { frame, record, title = record.name, crumbs = [], scripts = [], styles = [], children } =
    props;
  const { package: texts } = frame.texts;
  const href = packagePath(record.packageId);
  const own = { label: record.name, ...(crumbs.length > 0 && { href }) };
  return (
    <Page
      frame={frame}
      title={title}
      active="packages"
      crumbs={[own, ...crumbs]}
      scripts={scripts}
      styles={styles}
    >
      <header class="page-head package-head">
        <h1>
          {record.name} <span class="badge numeric">{record.version}</span>
        </h1>
        <a
          class="button primary"
          href={`/runs/new?package=${encodeURIComponent(record.packageId)}`}
        >
          <Icon name="play" />
          {texts.run}
        </a>
        <a class="button" href={`${href}/download`}>
          <Icon name="export" />
          {texts.export}
        </a>
        <PackageMenu frame={frame} card={record} href={href} />
      </header>
      <PackageTabs {...props} href={href} />
      {children}
    </Page>
  );
}

function PackageTabs({ frame, active, href }: PackageFrameProps & { readonly href: string }) {
  const { package: texts } = frame.texts;
  const tabs: readonly (readonly [PackagePart, string, string, IconName])[] = [
    ["overview", href, texts.overview, "package"],
    ["agents", `${href}/agents`, texts.agents, "agent"],
    ["assets", `${href}/assets`, texts.assets, "file"],
    ["manifest", `${href}/manifest`, texts.manifest, "list"],
    ["versions", `${href}/versions`, texts.versions, "history"],
  ];
  return (
    <nav class="tabs" aria-label={texts.sections}>
      {tabs.map(([part, path, label, icon]) => (
        <a href={path} aria-current={part === active ? "page" : undefined}>
          <Icon name={icon} />
          {label}
        </a>
      ))}
    </nav>
  );
}
