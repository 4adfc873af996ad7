// The checks of a node (`docs/checks.md`): what each output or variable must be like.
import type { Frame } from "../frame.ts";
import { Check, TextArea, TextField } from "./controls.tsx";
import { fieldOf, type FieldState, type FormState } from "./form_state.ts";
import { ItemList } from "./item_list.tsx";

/** Props of `CheckList`. */
export interface CheckListProps {
  readonly frame: Frame;
  readonly form: FormState;
  /** What a check may name. */
  readonly outputs: readonly string[];
  readonly variables: readonly string[];
}

/** The list of checks. */
export function CheckList({ frame, form, outputs, variables }: CheckListProps) {
  const { form: texts } = frame.texts;
  const field = fieldOf(form, "checks");
  return (
    <section class="form-section">
      <ItemList
        frame={frame}
        form={form}
        name="checks"
        label={texts.checks}
        hint={texts.checksHint}
        add={texts.addCheck}
        itemName={(index) => texts.checkNamed(index + 1)}
        item={(at) => <CheckItem frame={frame} form={form} field={field} at={at} />}
      />
      <Names form={form} id="node-outputs" names={outputs} />
      <Names form={form} id="node-variables" names={variables} />
    </section>
  );
}

function Names(props: { form: FormState; id: string; names: readonly string[] }) {
  const swap = props.form.isAnswer ? { "hx-swap-oob": "true" } : {};
  return (
    <datalist id={props.id} {...swap}>
      {props.names.map((name) => <option value={name}></option>)}
    </datalist>
  );
}

interface CheckItemProps extends Pick<CheckListProps, "frame" | "form"> {
  readonly field: FieldState;
  readonly at: (key: string) => string;
}

const RARE = [
  "matches",
  "notMatches",
  "headings",
  "minBytes",
  "maxBytes",
  "min",
  "max",
  "jsonSchema",
];

function CheckItem({ frame, form, field, at }: CheckItemProps) {
  const { form: texts } = frame.texts;
  const common = (key: string) => ({ frame, form, name: "checks", sub: at(key) });
  const isUsed = RARE.some((key) => field.entries.get(at(key)) || field.faults.has(at(key)));
  return (
    <>
      <div class="pair">
        <TextField {...common("output")} label={texts.checkOutput} list="node-outputs" isCode />
        <TextField
          {...common("variable")}
          label={texts.checkVariable}
          list="node-variables"
          isCode
        />
      </div>
      <div class="row">
        <Check {...common("exists")} label={texts.exists} />
        <Check {...common("nonEmpty")} label={texts.nonEmpty} />
      </div>
      <details class="more" open={isUsed} data-keep={`checks-${at("more")}`}>
        <summary>{texts.moreConditions}</summary>
        <TextField {...common("matches")} label={texts.matches} hint={texts.patternHint} isCode />
        <TextField {...common("notMatches")} label={texts.notMatches} isCode />
        <TextArea
          {...common("headings")}
          label={texts.headings}
          hint={texts.headingsHint}
          kind="list"
        />
        <div class="pair">
          <TextField {...common("minBytes")} label={texts.minBytes} inputmode="numeric" />
          <TextField {...common("maxBytes")} label={texts.maxBytes} inputmode="numeric" />
        </div>
        <div class="pair">
          <TextField {...common("min")} label={texts.rangeMin} inputmode="decimal" />
          <TextField {...common("max")} label={texts.rangeMax} inputmode="decimal" />
        </div>
        <TextArea
          {...common("jsonSchema")}
          label={texts.jsonSchema}
          hint={texts.jsonSchemaHint}
          kind="code"
        />
      </details>
    </>
  );
}
