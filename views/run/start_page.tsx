// Starting a run: which package, then what of it, where, with which model.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";

/** A package to choose. */
export interface PackageChoice {
  readonly packageId: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** What a package offers to run. */
export interface StartOffer {
  readonly workflows: readonly {
    readonly id: string;
    readonly title: string;
    readonly description: string;
  }[];
  readonly agents: readonly {
    readonly id: string;
    readonly name: string;
    readonly menu: readonly string[];
  }[];
}

/** A profile to choose, with the score of its last test. */
export interface ProfileChoice {
  readonly name: string;
  readonly model: string;
  readonly isDefault: boolean;
  readonly test: { readonly score: number; readonly day: string; readonly isLow: boolean } | null;
}

/** What was typed, by the fields' names. */
export type TypedStart = Readonly<Record<string, string>>;

/** What the form shows. */
export interface StartPageProps {
  readonly frame: Frame;
  readonly chosen: PackageChoice;
  readonly offer: StartOffer;
  readonly recent: readonly string[];
  /** For a member: the folders there are. */
  readonly shared: readonly string[];
  readonly profiles: readonly ProfileChoice[];
  readonly typed: TypedStart;
  readonly fault?: string;
}

/** `/runs/new` without a package. */
export function ChoosePackagePage(
  { frame, packages }: { frame: Frame; packages: readonly PackageChoice[] },
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
                      href={`/runs/new?package=${encodeURIComponent(packageId)}`}
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

function crumbs(run: { readonly title: string; readonly start: string }) {
  return [{ label: run.title, href: "/runs" }, { label: run.start }];
}

/** The form of a start. */
export function StartPage(props: StartPageProps) {
  const { frame, chosen, fault, typed } = props;
  const { run } = frame.texts;
  return (
    <Page frame={frame} title={run.start} active="runs" crumbs={crumbs(run)}>
      <header class="page-head">
        <h1>
          {chosen.name} <span class="badge numeric">{chosen.version}</span>
        </h1>
      </header>
      <p class="lead page-lead">{run.startLead}</p>
      {fault !== undefined && (
        <p class="notice error" role="alert">
          <Icon name="error" />
          <span>{fault}</span>
        </p>
      )}
      <form class="stack start-form" method="post" action="/runs">
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="package" value={chosen.packageId} />
        <What {...props} />
        <Project {...props} />
        <Model {...props} />
        <div class="field">
          <label for="input">{run.input}</label>
          <textarea class="textarea" id="input" name="input" rows={3} maxlength={100_000}>
            {typed.input ?? ""}
          </textarea>
          <span class="hint">{run.inputHint}</span>
        </div>
        <Options {...props} />
        <div class="row">
          <button type="submit" class="button primary" name="how" value="run">
            <Icon name="play" />
            {run.run}
          </button>
          <button type="submit" class="button" name="how" value="simulate">{run.simulate}</button>
          <span class="small muted grow">{run.simulateHint}</span>
        </div>
      </form>
    </Page>
  );
}

function What({ frame, offer, typed }: StartPageProps) {
  const { run } = frame.texts;
  const first = offer.workflows[0]?.id ?? "";
  const chosen = typed.what ?? `workflow:${first}`;
  return (
    <div class="stack-tight">
      <div class="field">
        <label for="what">{run.what}</label>
        <select class="select" id="what" name="what">
          <optgroup label={run.workflows}>
            {offer.workflows.map(({ id, title, description }) => (
              <option value={`workflow:${id}`} selected={chosen === `workflow:${id}`}>
                {description ? `${title} (${description})` : title}
              </option>
            ))}
          </optgroup>
          <optgroup label={run.agents}>
            {offer.agents.map(({ id, name }) => (
              <option value={`agent:${id}`} selected={chosen === `agent:${id}`}>{name}</option>
            ))}
          </optgroup>
        </select>
        <span class="hint">{run.agentHint}</span>
      </div>
      {offer.agents.filter(({ menu }) => menu.length > 0).map(({ name, menu }) => (
        <details class="fold">
          <summary>{run.agentMenu(name)}</summary>
          <ol class="fold-body menu-lines">{menu.map((item) => <li>{item}</li>)}</ol>
        </details>
      ))}
    </div>
  );
}

function Project({ frame, chosen, recent, shared, typed }: StartPageProps) {
  const { run } = frame.texts;
  if (!frame.user?.isOwner) {
    return <SharedProject frame={frame} shared={shared} recent={recent} typed={typed} />;
  }
  const project = typed.project ?? recent[0] ?? "";
  return (
    <div class="field">
      <label for="project">{run.project}</label>
      <div class="row nowrap">
        <input
          class="input mono"
          id="project"
          name="project"
          value={project}
          list="recent-projects"
          required
          maxlength={4096}
        />
        <a
          class="button"
          href={`/projects/folders?package=${encodeURIComponent(chosen.packageId)}&path=${
            encodeURIComponent(project)
          }`}
        >
          <Icon name="folder" />
          {run.browse}
        </a>
      </div>
      <datalist id="recent-projects">{recent.map((path) => <option value={path} />)}</datalist>
      <span class="hint">{run.projectHint}</span>
      {recent.length > 0 && (
        <details class="fold">
          <summary>{run.recent}</summary>
          <ul class="fold-body menu-lines">
            {recent.map((path) => (
              <li>
                <a
                  href={`/runs/new?package=${encodeURIComponent(chosen.packageId)}&project=${
                    encodeURIComponent(path)
                  }`}
                >
                  {path}
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function SharedProject(
  { frame, shared, recent, typed }: Pick<StartPageProps, "frame" | "shared" | "recent" | "typed">,
) {
  const { run } = frame.texts;
  const paths = [...new Set([...recent, ...shared])];
  if (paths.length === 0) return <p class="notice warning">{run.projectNone}</p>;
  return (
    <div class="field">
      <label for="project">{run.project}</label>
      <select class="select mono" id="project" name="project">
        {paths.map((path) => <option value={path} selected={path === typed.project}>{path}
        </option>)}
      </select>
      <span class="hint">{run.projectMemberHint}</span>
    </div>
  );
}

function Model({ frame, profiles, typed }: StartPageProps) {
  const { run } = frame.texts;
  const usual = profiles.length === 0;
  return (
    <div class="field">
      <label for="profile">{run.model}</label>
      <select class="select" id="profile" name="profile">
        {usual && <option value="">{run.modelUsual}</option>}
        {profiles.map((profile) => (
          <option
            value={profile.name}
            selected={typed.profile === undefined
              ? profile.isDefault
              : typed.profile === profile.name}
          >
            {profileText(profile, frame)}
          </option>
        ))}
      </select>
      {usual && <span class="hint">{run.modelUsualHint}</span>}
    </div>
  );
}

function profileText(
  { name, model, isDefault, test }: ProfileChoice,
  { texts: { run } }: Frame,
): string {
  const score = test ? run.score(Math.round(test.score), test.day) : run.notTested;
  const parts = [`${name}: ${model}`, score];
  if (test?.isLow) parts.push(run.scoreLow);
  if (isDefault) parts.push(run.defaultProfile);
  return parts.join(" · ");
}

function Options({ frame, typed }: StartPageProps) {
  const { run } = frame.texts;
  const select = (name: string, label: string, choices: readonly (readonly [string, string])[]) => (
    <div class="field">
      <label for={`option-${name}`}>{label}</label>
      <select class="select" id={`option-${name}`} name={name}>
        {choices.map(([value, text]) => (
          <option value={value} selected={typed[name] === value}>{text}</option>
        ))}
      </select>
    </div>
  );
  const number = (name: string, label: string, hint: string): Child => (
    <div class="field">
      <label for={`option-${name}`}>{label}</label>
      <input
        class="input"
        id={`option-${name}`}
        name={name}
        inputmode="decimal"
        value={typed[name] ?? ""}
        placeholder={hint}
      />
    </div>
  );
  const check = (name: string, label: string) => (
    <label class="check">
      <input type="checkbox" name={name} value="yes" checked={typed[name] === "yes"} />
      {label}
    </label>
  );
  return (
    <details class="fold panel-fold">
      <summary>{run.options}</summary>
      <div class="fold-body stack">
        {check("allowAll", run.allowAll)}
        {check("bindConditions", run.bindConditions)}
        {frame.user?.isOwner && check("terminal", run.terminal)}
        <div class="option-grid">
          {select("context", run.context, [["node", run.contextNode], ["run", run.contextRun]])}
          {select("strictness", run.strictness, [["strict", run.strict], [
            "compatible",
            run.compatible,
          ]])}
          {select("outputs", run.outputs, [["required", run.outputsRequired], [
            "warn",
            run.outputsWarn,
          ]])}
          {number("maxTurns", run.maxTurns, "200")}
          {number("maxTokens", run.maxTokens, run.noLimit)}
          {number("maxCostUsd", run.maxCost, run.noLimit)}
          {number("maxMinutes", run.maxMinutes, run.noLimit)}
        </div>
      </div>
    </details>
  );
}
