// The schema of edits (`schemas/edit.schema.json`) in the form that an OpenAPI document needs: each
// kind of edit a component under its own name, which is then also what the discriminator says.
import edit from "../../schemas/edit.schema.json" with { type: "json" };
import type { JsonSchema } from "./json_schema.ts";

/** `Edit`, a component for each kind of it (`node.add` …), and what these refer to (`EditPoint` …). */
export function editComponents(): Readonly<Record<string, JsonSchema>> {
  const { $defs, oneOf, title, description } = edit;
  const kinds = oneOf.map((kind) => [kind.properties.kind.const, movedRefs(kind)] as const);
  const parts = Object.entries($defs).map(([name, part]) =>
    [partName(name), movedRefs(part)] as const
  );
  return {
    Edit: {
      title,
      description,
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" } },
      discriminator: { propertyName: "kind" },
      oneOf: kinds.map(([name]) => ({ $ref: `#/components/schemas/${name}` })),
    },
    ...Object.fromEntries([...kinds, ...parts]),
  };
}

function partName(name: string): string {
  return `Edit${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The schema with references to `$defs` led to where they are now. */
function movedRefs(schema: object): JsonSchema {
  const moved: unknown = JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key !== "$ref" || typeof value !== "string") return value;
      return `#/components/schemas/${partName(value.replace("#/$defs/", ""))}`;
    }),
  );
  return moved as JsonSchema;
}
