// The fields of a form question by its JSON Schema: one level of texts, numbers, yes or no, and
// choices; anything deeper is written as JSON. `readFields` in `builder/form_answer.ts` reads them.
import type { Texts } from "../text/texts.ts";

interface Property {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly isRequired: boolean;
}

/** Fields named `field.` and the property's name. */
export function SchemaFields(
  { schema, texts }: { schema: Readonly<Record<string, unknown>>; texts: Texts },
) {
  return (
    <div class="stack">{propertiesOf(schema).map((one) => <Field {...one} texts={texts} />)}</div>
  );
}

function propertiesOf(schema: Readonly<Record<string, unknown>>): Property[] {
  const properties = isMap(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, value]) => {
    const property = isMap(value) ? value : {};
    return {
      name,
      title: typeof property.title === "string" ? property.title : name,
      description: typeof property.description === "string" ? property.description : "",
      schema: property,
      isRequired: required.includes(name),
    };
  });
}

function Field(props: Property & { readonly texts: Texts }) {
  const { name, title, description, schema, texts } = props;
  const id = `field-${name}`;
  if (schema.type === "boolean") {
    return (
      <div class="field">
        <label class="check" for={id}>
          <input
            id={id}
            type="checkbox"
            name={`field.${name}`}
            value="true"
            checked={schema.default === true}
          />
          {title}
        </label>
        {description && <span class="hint">{description}</span>}
      </div>
    );
  }
  return (
    <div class="field">
      <label for={id}>{title}</label>
      <Input {...props} id={id} />
      {description && <span class="hint">{description}</span>}
      {isDeep(schema) && <span class="hint">{`JSON · ${texts.run.answer}`}</span>}
    </div>
  );
}

function Input({ name, schema, isRequired, id }: Property & { readonly id: string }) {
  const field = { id, name: `field.${name}`, required: isRequired };
  const { default: preset } = schema;
  const value = preset === undefined
    ? ""
    : typeof preset === "string"
    ? preset
    : JSON.stringify(preset);
  if (Array.isArray(schema.enum)) {
    return (
      <select class="select" {...field}>
        {!isRequired && <option value=""></option>}
        {schema.enum.map((option) => {
          const text = typeof option === "string" ? option : JSON.stringify(option);
          return <option value={text} selected={text === value}>{text}</option>;
        })}
      </select>
    );
  }
  if (schema.type === "number" || schema.type === "integer") {
    const step = schema.type === "integer" ? "1" : "any";
    return <input class="input" type="number" step={step} value={value} {...field} />;
  }
  if (isDeep(schema)) return <textarea class="textarea code" rows={4} {...field}>{value}</textarea>;
  return <textarea class="textarea" rows={2} {...field}>{value}</textarea>;
}

function isDeep({ type }: Readonly<Record<string, unknown>>): boolean {
  return type === "object" || type === "array";
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
