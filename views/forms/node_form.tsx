// The form of a node: what it is, what it does, what it reads and makes. Not here: its checks.
import type { NodeType } from "../../schemas/package.ts";
import { NODE_TYPES } from "../editor/node_icons.ts";
import type { Frame } from "../frame.ts";
import { CheckList } from "./check_list.tsx";
import { Check, Select, TextArea, TextField } from "./controls.tsx";
import type { FormState } from "./form_state.ts";
import { Section } from "./section.tsx";

/** What the form of a node needs to know of the package. */
export interface NodeChoices {
  readonly type: NodeType;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  /** The workflows that it could call. */
  readonly workflows: readonly { readonly id: string; readonly name: string }[];
  readonly outputs: readonly string[];
  readonly variables: readonly string[];
}

/** Props of `NodeFields`. */
export interface NodeFieldsProps {
  readonly frame: Frame;
  readonly form: FormState;
  readonly choices: NodeChoices;
}

/** The fields of a node. */
export function NodeFields({ frame, form, choices }: NodeFieldsProps) {
  const { form: texts } = frame.texts;
  const common = { frame, form };
  const isCall = choices.type === "subworkflow";
  return (
    <>
      <Basics {...common} choices={choices} />
      {isCall && (
        <Section title={texts.call}>
          <Select
            {...common}
            name="subworkflowRef"
            label={texts.subworkflowRef}
            options={[
              { value: "", label: texts.subworkflowNone },
              ...choices.workflows.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Check
            {...common}
            name="passContext"
            label={texts.passContext}
            hint={texts.passContextHint}
          />
        </Section>
      )}
      <Section title={texts.work}>
        <TextArea {...common} name="goal" label={texts.goal} hint={texts.goalHint} kind="prose" />
        <TextArea
          {...common}
          name="instructions"
          label={texts.instructions}
          hint={texts.instructionsHint}
          kind="prose"
          rows={6}
        />
        <TextArea
          {...common}
          name="completion"
          label={texts.completion}
          hint={texts.completionHint}
          kind="prose"
        />
      </Section>
      <Section title={texts.data}>
        <TextArea
          {...common}
          name="inputs"
          label={texts.inputs}
          hint={texts.inputsHint}
          kind="list"
        />
        <TextArea
          {...common}
          name="outputs"
          label={texts.outputs}
          hint={texts.outputsHint}
          kind="list"
        />
        <TextArea
          {...common}
          name="setsVariables"
          label={texts.setsVariables}
          hint={texts.setsVariablesHint}
          kind="list"
        />
      </Section>
      <CheckList {...common} outputs={choices.outputs} variables={choices.variables} />
    </>
  );
}

function Basics({ frame, form, choices }: NodeFieldsProps) {
  const { form: texts, editor } = frame.texts;
  const common = { frame, form };
  return (
    <Section title={texts.basics}>
      <TextField {...common} name="title" label={texts.title} />
      <div class="pair">
        <Select
          {...common}
          name="type"
          label={texts.type}
          options={NODE_TYPES.map((type) => ({ value: type, label: editor[type] }))}
        />
        <Select
          {...common}
          name="agentId"
          label={texts.agent}
          options={[
            { value: "", label: texts.noAgent },
            ...choices.agents.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <TextArea
        {...common}
        name="description"
        label={texts.description}
        hint={texts.descriptionHint}
        kind="prose"
      />
    </Section>
  );
}
