// The way that begins with a workflow: cards, each with the fields of what its workflow wants to know.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { PackageChoice } from "./choose_package_page.tsx";
import { NothingToStart } from "./nothing_to_start.tsx";
import type {
  OfferedInput,
  OfferedWorkflow,
  StartFault,
  StartOffer,
  TypedStart,
} from "./start_offer.ts";

interface WorkflowsProps {
  readonly frame: Frame;
  readonly chosen: PackageChoice;
  readonly offer: StartOffer;
  readonly typed: TypedStart;
  readonly fault?: StartFault;
}

/** The field of an input: workflows of one package may want values of the same name. */
export function inputField(workflowId: string, name: string): string {
  return `in ${workflowId} ${name}`;
}

/** Cards, the agent, and free words. */
export function WorkflowWay(props: WorkflowsProps) {
  const { frame, offer, typed, chosen } = props;
  const { start } = frame.texts;
  if (offer.workflows.length === 0) return <NothingToStart {...props} missing="workflow" />;
  const named = offer.workflows.find(({ id }) => id === typed.workflow);
  const chosenId = (named ?? offer.workflows[0])?.id;
  return (
    <div class="stack">
      <p class="muted">{start.workflowWayLead}</p>
      <fieldset class="choice-cards">
        <legend class="visually-hidden">{start.workflows}</legend>
        {offer.workflows.map((workflow, index) => (
          <Card
            {...props}
            workflow={workflow}
            index={index}
            isChosen={workflow.id === chosenId}
          />
        ))}
      </fieldset>
      {typed.until && (
        <label class="check">
          <input type="checkbox" name="until" value={typed.until} checked />
          {start.until(typed.until)}
        </label>
      )}
      <AgentChoice {...props} />
      <div class="field">
        <label for="input">{start.words}</label>
        <textarea
          class="textarea"
          id="input"
          name="input"
          rows={3}
          maxlength={100_000}
          data-draft={`input-${chosen.packageId}`}
        >
          {typed.input ?? ""}
        </textarea>
        <span class="hint">{start.wordsHint}</span>
      </div>
    </div>
  );
}

function Card(
  { workflow, index, isChosen, ...props }: WorkflowsProps & {
    readonly workflow: OfferedWorkflow;
    readonly index: number;
    readonly isChosen: boolean;
  },
) {
  const { id, title, description, isDefault, nodes, inputs, files } = workflow;
  const { start } = props.frame.texts;
  return (
    <div class="choice-card">
      <label class="choice-head" for={`workflow-${index}`}>
        <input
          type="radio"
          id={`workflow-${index}`}
          name="workflow"
          value={id}
          checked={isChosen}
        />
        <Icon name="workflow" />
        <span class="grow stack-none">
          <span class="row">
            <strong>{title}</strong>
            {isDefault && <span class="badge accent" title={start.entryTitle}>{start.entry}</span>}
          </span>
          {description && <span class="small">{description}</span>}
          <span class="small muted">{start.steps(nodes.length)}</span>
        </span>
      </label>
      {(inputs.length > 0 || files.length > 0) && (
        <div class="choice-body stack">
          {inputs.length > 0 && <p class="label">{start.inputs}</p>}
          {inputs.map((input, at) => (
            <Input
              {...props}
              input={input}
              field={inputField(id, input.name)}
              id={`in-${index}-${at}`}
              {...(isChosen && { message: props.fault?.inputs?.[input.name] })}
            />
          ))}
          {files.length > 0 && (
            <p class="small muted">
              {start.files}: {files.map((file) => <code class="file-name">{file}</code>)}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

interface InputProps extends WorkflowsProps {
  readonly input: OfferedInput;
  readonly field: string;
  readonly id: string;
  readonly message?: string | undefined;
}

/** Never `required` for the browser: the fields of a card that is not chosen are hidden. */
function Input({ frame, input, field, id, typed, message }: InputProps) {
  const { name, kind, isRequired, preset } = input;
  const { start } = frame.texts;
  const isPreset = preset !== "" && kind !== "yes-no";
  return (
    <div class="field">
      <label for={id}>
        {name.replaceAll("_", " ")}
        {isRequired && <span class="small muted">{` (${start.required})`}</span>}
      </label>
      <Control
        {...input}
        field={field}
        frame={frame}
        value={typed[field] ?? ""}
        attributes={{
          id,
          name: field,
          "aria-required": isRequired ? "true" : undefined,
          "aria-invalid": message ? "true" : undefined,
          "aria-describedby": message ? `${id}-fault` : undefined,
        }}
      />
      {message && <span class="fault" id={`${id}-fault`}>{message}</span>}
      {(isPreset || kind === "json") && (
        <span class="hint">
          {kind === "json" && `${start.jsonHint} `}
          {isPreset && start.presetIs(preset)}
        </span>
      )}
    </div>
  );
}

interface ControlProps extends OfferedInput {
  readonly frame: Frame;
  readonly field: string;
  readonly value: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

function Control({ frame, kind, preset, value, attributes }: ControlProps) {
  const { run } = frame.texts;
  switch (kind) {
    case "yes-no":
      return (
        <select class="select" {...attributes}>
          {[["yes", run.yes], ["no", run.no]].map(([word, text]) => (
            <option value={word} selected={word === (value || preset)}>{text}</option>
          ))}
        </select>
      );
    case "number":
      return <input class="input" inputmode="decimal" value={value} {...attributes} />;
    case "json":
      return <textarea class="textarea code" rows={3} {...attributes}>{value}</textarea>;
    default:
      return <textarea class="textarea" rows={2} {...attributes}>{value}</textarea>;
  }
}

function AgentChoice({ frame, offer, typed }: WorkflowsProps) {
  const { start } = frame.texts;
  if (offer.agents.length < 2) return "";
  return (
    <div class="field">
      <label for="with-agent">{start.withAgent}</label>
      <select class="select" id="with-agent" name="withAgent">
        <option value="">{start.firstAgent(offer.agents[0]?.name ?? "")}</option>
        {offer.agents.slice(1).map(({ id, name, title }) => (
          <option value={id} selected={typed.withAgent === id}>{`${name}, ${title}`}</option>
        ))}
      </select>
      <span class="hint">{start.withAgentHint}</span>
    </div>
  );
}
