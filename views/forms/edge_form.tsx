// The form of an edge. The builder of a comparison fills in the expression, in the browser or by a
// button of the form.
import type { Frame } from "../frame.ts";
import { Check, Select, TextArea, TextField } from "./controls.tsx";
import type { FormState } from "./form_state.ts";
import { Section } from "./section.tsx";

/** Props of `EdgeFields`. */
export interface EdgeFieldsProps {
  readonly frame: Frame;
  readonly form: FormState;
  readonly nodes: readonly { readonly id: string; readonly name: string }[];
  /** Names that an expression may use. */
  readonly variables: readonly string[];
}

/** The fields of an edge. */
export function EdgeFields({ frame, form, nodes, variables }: EdgeFieldsProps) {
  const { form: texts } = frame.texts;
  const common = { frame, form };
  const options = nodes.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <Section title={texts.basics}>
        <TextField {...common} name="label" label={texts.label} hint={texts.labelHint} />
        <Check {...common} name="isDefault" label={texts.isDefault} hint={texts.isDefaultHint} />
        <div class="pair">
          <Select {...common} name="from" label={texts.edgeFrom} options={options} />
          <Select {...common} name="to" label={texts.edgeTo} options={options} />
        </div>
      </Section>
      <Section title={texts.condition}>
        <TextArea
          {...common}
          name="conditionText"
          label={texts.conditionText}
          hint={texts.conditionTextHint}
          kind="prose"
        />
        <TextArea
          {...common}
          name="conditionExpr"
          label={texts.conditionExpr}
          hint={texts.conditionExprHint}
          kind="code"
          rows={3}
          placeholder='{">=": [{"var": "score"}, 8]}'
        />
        <Comparison frame={frame} variables={variables} />
      </Section>
    </>
  );
}

/** Operators of JSONLogic by what the person chooses. */
const OPERATORS = [
  ["==", "isEqual"],
  ["!=", "isNotEqual"],
  [">", "isGreater"],
  [">=", "isAtLeast"],
  ["<", "isLess"],
  ["<=", "isAtMost"],
  ["in", "isIn"],
  ["!!", "isSet"],
] as const;

function Comparison({ frame, variables }: Pick<EdgeFieldsProps, "frame" | "variables">) {
  const { form: texts } = frame.texts;
  return (
    <fieldset class="field-group comparison">
      <legend class="label">{texts.compare}</legend>
      <p class="hint">{texts.compareHint}</p>
      <div class="triple">
        <input
          class="input"
          name="compare.variable"
          list="variable-names"
          autocomplete="off"
          aria-label={texts.compareVariable}
          placeholder={texts.compareVariable}
          data-quiet
        />
        <select
          class="select"
          name="compare.operator"
          aria-label={texts.compareOperator}
          data-quiet
        >
          {OPERATORS.map(([value, key]) => <option value={value}>{texts[key]}</option>)}
        </select>
        <input
          class="input"
          name="compare.value"
          autocomplete="off"
          aria-label={texts.compareValue}
          placeholder={texts.compareValue}
          data-quiet
        />
        <button type="submit" class="button" name="compare" value="use">{texts.compareUse}</button>
      </div>
      <datalist id="variable-names">
        {variables.map((name) => <option value={name}></option>)}
      </datalist>
    </fieldset>
  );
}
