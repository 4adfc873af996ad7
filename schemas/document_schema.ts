// Which JSON Schema belongs to which document, and the part of a schema that our own readers walk.
// Not here: validation (`validate.ts`).
import agents from "./agents.schema.json" with { type: "json" };
import bmad from "./bmad.schema.json" with { type: "json" };
import edit from "./edit.schema.json" with { type: "json" };
import engineLimits from "./engine_limits.schema.json" with { type: "json" };
import mcpServers from "./mcp_servers.schema.json" with { type: "json" };
import profiles from "./profiles.schema.json" with { type: "json" };
import runEvent from "./run_event.schema.json" with { type: "json" };
import skill from "./skill.schema.json" with { type: "json" };
import step from "./step.schema.json" with { type: "json" };
import toolPolicy from "./tool_policy.schema.json" with { type: "json" };
import workflowGraph from "./workflow_graph.schema.json" with { type: "json" };
import workflowState from "./workflow_state.schema.json" with { type: "json" };

/** The keywords that our readers look at; a schema may hold more. */
export interface DocumentSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, DocumentSchema>>;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, DocumentSchema>>;
  readonly items?: DocumentSchema;
}

const SCHEMAS = {
  bmad,
  workflow_graph: workflowGraph,
  agents,
  workflow_state: workflowState,
  step,
  skill,
  run_event: runEvent,
  tool_policy: toolPolicy,
  mcp_servers: mcpServers,
  profiles,
  engine_limits: engineLimits,
  edit,
} as const;

/** The documents that have a schema: `<kind>.schema.json` beside this file. */
export type DocumentKind = keyof typeof SCHEMAS;

/** The JSON Schema (2020-12) of a kind of document. */
export function documentSchema(kind: DocumentKind): DocumentSchema {
  return SCHEMAS[kind] as DocumentSchema;
}

/** The schema behind a `$ref` to one of the document's own `$defs`; else the schema itself. */
export function resolveSchema(root: DocumentSchema, schema: DocumentSchema): DocumentSchema {
  const name = schema.$ref?.replace("#/$defs/", "");
  return (name !== undefined && root.$defs?.[name]) || schema;
}

/** The schema of a property that the schema names; `undefined` for an unknown key. */
export function propertySchema(schema: DocumentSchema, key: string): DocumentSchema | undefined {
  const { properties } = schema;
  return properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
