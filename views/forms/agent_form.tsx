// The form of an agent: who it is and how it speaks. Its lists and tools have files of their own.
import type { Frame } from "../frame.ts";
import { CriticalActions, Knowledge, Menu, Prompts } from "./agent_lists.tsx";
import { Skills, Tools } from "./agent_tools.tsx";
import { Check, TextArea, TextField } from "./controls.tsx";
import { fieldOf, type FormState } from "./form_state.ts";
import { ItemList } from "./item_list.tsx";
import { Section } from "./section.tsx";

/** What the fields of an agent may refer to. */
export interface AgentChoices {
  readonly workflowIds: readonly string[];
  readonly assetPaths: readonly string[];
  /** Folders with a SKILL.md. */
  readonly skillFolders: readonly string[];
}

/** Props of the parts of an agent's form. */
export interface AgentFieldsProps {
  readonly frame: Frame;
  readonly form: FormState;
  readonly choices: AgentChoices;
}

/** The parts of the form, in order: the id of their section, and the key of their title. */
export const AGENT_SECTIONS = [
  ["metadata", "metadata"],
  ["persona", "persona"],
  ["critical-actions", "criticalActions"],
  ["prompts", "prompts"],
  ["menu", "menu"],
  ["tools", "tools"],
  ["skills", "skills"],
  ["more", "more"],
] as const;

/** The fields of an agent. */
export function AgentFields(props: AgentFieldsProps) {
  return (
    <>
      <Metadata {...props} />
      <Persona {...props} />
      <CriticalActions {...props} />
      <Prompts {...props} />
      <Menu {...props} />
      <Tools {...props} />
      <Skills {...props} />
      <More {...props} />
    </>
  );
}

function Metadata({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const common = { frame, form };
  return (
    <Section id="metadata" title={texts.metadata}>
      <div class="pair">
        <TextField {...common} name="metadata.name" label={texts.name} />
        <TextField
          {...common}
          name="metadata.title"
          label={texts.jobTitle}
          hint={texts.jobTitleHint}
        />
      </div>
      <div class="triple">
        <TextField {...common} name="metadata.icon" label={texts.icon} />
        <TextField {...common} name="metadata.module" label={texts.module} />
        <TextField {...common} name="metadata.sourceId" label={texts.sourceId} />
      </div>
      <TextArea {...common} name="metadata.description" label={texts.description} kind="prose" />
    </Section>
  );
}

function Persona({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const common = { frame, form };
  return (
    <Section id="persona" title={texts.persona}>
      <TextArea {...common} name="persona.role" label={texts.role} kind="prose" />
      <TextArea {...common} name="persona.identity" label={texts.identity} kind="prose" />
      <TextArea
        {...common}
        name="persona.communication_style"
        label={texts.communicationStyle}
        kind="prose"
      />
      <ItemList
        {...common}
        name="persona.principles"
        label={texts.principles}
        add={texts.addPrinciple}
        itemName={(index) => texts.principleNamed(index + 1)}
        isPlain
        item={(at, index) => (
          <TextArea
            {...common}
            name="persona.principles"
            sub={at("text")}
            label={texts.principleNamed(index + 1)}
            kind="prose"
            rows={1}
          />
        )}
      />
      <TextArea
        {...common}
        name="systemPrompt"
        label={texts.systemPrompt}
        hint={texts.systemPromptHint}
        kind="prose"
      />
      <TextArea
        {...common}
        name="userPromptTemplate"
        label={texts.userPromptTemplate}
        hint={texts.userPromptTemplateHint}
        kind="prose"
      />
    </Section>
  );
}

function More(props: AgentFieldsProps) {
  const { frame, form } = props;
  const { agent: texts } = frame.texts;
  const common = { frame, form };
  const others = fieldOf(form, "other");
  return (
    <Section id="more" title={texts.more}>
      <Check {...common} name="discussion" label={texts.discussion} />
      <Check {...common} name="webskip" label={texts.webskip} />
      <Knowledge {...props} />
      {(others.entries.get("") !== "" || others.faults.size > 0) && (
        <TextArea
          {...common}
          name="other"
          label={texts.otherKeys}
          hint={texts.otherKeysHint}
          kind="code"
        />
      )}
    </Section>
  );
}
