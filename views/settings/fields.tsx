// The controls of the settings' forms: a label, a hint, the value as it was typed, what is wrong with it.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Csrf } from "./settings_frame.tsx";

/** A form as it was typed, and what is wrong with it by field. */
export interface TypedForm {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<string, string>>;
}

/** A control with one value. */
export interface FieldProps {
  readonly form: TypedForm;
  /** Also its id. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
}

function attributesOf({ form, name, hint, placeholder }: FieldProps) {
  const fault = form.faults[name];
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(" ");
  return {
    id: name,
    name,
    ...(placeholder !== undefined && { placeholder }),
    ...(described !== "" && { "aria-describedby": described }),
    ...(fault !== undefined && { "aria-invalid": "true" as const }),
    autocomplete: "off",
  };
}

function Labelled({ children, ...props }: FieldProps & { readonly children?: Child }) {
  const { form, name, label, hint } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      {hint !== undefined && <p class="hint" id={`${name}-hint`}>{hint}</p>}
      <Fault form={form} name={name} />
    </div>
  );
}

/** What is wrong with a field, if anything. */
export function Fault({ form, name }: Pick<FieldProps, "form" | "name">) {
  const fault = form.faults[name];
  return fault === undefined ? null : <p class="fault" id={`${name}-fault`}>{fault}</p>;
}

/** A line of text; `extra` are further attributes of the control, `beside` stands next to it. */
export function TextInput(
  props: FieldProps & {
    readonly isRequired?: true;
    readonly isMono?: true;
    readonly list?: string;
    readonly beside?: Child;
  },
) {
  const { form, name, isRequired, isMono, list, beside } = props;
  const input = (
    <input
      class={isMono ? "input mono" : "input"}
      value={form.values[name] ?? ""}
      spellcheck={false}
      autocapitalize="none"
      maxlength={4096}
      required={isRequired}
      list={list}
      {...attributesOf(props)}
    />
  );
  return (
    <Labelled {...props}>
      {beside === undefined ? input : <div class="with-button">{input}{beside}</div>}
    </Labelled>
  );
}

/** A number as text: browsers differ in what they make of `type="number"`. */
export function NumberInput(props: FieldProps) {
  const { form, name } = props;
  return (
    <Labelled {...props}>
      <input
        class="input"
        inputmode="decimal"
        value={form.values[name] ?? ""}
        maxlength={20}
        {...attributesOf(props)}
      />
    </Labelled>
  );
}

/** Lines of text. */
export function LinesInput(props: FieldProps & { readonly rows?: number }) {
  const { form, name, rows = 3 } = props;
  return (
    <Labelled {...props}>
      <textarea
        class="textarea code"
        rows={rows}
        spellcheck={false}
        autocapitalize="none"
        {...attributesOf(props)}
      >
        {form.values[name] ?? ""}
      </textarea>
    </Labelled>
  );
}

/** A switch with a sentence of what it means. */
export function CheckInput({ form, name, label, hint }: FieldProps) {
  return (
    <div class="setting-option">
      <input
        type="checkbox"
        id={name}
        name={name}
        value="yes"
        checked={form.values[name] === "yes"}
        aria-describedby={hint === undefined ? undefined : `${name}-hint`}
      />
      <label for={name}>{label}</label>
      {hint !== undefined && <p class="hint" id={`${name}-hint`}>{hint}</p>}
      <Fault form={form} name={name} />
    </div>
  );
}

/** One of several choices; `children` belong to it. */
export function RadioInput(
  props: Omit<FieldProps, "placeholder"> & { readonly value: string; readonly children?: Child },
) {
  const { form, name, value, label, hint, children } = props;
  const id = `${name}-${value}`;
  return (
    <div class="setting-option">
      <input
        type="radio"
        id={id}
        name={name}
        value={value}
        checked={form.values[name] === value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {children}
    </div>
  );
}

/** A button that changes something by itself. */
export interface ActionButtonProps {
  readonly frame: Frame;
  readonly action: string;
  readonly label: string;
  /** Where the label alone does not say of what. */
  readonly fullLabel?: string;
  readonly kind?: "primary" | "danger" | "quiet";
  readonly isSmall?: true;
  /** Sent with it. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The part of the page that the answer replaces, with htmx. */
  readonly replaces?: string;
}

/** A form of one button. */
export function ActionButton(props: ActionButtonProps) {
  const { frame, action, label, fullLabel, kind = "", isSmall, fields = {}, replaces } = props;
  const swap = replaces === undefined
    ? {}
    : { "hx-post": action, "hx-target": `#${replaces}`, "hx-swap": "outerHTML" };
  const kinds = kind === "danger" ? "quiet danger" : kind;
  return (
    <form method="post" action={action} {...swap}>
      <Csrf frame={frame} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button
        class={["button", isSmall && "small", kinds].filter(Boolean).join(" ")}
        type="submit"
        aria-label={fullLabel}
      >
        {label}
      </button>
    </form>
  );
}
