// The form of a workflow: its listing and its `workflow.md`.
import type { Frame } from "../frame.ts";
import { TextArea, TextField } from "./controls.tsx";
import type { FormState } from "./form_state.ts";
import { Section } from "./section.tsx";

/** The fields of a workflow. */
export function WorkflowFields({ frame, form }: { frame: Frame; form: FormState }) {
  const { form: texts } = frame.texts;
  const common = { frame, form };
  return (
    <>
      <Section title={texts.basics}>
        <TextField {...common} name="displayName" label={texts.displayName} />
        <TextArea {...common} name="description" label={texts.description} kind="prose" />
        <div class="pair">
          <TextField
            {...common}
            name="workflowType"
            label={texts.workflowType}
            hint={texts.workflowTypeHint}
            isCode
          />
          <TextField {...common} name="tags" label={texts.tags} hint={texts.tagsHint} />
        </div>
      </Section>
      <Section title={texts.work}>
        <TextArea
          {...common}
          name="goal"
          label={texts.workflowGoal}
          hint={texts.workflowGoalHint}
          kind="prose"
          rows={3}
        />
        <TextArea
          {...common}
          name="howToExecute"
          label={texts.howToExecute}
          hint={texts.howToExecuteHint}
          kind="prose"
          rows={3}
        />
      </Section>
      <Section title={texts.data}>
        <TextArea
          {...common}
          name="variables"
          label={texts.variables}
          hint={texts.variablesHint}
          kind="code"
        />
        <TextArea
          {...common}
          name="inputDocuments"
          label={texts.inputDocuments}
          hint={texts.inputDocumentsHint}
          kind="list"
        />
      </Section>
    </>
  );
}
