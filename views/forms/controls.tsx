// The controls of forms: label, hint, control, and the note beside it. Not here: which ones a form has.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { controlId, controlName, fieldOf, type FieldState, type FormState } from "./form_state.ts";

/** What every control is told. */
export interface ControlProps {
  readonly frame: Frame;
  readonly form: FormState;
  /** The field. */
  readonly name: string;
  /** The control, in a field that has several. */
  readonly sub?: string;
  readonly label: string;
  readonly hint?: string;
}

/** Several controls that are saved as one field. */
export interface FieldGroupProps extends Omit<ControlProps, "sub"> {
  readonly class?: string;
  readonly children?: Child;
}

/** A box of controls that are one field: a list, or a condition with its parts. */
export function FieldGroup({ frame, form, name, label, hint, children, ...rest }: FieldGroupProps) {
  const field = fieldOf(form, name);
  return (
    <fieldset
      class={`field-group ${rest.class ?? ""}`}
      id={controlId("field", name)}
      {...swapOf(field, "whole")}
    >
      <legend class="label">{label}</legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {children}
      <Was field={field} />
      <Note frame={frame} field={field} />
    </fieldset>
  );
}

/** The frame round one control. In a field of several controls it has a note, but no hash of its own. */
function Labelled(props: ControlProps & { readonly children?: Child }) {
  const { frame, form, name, sub = "", label, hint, children } = props;
  const field = fieldOf(form, name);
  const isWhole = sub === "";
  return (
    <div
      class="field"
      id={controlId("field", controlName(name, sub))}
      {...(isWhole ? swapOf(field, "whole") : {})}
    >
      <label for={idOf(props)}>{label}</label>
      {children}
      {hint !== undefined && <p class="hint" id={`hint-${idOf(props)}`}>{hint}</p>}
      {isWhole && <Was field={field} />}
      <Note frame={frame} field={field} sub={sub} />
    </div>
  );
}

function idOf({ name, sub = "" }: ControlProps): string {
  return controlId("control", controlName(name, sub));
}

function swapOf(field: FieldState, part: "note" | "whole") {
  return field.swap === part ? { "hx-swap-oob": "true" } : {};
}

/** What the form sends back to say what the person saw. */
function Was({ field }: { field: FieldState }) {
  return (
    <input
      type="hidden"
      id={controlId("was", field.name)}
      name={`was.${field.name}`}
      value={field.was}
      data-was
      {...swapOf(field, "note")}
    />
  );
}

/** What is wrong with a control, in words; there even if it is empty, so that it can be announced. */
function Note(props: { frame: Frame; field: FieldState; sub?: string }) {
  const { frame, field, sub = "" } = props;
  const fault = field.faults.get(sub);
  return (
    <div
      class="field-note"
      id={controlId("note", controlName(field.name, sub))}
      role="status"
      {...swapOf(field, "note")}
    >
      {fault !== undefined && (
        <p class="fault">
          <Icon name="error" />
          <span>{fault}</span>
        </p>
      )}
      {sub === "" && field.theirs !== undefined && <Conflict frame={frame} field={field} />}
    </div>
  );
}

function Conflict({ frame, field }: { frame: Frame; field: FieldState }) {
  const { form: texts } = frame.texts;
  return (
    <div class="conflict">
      <p class="fault">
        <Icon name="warning" />
        <span>{texts.conflict}</span>
      </p>
      <p class="small muted">{texts.conflictTheirs}</p>
      <pre class="theirs" tabindex={0}>{field.theirs || texts.conflictEmpty}</pre>
      <div class="row">
        <button type="submit" class="button small" name="choose" value={`${field.name} theirs`}>
          {texts.takeTheirs}
        </button>
        <button type="submit" class="button small" name="choose" value={`${field.name} mine`}>
          {texts.keepMine}
        </button>
      </div>
    </div>
  );
}

/** What ties a control to its note and its hint. */
function aria(props: ControlProps) {
  const { form, name, sub = "", hint } = props;
  const field = fieldOf(form, name);
  const note = controlId("note", controlName(name, sub));
  const isWrong = field.faults.has(sub) || (sub === "" && field.theirs !== undefined);
  return {
    id: idOf(props),
    name: controlName(name, sub),
    "aria-describedby": hint === undefined ? note : `hint-${idOf(props)} ${note}`,
    ...isWrong && { "aria-invalid": "true" as const },
  };
}

function textOf({ form, name, sub = "" }: ControlProps): string {
  return fieldOf(form, name).entries.get(sub) ?? "";
}

/** Props of `TextField`. */
export interface TextFieldProps extends ControlProps {
  readonly isCode?: boolean;
  readonly placeholder?: string;
  /** The id of a `<datalist>`. */
  readonly list?: string;
  readonly inputmode?: "decimal" | "numeric";
}

/** One line. */
export function TextField(props: TextFieldProps) {
  const { isCode, placeholder, list, inputmode } = props;
  return (
    <Labelled {...props}>
      <input
        class={isCode ? "input mono" : "input"}
        type="text"
        value={textOf(props)}
        autocomplete="off"
        spellcheck={isCode ? false : undefined}
        placeholder={placeholder}
        list={list}
        inputmode={inputmode}
        {...aria(props)}
      />
    </Labelled>
  );
}

/** Props of `TextArea`. */
export interface TextAreaProps extends ControlProps {
  /** `prose` is saved while one pauses; `code` and `list` only when one is done. */
  readonly kind: "prose" | "code" | "list";
  readonly rows?: number;
  readonly placeholder?: string;
}

/** Many lines; as high as its text in browsers that can do that. */
export function TextArea(props: TextAreaProps) {
  const { kind, rows = 2, placeholder } = props;
  const text = textOf(props);
  const height = Math.min(Math.max(text.split("\n").length, rows), 20);
  return (
    <Labelled {...props}>
      <textarea
        class={kind === "code" ? "textarea code grows" : "textarea grows"}
        rows={height}
        spellcheck={kind === "prose"}
        placeholder={placeholder}
        data-prose={kind === "prose" ? "" : undefined}
        {...aria(props)}
      >
        {/* Browsers drop the first line break of a text area. */}
        {`\n${text}`}
      </textarea>
    </Labelled>
  );
}

/** A choice of a `Select`. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** One of several; a value that is none of them is shown as it is. */
export function Select(props: ControlProps & { readonly options: readonly Option[] }) {
  const { options, frame } = props;
  const chosen = textOf(props);
  const isKnown = options.some(({ value }) => value === chosen);
  const all = isKnown
    ? options
    : [{ value: chosen, label: frame.texts.form.unknown(chosen) }, ...options];
  return (
    <Labelled {...props}>
      <select class="select" {...aria(props)}>
        {all.map(({ value, label }) => (
          <option value={value} selected={value === chosen}>{label}</option>
        ))}
      </select>
    </Labelled>
  );
}

/** A switch. */
export function Check(props: ControlProps) {
  const { frame, form, name, sub = "", label, hint } = props;
  const field = fieldOf(form, name);
  const isWhole = sub === "";
  return (
    <div
      class="field field-check"
      id={controlId("field", controlName(name, sub))}
      {...(isWhole ? swapOf(field, "whole") : {})}
    >
      <label class="check">
        <input type="checkbox" value="on" checked={field.entries.has(sub)} {...aria(props)} />
        <span>{label}</span>
      </label>
      {hint !== undefined && <p class="hint" id={`hint-${idOf(props)}`}>{hint}</p>}
      {isWhole && <Was field={field} />}
      <Note frame={frame} field={field} sub={sub} />
    </div>
  );
}
