// The parts of an agent's form that say what it may use: tools and skills.
import type { AgentFieldsProps } from "./agent_form.tsx";
import { Names } from "./agent_lists.tsx";
import { Check, TextArea, TextField } from "./controls.tsx";
import { ItemList } from "./item_list.tsx";
import { Section } from "./section.tsx";

/** Switches and limits of tools. */
export function Tools({ frame, form }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const common = { frame, form };
  return (
    <Section id="tools" title={texts.tools} lead={texts.toolsHint}>
      <Check {...common} name="tools.fs.enabled" label={texts.fsEnabled} />
      <div class="pair below">
        <TextField
          {...common}
          name="tools.fs.maxReadBytes"
          label={texts.maxReadBytes}
          inputmode="numeric"
        />
        <TextField
          {...common}
          name="tools.fs.maxWriteBytes"
          label={texts.maxWriteBytes}
          inputmode="numeric"
        />
      </div>
      <Check {...common} name="tools.csv.enabled" label={texts.csvEnabled} />
      <Check {...common} name="tools.js.enabled" label={texts.jsEnabled} />
      <Check {...common} name="tools.mcp.enabled" label={texts.mcpEnabled} />
      <div class="below">
        <TextArea
          {...common}
          name="tools.mcp.allowedServers"
          label={texts.allowedServers}
          hint={texts.allowedServersHint}
          kind="list"
        />
      </div>
      <Check {...common} name="tools.terminal.enabled" label={texts.terminalEnabled} />
      <div class="below">
        <TextArea
          {...common}
          name="tools.terminal.allow"
          label={texts.terminalAllow}
          hint={texts.terminalAllowHint}
          kind="list"
        />
      </div>
    </Section>
  );
}

/** Capabilities and imported skills. */
export function Skills({ frame, form, choices }: AgentFieldsProps) {
  const { agent: texts } = frame.texts;
  const common = { frame, form };
  const name = "skills.imports";
  return (
    <Section id="skills" title={texts.skills} lead={texts.skillsHint}>
      <ItemList
        {...common}
        name={name}
        label={texts.imports}
        add={texts.addImport}
        itemName={(index) => texts.importNamed(index + 1)}
        item={(at) => (
          <>
            <div class="pair">
              <TextField
                {...common}
                name={name}
                sub={at("source")}
                label={texts.importSource}
                hint={texts.importSourceHint}
                list="skill-folders"
                isCode
              />
              <TextField
                {...common}
                name={name}
                sub={at("name")}
                label={texts.importName}
                hint={texts.importNameHint}
                isCode
              />
            </div>
          </>
        )}
      />
      <Names id="skill-folders" names={choices.skillFolders} />
      <fieldset class="field-group">
        <legend class="label">{texts.capabilities}</legend>
        <p class="hint">{texts.capabilitiesHint}</p>
        <div class="row">
          <Check
            {...common}
            name="skills.capabilities.filesystem.enabled"
            label={texts.filesystem}
          />
          <Check {...common} name="skills.capabilities.python.enabled" label={texts.python} />
          <Check {...common} name="skills.capabilities.browser.enabled" label={texts.browser} />
        </div>
      </fieldset>
    </Section>
  );
}
