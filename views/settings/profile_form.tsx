// The form of one profile, new or known. A stored key never comes back into it.
import type { Frame } from "../frame.ts";
import {
  CheckInput,
  Fault,
  LinesInput,
  NumberInput,
  RadioInput,
  TextInput,
  type TypedForm,
} from "./fields.tsx";
import { Csrf } from "./settings_frame.tsx";

/** What the form needs besides what was typed. */
export interface ProfileFormProps {
  readonly frame: Frame;
  readonly form: TypedForm;
  readonly preset: PresetFacts;
  /** Absent for a new profile. */
  readonly known?: KnownProfile;
  /** The models of the server, once somebody asked for them. */
  readonly models?: readonly string[];
}

/** What is usual for a kind of server. */
export interface PresetFacts {
  readonly preset: string;
  readonly title: string;
  /** `null` where everybody has their own. */
  readonly baseUrl: string | null;
  readonly keyVariable: string;
  readonly needsKey: boolean;
  readonly contextWindowTokens: number;
}

/** What is kept of a profile and not shown. */
export interface KnownProfile {
  readonly name: string;
  readonly hasStoredKey: boolean;
  readonly headers: readonly string[];
  readonly isDefault: boolean;
}

/** The form. */
export function ProfileForm({ frame, form, preset, known, models }: ProfileFormProps) {
  const { profile } = frame.texts;
  const action = known
    ? `/settings/profiles/named/${encodeURIComponent(known.name)}`
    : "/settings/profiles/new";
  const hint = preset.baseUrl !== null
    ? profile.baseUrlUsual(preset.baseUrl)
    : preset.preset === "azure-openai"
    ? profile.baseUrlAzure
    : profile.baseUrlCustom;
  return (
    <form class="panel-body stack form-wide" method="post" action={action}>
      <Csrf frame={frame} />
      <input type="hidden" name="preset" value={preset.preset} />
      {known ? <input type="hidden" name="name" value={known.name} /> : (
        <TextInput
          form={form}
          name="name"
          label={profile.name}
          hint={profile.nameHint}
          isRequired
        />
      )}
      <TextInput form={form} name="baseUrl" label={profile.baseUrl} hint={hint} isMono />
      <TextInput
        form={form}
        name="model"
        label={profile.model}
        hint={profile.modelHint}
        list="models"
        isRequired
        beside={<ListModels frame={frame} known={known} />}
      />
      <Models frame={frame} models={models} />
      <KeyFields frame={frame} form={form} preset={preset} known={known} />
      <MoreFields frame={frame} form={form} preset={preset} known={known} />
      {!known?.isDefault && <CheckInput form={form} name="isDefault" label={profile.makeDefault} />}
      <div>
        <button class="button primary" type="submit">{known ? profile.save : profile.add}</button>
      </div>
    </form>
  );
}

function ListModels({ frame, known }: { frame: Frame; known: KnownProfile | undefined }) {
  const { profile } = frame.texts;
  const query = known ? `?name=${encodeURIComponent(known.name)}` : "";
  const action = `/settings/profiles/models${query}`;
  return (
    <button
      class="button"
      type="submit"
      formaction={action}
      formnovalidate
      hx-post={action}
      hx-target="#models-part"
      hx-select="#models-part"
      hx-swap="outerHTML"
    >
      {profile.listModels}
    </button>
  );
}

function Models({ frame, models }: { frame: Frame; models: readonly string[] | undefined }) {
  const { profile } = frame.texts;
  return (
    <div id="models-part" role="status">
      <datalist id="models">
        {models?.map((model) => <option value={model}></option>)}
      </datalist>
      {models && (
        <p class="small muted cell-main">
          {models.length === 0
            ? profile.modelsNone
            : `${profile.modelsListed(models.length)} ${models.slice(0, 30).join(", ")}`}
        </p>
      )}
    </div>
  );
}

type PartProps = Pick<ProfileFormProps, "frame" | "form" | "preset"> & {
  readonly known: KnownProfile | undefined;
};

function KeyFields({ frame, form, preset, known }: PartProps) {
  const { profile } = frame.texts;
  const usual = preset.needsKey || form.values.baseUrl
    ? profile.keyPreset(preset.keyVariable)
    : `${profile.keyNone} (${preset.keyVariable})`;
  return (
    <fieldset class="stack-tight">
      <legend class="label">{profile.keyTitle}</legend>
      {known?.hasStoredKey && (
        <RadioInput form={form} name="key" value="kept" label={profile.keyKept} />
      )}
      <RadioInput form={form} name="key" value="preset" label={usual} />
      <RadioInput form={form} name="key" value="stored" label={profile.keyStored}>
        <input
          class="input"
          type="password"
          name="keyValue"
          aria-label={profile.keyValue}
          autocomplete="off"
          maxlength={8192}
        />
      </RadioInput>
      <RadioInput form={form} name="key" value="env" label={profile.keyEnv}>
        <input
          class="input mono"
          name="keyVariable"
          value={form.values.keyVariable ?? ""}
          aria-label={profile.keyEnvName}
          autocomplete="off"
          spellcheck={false}
          maxlength={200}
        />
      </RadioInput>
      <Fault form={form} name="key" />
      <p class="small muted">{profile.keyHint}</p>
    </fieldset>
  );
}

const IN_MORE = [
  "contextWindowTokens",
  "maxOutputTokens",
  "temperature",
  "timeoutMs",
  "maxRetries",
  "headers",
  "inputPerMillion",
  "outputPerMillion",
  "prices",
];

function MoreFields({ frame, form, preset, known }: PartProps) {
  const { profile } = frame.texts;
  const isOpen = IN_MORE.some((name) => form.faults[name] !== undefined);
  const number = (name: string, label: string, placeholder: string = profile.asPreset) => (
    <NumberInput form={form} name={name} label={label} placeholder={placeholder} />
  );
  const window = String(preset.contextWindowTokens);
  return (
    <details class="more" open={isOpen}>
      <summary>{profile.more}</summary>
      <div class="stack">
        <div class="field-grid">
          <NumberInput
            form={form}
            name="contextWindowTokens"
            label={profile.contextWindowTokens}
            hint={profile.contextHint}
            placeholder={window}
          />
          {number("maxOutputTokens", profile.maxOutputTokens)}
          {number("temperature", profile.temperature)}
          {number("timeoutMs", profile.timeout, "300")}
          {number("maxRetries", profile.maxRetries, "4")}
        </div>
        <CheckInput form={form} name="streaming" label={profile.streaming} />
        <div class="field-grid">
          {number("inputPerMillion", profile.inputPerMillion, "")}
          {number("outputPerMillion", profile.outputPerMillion, "")}
        </div>
        <Fault form={form} name="prices" />
        <p class="small muted">{profile.pricesHint}</p>
        {known?.headers.map((name) => (
          <CheckInput form={form} name={`keep.${name}`} label={profile.headerKept(name)} />
        ))}
        <LinesInput
          form={form}
          name="headers"
          label={profile.headers}
          hint={profile.headersHint}
        />
      </div>
    </details>
  );
}
