// The overview of a package: workflows, agents, assets, manifest, findings.
import type { Child } from "hono/jsx";
import type { Finding } from "../schemas/finding.ts";
import { FindingList } from "./finding_list.tsx";
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";
import { PackageFrame, packagePath } from "./package_frame.tsx";
import { WorkflowsPanel } from "./workflows_panel.tsx";

/** What the overview shows. */
export interface PackageOverview {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  /** For the edits that the page offers. */
  readonly revision: number;
  readonly description: string;
  readonly author: string;
  readonly schemaVersion: string;
  readonly requiresNetwork: boolean;
  readonly workflows: readonly WorkflowLine[];
  readonly agents: readonly AgentLine[];
  readonly assets: readonly { readonly path: string; readonly bytes: number }[];
  readonly findings: readonly Finding[];
}

/** A workflow in the list. */
export interface WorkflowLine {
  readonly workflowId: string;
  readonly title: string;
  readonly description: string;
  readonly nodeCount: number;
  readonly isDefault: boolean;
}

/** An agent in the list. */
export interface AgentLine {
  readonly agentId: string;
  readonly name: string;
  readonly title: string;
  readonly icon: string;
  /** How many nodes it acts in. */
  readonly nodeCount: number;
}

/** The page of a package. */
export interface PackagePageProps {
  readonly frame: Frame;
  readonly overview: PackageOverview;
  /** What just happened. */
  readonly notice?: string;
}

/** The overview of a package. */
export function PackagePage({ frame, overview, notice }: PackagePageProps) {
  return (
    <PackageFrame frame={frame} record={overview} active="overview">
      <div class="stack">
        {notice !== undefined && (
          <p class="notice ok" role="status">
            <Icon name="check" />
            <span>{notice}</span>
          </p>
        )}
        <div class="columns">
          <div class="stack">
            <WorkflowsPanel frame={frame} overview={overview} />
            <FindingsPanel frame={frame} overview={overview} />
          </div>
          <div class="stack">
            <ManifestPanel frame={frame} overview={overview} />
            <AgentsPanel frame={frame} overview={overview} />
            <AssetsPanel frame={frame} overview={overview} />
          </div>
        </div>
      </div>
    </PackageFrame>
  );
}

type PanelProps = Pick<PackagePageProps, "frame" | "overview">;

function Panel(props: {
  icon: IconName;
  title: string;
  badge?: Child;
  action?: { href: string; label: string; about: string };
  children?: Child;
}) {
  const { icon, title, badge, action, children } = props;
  return (
    <section class="panel">
      <div class="panel-head">
        <Icon name={icon} />
        <h2>{title}</h2>
        {badge}
        {action && (
          <a class="button quiet small" href={action.href}>
            {action.label}
            <span class="visually-hidden">: {action.about}</span>
          </a>
        )}
      </div>
      {children}
    </section>
  );
}

function FindingsPanel({ frame, overview }: PanelProps) {
  const { package: texts } = frame.texts;
  const { findings, packageId } = overview;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const badge = (
    <>
      {errors > 0 && <span class="badge error">{texts.errors(errors)}</span>}
      {warnings > 0 && <span class="badge warning">{texts.warnings(warnings)}</span>}
    </>
  );
  const hrefOf = (file: string) =>
    `${packagePath(packageId)}/files/${file.split("/").map(encodeURIComponent).join("/")}`;
  return (
    <Panel icon={errors > 0 ? "error" : "check"} title={texts.findings} badge={badge}>
      {findings.length === 0
        ? <p class="panel-body muted">{texts.findingsNone}</p>
        : <FindingList frame={frame} findings={findings} hrefOf={hrefOf} />}
    </Panel>
  );
}

function ManifestPanel({ frame, overview }: PanelProps) {
  const { package: texts } = frame.texts;
  const { packageId, version, author, schemaVersion, requiresNetwork, description } = overview;
  const facts: readonly (readonly [string, string])[] = [
    [texts.version, version],
    ...(author === "" ? [] : [[texts.author, author] as const]),
    [texts.schemaVersion, schemaVersion],
    [texts.network, requiresNetwork ? texts.yes : texts.no],
  ];
  const action = {
    href: `${packagePath(packageId)}/manifest`,
    label: texts.change,
    about: texts.manifest,
  };
  return (
    <Panel icon="list" title={texts.manifest} action={action}>
      <div class="panel-body stack-tight">
        <p class={description === "" ? "muted" : ""}>{description || texts.noDescription}</p>
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd class="numeric">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}

function AgentsPanel({ frame, overview }: PanelProps) {
  const { package: texts } = frame.texts;
  const { agents, packageId } = overview;
  const href = `${packagePath(packageId)}/agents`;
  return (
    <Panel
      icon="agent"
      title={texts.agents}
      action={{ href, label: texts.change, about: texts.agents }}
    >
      {agents.length === 0 ? <p class="panel-body muted">{texts.agentsNone}</p> : (
        <ul class="rows">
          {agents.map(({ agentId, name, title, icon, nodeCount }) => (
            <li class="line">
              <span class="agent-icon" aria-hidden="true">{icon}</span>
              <span class="grow stack-none">
                <a class="strong-link" href={`${href}/${encodeURIComponent(agentId)}`}>{name}</a>
                <span class="small muted">{title}</span>
              </span>
              <span class="small muted numeric">{texts.agentUses(nodeCount)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const MOST_ASSETS = 12;

function AssetsPanel({ frame, overview }: PanelProps) {
  const { package: texts } = frame.texts;
  const { assets, packageId } = overview;
  const href = `${packagePath(packageId)}/assets`;
  return (
    <Panel
      icon="file"
      title={texts.assets}
      action={{ href, label: texts.manageAssets, about: texts.assets }}
    >
      {assets.length === 0 ? <p class="panel-body muted">{texts.assetsNone}</p> : (
        <ul class="rows">
          {assets.slice(0, MOST_ASSETS).map(({ path, bytes }) => (
            <li class="line">
              <span class="grow mono small">{path}</span>
              <span class="small muted numeric">{texts.bytes(bytes)}</span>
            </li>
          ))}
          {assets.length > MOST_ASSETS && (
            <li class="line small muted">{texts.moreWorkflows(assets.length - MOST_ASSETS)}</li>
          )}
        </ul>
      )}
    </Panel>
  );
}
