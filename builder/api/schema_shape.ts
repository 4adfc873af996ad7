// A JSON Schema in the few words that a reader needs: `{ name: text, template?: text | null }`.
import type { SchemaShape } from "../../views/schema_shape.tsx";
import type { JsonSchema } from "./json_schema.ts";

const REFERENCE = "#/components/schemas/";

/** The shape, as pieces of text and names of other schemas. */
export function shapeOf(schema: JsonSchema): SchemaShape {
  return joined(schema, "");
}

function joined(schema: JsonSchema, indent: string): SchemaShape {
  const { $ref, type, items, anyOf, oneOf, properties, additionalProperties } = schema;
  if (typeof $ref === "string") return [referenceOf($ref)];
  const choices = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : undefined;
  if (choices) return between(choices.map((choice) => joined(choice, indent)), " | ");
  if ("const" in schema) return [JSON.stringify(schema.const)];
  if (Array.isArray(schema.enum)) {
    return [schema.enum.map((word) => JSON.stringify(word)).join(" | ")];
  }
  const names = Array.isArray(type) ? type : [type];
  return between(
    names.map((name): SchemaShape => {
      if (name === "array") return ["[", ...joined(asSchema(items), indent), "]"];
      if (name !== "object") {
        return [name === "string" ? stringShape(schema) : String(name ?? "any")];
      }
      if (properties) return objectShape(schema, indent);
      const values = asSchema(additionalProperties);
      return Object.keys(values).length === 0
        ? ["object"]
        : ["{ [name]: ", ...joined(values, indent), " }"];
    }),
    " | ",
  );
}

function stringShape({ format }: JsonSchema): string {
  return format === "date-time" ? "time" : "text";
}

function referenceOf($ref: string): SchemaShape[number] {
  const [name = "", ...rest] = $ref.replace(REFERENCE, "").split("/");
  const label = rest.length === 0 ? name : `${name}: ${rest.at(-1)}`;
  return { name, label };
}

function objectShape(schema: JsonSchema, indent: string): SchemaShape {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const inner = `${indent}  `;
  const members = Object.entries(asSchema(schema.properties)).flatMap(
    ([name, member]): SchemaShape => {
      const { description } = asSchema(member);
      const remark = typeof description === "string" ? `  — ${description}` : "";
      const key = `\n${inner}${name}${required.includes(name) ? "" : "?"}: `;
      return [key, ...joined(asSchema(member), inner), remark];
    },
  );
  return members.length === 0 ? ["{}"] : ["{", ...members, `\n${indent}}`];
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function between(shapes: readonly SchemaShape[], mark: string): SchemaShape {
  return shapes.flatMap((shape, index) => index === 0 ? shape : [mark, ...shape]);
}
