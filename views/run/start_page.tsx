// Starting a run: with an agent, with a workflow, or just talking; then where, and with which model. One
// form, so that nothing typed is lost, which works without JavaScript.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { Page } from "../layout.tsx";
import { crumbs, type PackageChoice } from "./choose_package_page.tsx";
import { AgentWay, ChatWay } from "./start_agents.tsx";
import { Model, Project } from "./start_fields.tsx";
import {
  type ProfileChoice,
  SIMULATION,
  START_WAYS,
  type StartFault,
  type StartOffer,
  type StartWay,
  type TypedStart,
} from "./start_offer.ts";
import { StartOptions } from "./start_options.tsx";
import { WorkflowWay } from "./start_workflows.tsx";

/** What the form shows. */
export interface StartPageProps {
  readonly frame: Frame;
  readonly chosen: PackageChoice;
  readonly offer: StartOffer;
  readonly way: StartWay;
  readonly recent: readonly string[];
  /** For a member: the folders there are. */
  readonly shared: readonly string[];
  readonly profiles: readonly ProfileChoice[];
  /** What is asked where there is no profile; without it there is only the simulation. */
  readonly environmentModel: string | undefined;
  readonly typed: TypedStart;
  readonly fault?: StartFault;
  readonly notice?: string;
}

/** The form of a start. */
export function StartPage(props: StartPageProps) {
  const { frame, chosen, fault, notice, way } = props;
  const { run } = frame.texts;
  return (
    <Page
      frame={frame}
      title={run.start}
      active="runs"
      crumbs={crumbs(run)}
      styles={["start.css"]}
      scripts={["drafts.js"]}
    >
      <header class="page-head">
        <h1>
          {chosen.name} <span class="badge numeric">{chosen.version}</span>
        </h1>
      </header>
      {notice !== undefined && <p class="notice" role="status">{notice}</p>}
      {fault && !fault.choices && <Fault fault={fault} frame={frame} />}
      <Ways {...props} />
      <form class="stack start-form" method="post" action="/runs">
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <input type="hidden" name="package" value={chosen.packageId} />
        <input type="hidden" name="way" value={way} />
        {/* Enter in a field presses the first button of a form: never an item of a menu. */}
        <button type="submit" class="visually-hidden" name="how" value="run" tabindex={-1}>
          {run.run}
        </button>
        <Way {...props} />
        <Project {...props} />
        <Model {...props} />
        <StartOptions {...props} />
        <Buttons {...props} />
      </form>
    </Page>
  );
}

function Fault({ fault, frame }: { fault: StartFault; frame: Frame }) {
  const hasPlace = fault.at !== undefined || fault.inputs !== undefined;
  return (
    <p class="notice error" role="alert">
      <Icon name="error" />
      <span>{hasPlace ? frame.texts.start.fixBelow : fault.message}</span>
    </p>
  );
}

function Ways({ frame, chosen, way, typed }: StartPageProps) {
  const { start } = frame.texts;
  const names = { agent: start.agentWay, workflow: start.workflowWay, chat: start.chatWay };
  const kept = Object.fromEntries(
    Object.entries(typed).filter(([name]) => name === "project" || name === "profile"),
  );
  return (
    <nav class="tabs" aria-label={start.ways}>
      {START_WAYS.map((one) => (
        <a
          href={`/runs/new?${new URLSearchParams({
            ...kept,
            package: chosen.packageId,
            way: one,
          })}`}
          aria-current={one === way ? "page" : undefined}
        >
          {names[one]}
        </a>
      ))}
    </nav>
  );
}

function Way(props: StartPageProps): Child {
  if (props.way === "workflow") return <WorkflowWay {...props} />;
  return props.way === "chat" ? <ChatWay {...props} /> : <AgentWay {...props} />;
}

/** The agent's menu and its prompt line have buttons of their own. */
function Buttons({ frame, way, offer }: StartPageProps) {
  const { run, start } = frame.texts;
  const isEmpty = way === "workflow" ? offer.workflows.length === 0 : offer.agents.length === 0;
  if (way === "agent" || isEmpty) return "";
  return (
    <div class="row">
      <button type="submit" class="button primary" name="how" value="run">
        <Icon name="play" />
        {way === "chat" ? start.startChat : run.run}
      </button>
      <button type="submit" class="button" name="profile" value={SIMULATION}>{run.simulate}</button>
      <span class="small muted grow">{run.simulateHint}</span>
    </div>
  );
}
