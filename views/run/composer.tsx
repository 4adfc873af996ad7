// Where a person writes to a run: words, or a command. What of it changes while one looks on stands in a piece
// of its own, so that the stream never touches what is being written.
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { OfferedItem } from "./start_offer.ts";

/** A run as its composer needs it. */
export interface ComposerProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly phase: RunPhase;
  readonly isChat: boolean;
  /** A question or an approval is open. */
  readonly isAsking: boolean;
  /** What the run has not read yet. */
  readonly queued: readonly string[];
  /** The agent of the run, where its menu can start something. */
  readonly agent?: ComposerAgent;
  readonly isMenuOpen: boolean;
  /** What was wrong with what was sent, without JavaScript. */
  readonly fault?: string;
  readonly typed?: string;
}

/** An agent, and where its menu starts runs from. */
export interface ComposerAgent {
  readonly agentId: string;
  readonly name: string;
  readonly menu: readonly OfferedItem[];
}

/** The composer of a run's page. */
export function Composer(props: ComposerProps) {
  const { frame } = props;
  const label = labelOf(props);
  return (
    <section id="composer" class="composer" aria-label={label}>
      <ComposerState {...props} />
      <ComposerForm {...props} />
      {props.agent && <AgentMenu {...props} agent={props.agent} label={frame.texts.start} />}
    </section>
  );
}

function labelOf({ frame: { texts: { start } }, isChat, agent }: ComposerProps): string {
  return isChat ? start.composerChat(agent?.name ?? "") : start.composer;
}

/** Whose turn it is, and what was not read yet. */
export function ComposerState(props: ComposerProps) {
  const { frame: { texts: { start } }, queued, phase } = props;
  const label = phase === "completed" ? start.unread : start.queued;
  return (
    <div id="composer-state" class="composer-state" aria-live="polite">
      {queued.map((text) => (
        <div class="words queued">
          <span class="label">{label}</span>
          <div class="pre-line">{text}</div>
        </div>
      ))}
      <p class="small muted">{stateOf(props)}</p>
    </div>
  );
}

function stateOf({ frame: { texts: { start } }, phase, isChat, isAsking }: ComposerProps): string {
  if (phase === "completed") return isChat ? start.chatEnded : start.isCompleted;
  if (isAsking) return start.isAsking;
  if (phase === "running") return isChat ? start.chatAnswers : start.isGoing;
  return isChat && phase === "waiting" ? start.chatWaits : start.isStopped;
}

/** The form; gone once the run is completed. */
export function ComposerForm(props: ComposerProps) {
  const { frame, runId, phase, fault, typed = "" } = props;
  const { start } = frame.texts;
  if (phase === "completed") return <div id="composer-form"></div>;
  const path = `/runs/${runId}/say`;
  return (
    <div id="composer-form">
      <form
        class="stack-tight"
        method="post"
        action={path}
        hx-post={path}
        hx-swap="none"
        data-composer
      >
        <input type="hidden" name="csrf" value={frame.csrfToken} />
        <label class="visually-hidden" for="composer-text">{labelOf(props)}</label>
        <div class="row nowrap">
          <textarea
            class="textarea"
            id="composer-text"
            name="text"
            rows={2}
            maxlength={100_000}
            data-draft={`composer-${runId}`}
            placeholder={labelOf(props)}
            aria-describedby="composer-hint"
          >
            {typed}
          </textarea>
          <button type="submit" class="button primary">{start.sendWords}</button>
        </div>
        {fault && <p class="fault" role="alert">{fault}</p>}
        <p class="hint" id="composer-hint">
          <span data-when-script hidden>{start.keys}</span>
          <span>{start.keysPlain}</span>
        </p>
      </form>
    </div>
  );
}

interface AgentMenuProps extends Omit<ComposerProps, "agent"> {
  readonly agent: ComposerAgent;
  readonly label: Frame["texts"]["start"];
}

function AgentMenu({ frame, runId, agent, isMenuOpen, label }: AgentMenuProps) {
  if (agent.menu.length === 0) return "";
  return (
    <details class="fold agent-menu" id="agent-menu" open={isMenuOpen}>
      <summary>
        <Icon name="agent" />
        {label.agentMenu(agent.name)}
      </summary>
      <div class="fold-body stack-tight">
        <form class="menu-buttons" method="post" action={`/runs/${runId}/menu`}>
          <input type="hidden" name="csrf" value={frame.csrfToken} />
          {agent.menu.map(({ says, description }) => (
            <button type="submit" class="button" name="says" value={says}>{description}</button>
          ))}
        </form>
        <p class="small muted">{label.agentMenuHint}</p>
      </div>
    </details>
  );
}
