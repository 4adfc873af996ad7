// The pages of agents: all of them, and what surrounds the form of one.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { PackageFrame, packagePath } from "../package_frame.tsx";
import type { AgentLine } from "../package_page.tsx";
import { AGENT_SECTIONS } from "./agent_form.tsx";

interface Place {
  readonly frame: Frame;
  readonly record: { readonly packageId: string; readonly name: string; readonly version: string };
  readonly revision: number;
}

/** Props of `AgentsPage`. */
export interface AgentsPageProps extends Place {
  readonly agents: readonly AgentLine[];
  /** What was just done; empty if nothing. */
  readonly done: string;
}

/** The list of agents. */
export function AgentsPage({ frame, record, revision, agents, done }: AgentsPageProps) {
  const { agent: texts, package: packageTexts } = frame.texts;
  const href = `${packagePath(record.packageId)}/agents`;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="agents"
      title={texts.title}
      crumbs={[{ label: texts.title }]}
      scripts={["forms.js"]}
      styles={["forms.css"]}
    >
      <div class="stack">
        {done !== "" && <Done text={done} />}
        <p class="lead">{texts.lead}</p>
        <section class="panel">
          <ul class="rows">
            {agents.map(({ agentId, name, title, icon, nodeCount }) => (
              <li class="line">
                <span class="agent-icon" aria-hidden="true">{icon}</span>
                <span class="grow stack-none">
                  <a class="strong-link" href={`${href}/${encodeURIComponent(agentId)}`}>
                    {name || agentId}
                  </a>
                  <span class="small muted">{title}</span>
                </span>
                <span class="small muted numeric">{packageTexts.agentUses(nodeCount)}</span>
                <EditButton
                  {...{ frame, record, revision }}
                  then={href}
                  edit={{ kind: "agent.duplicate", agentId }}
                >
                  <button
                    type="submit"
                    class="button quiet small icon-only"
                    title={texts.duplicate}
                  >
                    <Icon name="copy" label={`${texts.duplicate}: ${name}`} />
                  </button>
                </EditButton>
              </li>
            ))}
          </ul>
          <div class="panel-foot">
            <EditButton
              {...{ frame, record, revision }}
              then={href}
              edit={{ kind: "agent.add", agent: {} }}
            >
              <input
                class="input"
                name="set.agent.metadata.name"
                required
                maxlength={100}
                autocomplete="off"
                aria-label={texts.addName}
                placeholder={texts.addName}
              />
              <button type="submit" class="button">
                <Icon name="plus" />
                {texts.add}
              </button>
            </EditButton>
          </div>
        </section>
      </div>
    </PackageFrame>
  );
}

function Done({ text }: { text: string }) {
  return (
    <p class="notice ok" role="status">
      <Icon name="check" />
      <span>{text}</span>
    </p>
  );
}

interface EditButtonProps extends Place {
  readonly edit: Readonly<Record<string, unknown>>;
  readonly then: string;
  readonly children?: Child;
}

function EditButton({ frame, record, revision, edit, then, children }: EditButtonProps) {
  return (
    <form class="edit-form" method="post" action={`${packagePath(record.packageId)}/edits`}>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="baseRevision" value={String(revision)} />
      <input type="hidden" name="edit" value={JSON.stringify(edit)} />
      <input type="hidden" name="then" value={then} />
      {children}
    </form>
  );
}

/** Props of `AgentPage`. */
export interface AgentPageProps extends Place {
  readonly agentId: string;
  readonly name: string;
  readonly icon: string;
  readonly nodeCount: number;
  readonly others: readonly { readonly id: string; readonly name: string }[];
  /** The form. */
  readonly children?: Child;
}

/** The page of one agent. */
export function AgentPage(props: AgentPageProps) {
  const { frame, record, agentId, name, icon, children } = props;
  const { agent: texts } = frame.texts;
  const href = `${packagePath(record.packageId)}/agents`;
  return (
    <PackageFrame
      frame={frame}
      record={record}
      active="agents"
      title={name || agentId}
      crumbs={[{ label: texts.title, href }, { label: name || agentId }]}
      scripts={["forms.js"]}
      styles={["forms.css"]}
    >
      <div class="agent-head">
        <h2>
          <span class="agent-icon" aria-hidden="true">{icon}</span> {name || agentId}
        </h2>
        <a
          class="button"
          href={`/runs/new?${new URLSearchParams({ package: record.packageId, agent: agentId })}`}
        >
          <Icon name="play" />
          {frame.texts.start.runAgent}
        </a>
        <nav class="chips" aria-label={texts.contents}>
          {AGENT_SECTIONS.map(([id, key]) => <a class="chip" href={`#${id}`}>{texts[key]}</a>)}
        </nav>
      </div>
      {children}
      <IdAndDeletion {...props} href={href} />
    </PackageFrame>
  );
}

function IdAndDeletion(props: AgentPageProps & { readonly href: string }) {
  const { frame, record, revision, agentId, others, nodeCount, href } = props;
  const { agent: texts } = frame.texts;
  return (
    <details class="file-panel agent-end">
      <summary>{texts.deleteTitle}</summary>
      <div class="stack-tight">
        <EditButton
          {...{ frame, record, revision }}
          then={href}
          edit={{ kind: "agent.rename", agentId }}
        >
          <label class="label" for="agent-id">{texts.agentId}</label>
          <input class="input mono" id="agent-id" name="set.newAgentId" value={agentId} required />
          <button type="submit" class="button">{texts.changeId}</button>
        </EditButton>
        <p class="small muted">{texts.agentIdHint}</p>
        {others.length > 0 && (
          <EditButton
            {...{ frame, record, revision }}
            then={href}
            edit={{ kind: "agent.delete", agentId }}
          >
            {nodeCount > 0 && (
              <>
                <label class="label" for="replace-by">{texts.replaceBy}</label>
                <select class="select" id="replace-by" name="json.replaceBy">
                  {others.map(({ id, name }) => <option value={JSON.stringify(id)}>{name}</option>)}
                  <option value="null">{texts.replaceNone}</option>
                </select>
              </>
            )}
            <button type="submit" class="button danger">
              <Icon name="trash" />
              {texts.delete}
            </button>
          </EditButton>
        )}
        <p class="small muted">{texts.uses(nodeCount)}</p>
      </div>
    </details>
  );
}
