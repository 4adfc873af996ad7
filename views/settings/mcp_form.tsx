// The form of one MCP server. Values of its environment never come back into it.
import type { Frame } from "../frame.ts";
import {
  CheckInput,
  LinesInput,
  NumberInput,
  RadioInput,
  TextInput,
  type TypedForm,
} from "./fields.tsx";
import { Protection, type ProtectionProps, serverPath } from "./mcp_page.tsx";
import { Csrf } from "./settings_frame.tsx";

/** What the form needs. */
export interface McpFormProps {
  readonly frame: Frame;
  readonly form: TypedForm;
  readonly protection: ProtectionProps;
  readonly usualTimeoutSeconds: number;
  /** Absent for a new server. */
  readonly known?: { readonly serverId: string; readonly env: readonly string[] };
}

/** The form. */
export function McpForm(props: McpFormProps) {
  const { frame, form, known, usualTimeoutSeconds } = props;
  const { mcp } = frame.texts;
  return (
    <form
      class="panel-body stack form-wide"
      method="post"
      action={known ? serverPath(known.serverId) : "/settings/mcp/new"}
    >
      <Csrf frame={frame} />
      {!known && (
        <TextInput form={form} name="serverId" label={mcp.name} hint={mcp.nameHint} isRequired />
      )}
      <TextInput
        form={form}
        name="command"
        label={mcp.command}
        hint={mcp.commandHint}
        isRequired
        isMono
      />
      <LinesInput form={form} name="args" label={mcp.args} hint={mcp.argsHint} />
      <fieldset class="stack-tight">
        <legend class="label">{mcp.env}</legend>
        {known?.env.map((name) => (
          <CheckInput form={form} name={`keep.${name}`} label={mcp.envKept(name)} />
        ))}
        <LinesInput form={form} name="env" label={mcp.envAdd} hint={mcp.envHint} />
      </fieldset>
      <Walls {...props} />
      <div class="field-grid">
        <TextInput form={form} name="cwd" label={mcp.cwd} hint={mcp.cwdHint} isMono />
        <NumberInput
          form={form}
          name="timeoutSeconds"
          label={mcp.timeout}
          placeholder={mcp.timeoutUsual(usualTimeoutSeconds)}
        />
      </div>
      <CheckInput form={form} name="isEnabled" label={mcp.isEnabled} hint={mcp.isEnabledHint} />
      <div>
        <button class="button primary" type="submit">{known ? mcp.save : mcp.add}</button>
      </div>
    </form>
  );
}

function Walls({ frame, form, protection }: McpFormProps) {
  const { mcp } = frame.texts;
  const choice = (value: string, label: string, hint: string) => (
    <RadioInput form={form} name="sandbox" value={value} label={label} hint={hint} />
  );
  return (
    <fieldset class="stack-tight">
      <legend class="label">{mcp.sandboxTitle}</legend>
      {choice("auto", mcp.sandboxAuto, mcp.sandboxAutoHint)}
      {choice("on", mcp.sandboxOn, mcp.sandboxOnHint)}
      {choice("off", mcp.sandboxOff, mcp.sandboxOffHint)}
      <CheckInput form={form} name="hasNetwork" label={mcp.network} hint={mcp.networkHint} />
      <Protection frame={frame} protection={protection} />
    </fieldset>
  );
}
