// The ways that begin with an agent: its menu and prompt line, or a plain chat. Which agent is a radio button,
// and its card shows the rest of itself by CSS, so that choosing another one loses nothing.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { PackageChoice } from "./choose_package_page.tsx";
import { NothingToStart } from "./nothing_to_start.tsx";
import type {
  OfferedAgent,
  OfferedItem,
  StartFault,
  StartOffer,
  TypedStart,
} from "./start_offer.ts";

interface AgentsProps {
  readonly frame: Frame;
  readonly chosen: PackageChoice;
  readonly offer: StartOffer;
  readonly typed: TypedStart;
  readonly fault?: StartFault;
}

/** Cards with menus, and the prompt line. */
export function AgentWay(props: AgentsProps) {
  const { frame, offer, typed, fault } = props;
  const { start } = frame.texts;
  if (offer.agents.length === 0) return <NothingToStart {...props} missing="agent" />;
  const isWrong = fault?.at === "say";
  return (
    <div class="stack">
      <p class="muted">{start.agentWayLead}</p>
      <Cards {...props} hasMenus />
      <div class="field">
        <label for="say">{start.say}</label>
        <div class="row nowrap">
          <textarea
            class="textarea"
            id="say"
            name="say"
            rows={2}
            maxlength={100_000}
            data-draft={`say-${props.chosen.packageId}`}
            aria-invalid={isWrong ? "true" : undefined}
            aria-describedby={isWrong ? "say-fault" : "say-hint"}
          >
            {typed.say ?? ""}
          </textarea>
          <button type="submit" class="button primary" name="how" value="run">
            <Icon name="play" />
            {start.send}
          </button>
        </div>
        {isWrong && <Clarify frame={frame} fault={fault} agentId={agentIdOf(props)} />}
        <span class="hint" id="say-hint">{start.sayHint}</span>
      </div>
    </div>
  );
}

/** Cards without menus, and the first words. */
export function ChatWay(props: AgentsProps) {
  const { frame, offer, typed, chosen } = props;
  const { start } = frame.texts;
  if (offer.agents.length === 0) return <NothingToStart {...props} missing="agent" />;
  return (
    <div class="stack">
      <p class="muted">{start.chatWayLead}</p>
      <Cards {...props} hasMenus={false} />
      <div class="field">
        <label for="input">{start.firstWords}</label>
        <textarea
          class="textarea"
          id="input"
          name="input"
          rows={3}
          maxlength={100_000}
          data-draft={`chat-${chosen.packageId}`}
        >
          {typed.input ?? ""}
        </textarea>
        <span class="hint">{start.firstWordsHint}</span>
      </div>
    </div>
  );
}

function agentIdOf({ offer, typed }: AgentsProps): string {
  const named = offer.agents.find(({ id }) => id === typed.agent);
  return (named ?? offer.agents[0])?.id ?? "";
}

function Cards(props: AgentsProps & { readonly hasMenus: boolean }) {
  const { frame, offer, hasMenus } = props;
  const chosenId = agentIdOf(props);
  return (
    <fieldset class="choice-cards">
      <legend class="visually-hidden">{frame.texts.start.agents}</legend>
      {offer.agents.map((agent, index) => (
        <div class="choice-card">
          <label class="choice-head" for={`agent-${index}`}>
            <input
              type="radio"
              id={`agent-${index}`}
              name="agent"
              value={agent.id}
              checked={agent.id === chosenId}
            />
            <span class="agent-icon" aria-hidden="true">{agent.icon}</span>
            <span class="grow stack-none">
              <strong>{agent.name}</strong>
              <span class="small muted">{agent.title}</span>
              <span class="small">{agent.role}</span>
            </span>
          </label>
          {hasMenus && <Menu agent={agent} frame={frame} />}
        </div>
      ))}
    </fieldset>
  );
}

function Menu({ agent, frame }: { agent: OfferedAgent; frame: Frame }) {
  const { start } = frame.texts;
  if (agent.menu.length === 0) {
    return <p class="choice-body small muted">{start.noMenu(agent.name)}</p>;
  }
  return (
    <div class="choice-body" role="group" aria-label={start.menu(agent.name)}>
      <MenuButtons items={agent.menu} agentId={agent.id} />
    </div>
  );
}

/** Menu items as buttons of the form they stand in; `pick` is the agent's id, a space, and what picks it. */
export function MenuButtons(
  { items, agentId }: { items: readonly OfferedItem[]; agentId: string },
) {
  return (
    <div class="menu-buttons">
      {items.map(({ says, description }) => (
        <button type="submit" class="button" name="pick" value={`${agentId} ${says}`}>
          {description}
        </button>
      ))}
    </div>
  );
}

function Clarify(
  { frame, fault, agentId }: { frame: Frame; fault: StartFault; agentId: string },
) {
  return (
    <div class="clarify" id="say-fault" role="group" aria-label={frame.texts.start.choices}>
      <p class="fault" role="alert">{fault.message}</p>
      {fault.choices && <MenuButtons items={fault.choices} agentId={agentId} />}
    </div>
  );
}
