// The page on which a person edits a run's state: as a form, or the front matter as YAML.
import type { NodeType, WorkflowState } from "../../schemas/package.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { Frame } from "../frame.ts";
import { Page } from "../layout.tsx";

/** A run's state as the page needs it. */
export interface EditableState {
  readonly workflowId: string;
  readonly sha256: string;
  readonly yaml: string;
  readonly state: WorkflowState;
  readonly currentNodeId: string;
  readonly nodes: readonly {
    readonly id: string;
    readonly title?: string;
    readonly type: NodeType;
  }[];
}

/** A variable as its row shows it. */
export interface VariableRow {
  readonly name: string;
  readonly kind: "text" | "json";
  readonly value: string;
}

/** What the page shows. */
export interface StatePageProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly packageName: string;
  readonly phase: RunPhase;
  readonly state: EditableState;
  readonly isSaved?: boolean;
  /** Why it could not be saved. */
  readonly fault?: string;
  /** What was typed then. */
  readonly typed?: {
    readonly yaml?: string;
    readonly currentNodeId?: string;
    readonly stepsCompleted?: readonly string[];
    readonly variables?: readonly VariableRow[];
  };
}

/** The page. */
export function StatePage(props: StatePageProps) {
  const { frame, runId, packageName, phase, isSaved, fault } = props;
  const { control, run } = frame.texts;
  const locked = phase === "running"
    ? control.stateDriven
    : phase === "completed"
    ? control.stateCompleted
    : undefined;
  return (
    <Page
      frame={frame}
      title={`${packageName} · ${control.stateTitle}`}
      active="runs"
      crumbs={[
        { label: run.title, href: "/runs" },
        { label: packageName, href: `/runs/${runId}` },
        { label: control.stateTitle },
      ]}
      styles={["run_control.css"]}
    >
      <div class="page-head">
        <h1>{control.stateTitle}</h1>
        <a class="button" href={`/runs/${runId}`}>{control.backToRun}</a>
      </div>
      <p class="muted">{control.stateLead}</p>
      {isSaved && <p class="notice ok" role="status">{control.saved}</p>}
      {fault !== undefined && <p class="notice error pre-line" role="alert">{fault}</p>}
      {locked === undefined
        ? (
          <>
            <StateForm {...props} />
            <RawForm {...props} />
          </>
        )
        : (
          <>
            <p class="notice">{locked}</p>
            <pre class="code-block" tabindex={0} aria-label={control.raw}>{props.state.yaml}</pre>
          </>
        )}
    </Page>
  );
}

function Hidden({ frame, state }: StatePageProps) {
  return (
    <>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <input type="hidden" name="ifMatch" value={state.sha256} />
    </>
  );
}

function StateForm(props: StatePageProps) {
  const { frame: { texts: { control } }, runId, state, typed } = props;
  const current = typed?.currentNodeId ?? state.currentNodeId;
  const done = new Set(typed?.stepsCompleted ?? state.state.stepsCompleted);
  return (
    <form class="state-form stack" method="post" action={`/runs/${runId}/state`}>
      <Hidden {...props} />
      <div class="field">
        <label for="currentNodeId">{control.currentNode}</label>
        <select class="select" id="currentNodeId" name="currentNodeId">
          {state.nodes.map(({ id, title }) => (
            <option value={id} selected={id === current}>{title ? `${title} (${id})` : id}</option>
          ))}
        </select>
        <span class="hint">{control.currentNodeHint}</span>
      </div>
      <fieldset class="state-steps">
        <legend>{control.stepsCompleted}</legend>
        {inOrder(state).map(({ id, title }) => (
          <label class="check">
            <input type="checkbox" name="stepsCompleted" value={id} checked={done.has(id)} />
            {title || id}
          </label>
        ))}
      </fieldset>
      <Variables {...props} />
      <div>
        <button type="submit" class="button primary">{control.save}</button>
      </div>
    </form>
  );
}

/** What is done comes first and in the order in which it was done, so that saving keeps that order. */
function inOrder({ nodes, state: { stepsCompleted } }: EditableState): EditableState["nodes"] {
  const place = new Map(stepsCompleted.map((nodeId, index) => [nodeId, index]));
  return nodes.toSorted((one, other) =>
    (place.get(one.id) ?? nodes.length) - (place.get(other.id) ?? nodes.length)
  );
}

function Variables({ frame: { texts: { control } }, state, typed }: StatePageProps) {
  const empty: VariableRow = { name: "", kind: "text", value: "" };
  const rows = typed?.variables ?? [...rowsOf(state), empty];
  return (
    <fieldset class="stack-tight">
      <legend>{control.variables}</legend>
      <p class="hint">{control.variablesHint}</p>
      {rows.map(({ name, kind, value }, index) => {
        const shown = name || control.newVariable;
        return (
          <div class="variable-row">
            <input
              class="input mono"
              name="name"
              value={name}
              aria-label={`${control.variableName}: ${shown}`}
              placeholder={name ? undefined : control.newVariable}
              maxlength={200}
            />
            <select class="select" name="kind" aria-label={control.variableKind(shown)}>
              <option value="text" selected={kind === "text"}>{control.variableText}</option>
              <option value="json" selected={kind === "json"}>{control.variableJson}</option>
            </select>
            {/* A line break right behind the tag is dropped by browsers, so that one more is written. */}
            <textarea
              class="textarea mono"
              name="value"
              rows={Math.min(8, value.split("\n").length)}
              aria-label={control.valueOf(shown)}
            >
              {`\n${value}`}
            </textarea>
            {name
              ? (
                <label class="check">
                  <input
                    type="checkbox"
                    name="remove"
                    value={String(index)}
                    aria-label={control.variableRemove(shown)}
                  />
                  {control.remove}
                </label>
              )
              : <span></span>}
          </div>
        );
      })}
    </fieldset>
  );
}

function rowsOf({ state: { variables = {} } }: EditableState): VariableRow[] {
  return Object.entries(variables).map(([name, value]) =>
    typeof value === "string"
      ? { name, kind: "text", value }
      : { name, kind: "json", value: JSON.stringify(value, null, 2) }
  );
}

function RawForm(props: StatePageProps) {
  const { frame: { texts: { control } }, runId, state, typed } = props;
  return (
    <details class="fold panel-fold state-raw" open={typed?.yaml !== undefined}>
      <summary>{control.raw}</summary>
      <form class="fold-body stack" method="post" action={`/runs/${runId}/state`}>
        <Hidden {...props} />
        <div class="field">
          <label for="yaml">{control.raw}</label>
          <textarea class="textarea mono" id="yaml" name="yaml" rows={20} spellcheck={false}>
            {`\n${typed?.yaml ?? state.yaml}`}
          </textarea>
          <span class="hint">{control.rawHint}</span>
        </div>
        <div>
          <button type="submit" class="button primary">{control.save}</button>
        </div>
      </form>
    </details>
  );
}
