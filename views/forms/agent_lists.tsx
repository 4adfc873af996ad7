// The lists of an agent's form: critical actions, prompts, menu, knowledge.
import type { AgentFieldsProps } from "./agent_form.tsx";
import { Check, TextArea, TextField } from "./controls.tsx";
import { fieldOf } from "./form_state.ts";
import { ItemList } from "./item_list.tsx";

/** What the agent has to do before anything else. */
export function CriticalActions({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const name = "critical_actions";
  return (
    <section class="form-section" id="critical-actions">
      <ItemList
        {...{ frame, form, name }}
        label={texts.criticalActions}
        hint={texts.criticalActionsHint}
        add={texts.addCriticalAction}
        itemName={(index) => texts.criticalActionNamed(index + 1)}
        isPlain
        item={(at, index) => (
          <TextArea
            {...{ frame, form, name }}
            sub={at("text")}
            label={texts.criticalActionNamed(index + 1)}
            kind="prose"
            rows={1}
          />
        )}
      />
    </section>
  );
}

/** Named texts. */
export function Prompts({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const name = "prompts";
  return (
    <section class="form-section" id="prompts">
      <ItemList
        {...{ frame, form, name }}
        label={texts.prompts}
        hint={texts.promptsHint}
        add={texts.addPrompt}
        itemName={(index) => texts.promptNamed(index + 1)}
        item={(at) => {
          const common = (key: string) => ({ frame, form, name, sub: at(key) });
          return (
            <>
              <div class="pair">
                <TextField {...common("id")} label={texts.promptId} isCode />
                <TextField {...common("description")} label={texts.description} />
              </div>
              <TextArea {...common("content")} label={texts.promptContent} kind="prose" rows={3} />
            </>
          );
        }}
      />
    </section>
  );
}

const RARE_KEYS = ["exec", "data", "validate-workflow", "ide-only", "web-only", "triggers", "more"];

/** What the agent offers. */
export function Menu({ frame, form, choices }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const name = "menu";
  return (
    <section class="form-section" id="menu">
      <ItemList
        {...{ frame, form, name }}
        label={texts.menu}
        hint={texts.menuHint}
        add={texts.addMenuItem}
        itemName={(index) => texts.menuItemNamed(index + 1)}
        item={(at) => <MenuItemControls {...{ frame, form, choices }} at={at} />}
      />
      <Names id="workflow-ids" names={choices.workflowIds} />
      <Names id="asset-paths" names={choices.assetPaths} />
    </section>
  );
}

function MenuItemControls(props: AgentFieldsProps & { readonly at: (key: string) => string }) {
  const { frame, form, at } = props;
  const { agent: texts } = frame.texts;
  const field = fieldOf(form, "menu");
  const common = (key: string) => ({ frame, form, name: "menu", sub: at(key) });
  const isUsed = RARE_KEYS.some((key) => field.entries.get(at(key)) || field.faults.has(at(key)));
  return (
    <>
      <div class="pair">
        <TextField {...common("description")} label={texts.description} />
        <TextField {...common("trigger")} label={texts.trigger} hint={texts.triggerHint} isCode />
      </div>
      <div class="pair">
        <TextField {...common("workflow")} label={texts.menuWorkflow} list="workflow-ids" isCode />
        <TextField {...common("action")} label={texts.action} hint={texts.actionHint} />
      </div>
      <details class="more" open={isUsed} data-keep={`menu-${at("more")}`}>
        <summary>{texts.rareKeys}</summary>
        <div class="pair">
          <TextField {...common("exec")} label={texts.exec} list="asset-paths" isCode />
          <TextField {...common("data")} label={texts.data} list="asset-paths" isCode />
        </div>
        <TextField {...common("validate-workflow")} label={texts.validateWorkflow} isCode />
        <div class="row">
          <Check {...common("ide-only")} label={texts.ideOnly} />
          <Check {...common("web-only")} label={texts.webOnly} />
        </div>
        <TextArea
          {...common("triggers")}
          label={texts.triggers}
          hint={texts.triggersHint}
          kind="code"
        />
        <TextArea
          {...common("more")}
          label={texts.otherKeys}
          hint={texts.otherKeysHint}
          kind="code"
        />
      </details>
    </>
  );
}

/** Suggestions for text fields. */
export function Names({ id, names }: { id: string; names: readonly string[] }) {
  return <datalist id={id}>{names.map((name) => <option value={name}></option>)}</datalist>;
}

/** Entries of any shape. */
export function Knowledge({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const name = "conversational_knowledge";
  return (
    <ItemList
      {...{ frame, form, name }}
      label={texts.knowledge}
      hint={texts.knowledgeHint}
      add={texts.addKnowledge}
      itemName={(index) => texts.knowledgeNamed(index + 1)}
      item={(at) => (
        <TextArea
          {...{ frame, form, name }}
          sub={at("more")}
          label={texts.knowledgeEntry}
          kind="code"
        />
      )}
    />
  );
}
