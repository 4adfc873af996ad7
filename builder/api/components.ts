// What the API speaks of, as JSON Schemas: the source of validation and of `openapi.json`. Everything
// that an answer holds is always there; what is not known is `null`.
import { editComponents } from "./edit_components.ts";
import {
  anyObject,
  count,
  flag,
  type JsonSchema,
  list,
  orNull,
  record,
  ref,
  sha256,
  text,
  time,
} from "./json_schema.ts";
import { PROJECT_COMPONENTS } from "./project_components.ts";
import { runComponents } from "./run_components.ts";
import { SETTING_COMPONENTS } from "./setting_components.ts";

const account: JsonSchema = record({
  userId: text(),
  username: text(),
  role: text({ enum: ["owner", "member"] }),
  createdAt: time,
  disabledAt: orNull(time),
});

const apiToken = {
  tokenId: text(),
  name: text(),
  createdAt: time,
  lastUsedAt: orNull(time),
  expiresAt: orNull(time),
};

const packageCard = {
  packageId: text(),
  name: text(),
  version: text(),
  description: text(),
  workflows: list(record({ workflowId: text(), title: text() })),
  revision: { ...count, description: "Number of the last change; 0 before the first." },
  createdAt: time,
  updatedAt: time,
  deletedAt: orNull(time),
};

const finding: JsonSchema = record({
  severity: text({ enum: ["error", "warning"] }),
  code: text(),
  file: text(),
  pointer: orNull(text()),
  line: orNull(count),
  column: orNull(count),
  message: text(),
  hint: text(),
});

const revision: JsonSchema = record({
  revision: count,
  kind: text({ enum: ["edit", "undo", "redo"] }),
  scope: text({ description: "workflow:ID, agent:ID, file:PATH or package" }),
  summary: text(),
  userId: text(),
  createdAt: time,
  state: text({ enum: ["done", "undone", "dropped"] }),
  ofRevision: orNull(count),
});

const touched: JsonSchema = record({
  workflowId: orNull(text()),
  nodeIds: list(text()),
  removedNodeIds: list(text()),
  edgeRefs: list(text()),
  removedEdgeRefs: list(text()),
  newNodeIds: list(text()),
  agentIds: list(text()),
  isPackageChanged: flag,
});

const version: JsonSchema = record({
  versionId: text(),
  label: text(),
  notes: text(),
  createdAt: time,
  revision: count,
});

const fileDifference: JsonSchema = record({
  path: text(),
  kind: text({ enum: ["added", "removed", "changed"] }),
  before: orNull(sha256),
  after: orNull(sha256),
  lines: { ...orNull(list(text())), description: "A unified diff; null for what is no text." },
});

const listedWorkflow = {
  workflowId: text(),
  displayName: text(),
  description: orNull(text()),
  tags: list(text()),
  isDefault: flag,
  documentPath: text(),
  graphPath: text(),
};

const node: JsonSchema = record({
  nodeId: text(),
  type: text({ enum: ["step", "decision", "merge", "end", "subworkflow"] }),
  title: orNull(text()),
  description: orNull(text()),
  agentId: orNull(text()),
  inputs: list(text()),
  outputs: list(text()),
  subworkflowRef: orNull(text()),
  passContext: orNull(flag),
  at: record({ x: { type: "number" }, y: { type: "number" } }),
  path: { ...orNull(text()), description: "Its step file; null if that is missing." },
});

const edge: JsonSchema = record({
  edge: text({ description: "Names the edge in edits." }),
  from: text(),
  to: text(),
  label: text(),
  isDefault: flag,
  conditionText: orNull(text()),
  conditionExpr: orNull(anyObject),
});

const workflow: JsonSchema = record({
  ...listedWorkflow,
  revision: count,
  workflowType: orNull(text()),
  goal: orNull(text()),
  howToExecute: orNull(text()),
  variables: anyObject,
  inputDocuments: list(text()),
  entryNodeId: text(),
  isEditable: { ...flag, description: "False while its graph has to be mended as a file first." },
  nodes: list(ref("Node")),
  edges: list(ref("Edge")),
});

const listedAgent = {
  agentId: text(),
  name: text(),
  title: text(),
  icon: text(),
  nodeCount: count,
};

const file: JsonSchema = record({
  path: text(),
  role: text({ enum: ["manifest", "agents", "graph", "document", "step", "asset"] }),
  workflowId: orNull(text()),
  nodeId: orNull(text()),
  sizeBytes: count,
  sha256,
});

/** The schemas by the names under which others refer to them. */
export const COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  Error: record({
    data: { type: "null" },
    error: record({
      code: text({ description: "A word that never changes its meaning." }),
      message: text(),
      details: orNull(anyObject),
    }),
  }),
  Account: account,
  ApiToken: record(apiToken),
  NewApiToken: record({ ...apiToken, token: text({ description: "Shown only here." }) }),
  Login: record({
    token: text({ description: "A JWT for the header Authorization: Bearer TOKEN." }),
    expiresAt: time,
    account: ref("Account"),
  }),
  Template: record({ name: text(), description: text() }),
  PackageCard: record(packageCard),
  Package: record({
    ...packageCard,
    schemaVersion: text(),
    author: orNull(text()),
    minRuntimeVersion: orNull(text()),
    requiresNetwork: flag,
  }),
  Finding: finding,
  Import: record({
    package: ref("PackageCard"),
    renamedFrom: { ...orNull(text()), description: "Its own name, where that was taken." },
    findings: list(ref("Finding")),
  }),
  Revision: revision,
  Touched: touched,
  EditOutcome: record({
    revision: count,
    summary: text(),
    scope: text(),
    changedPaths: list(text()),
    touched: ref("Touched"),
  }),
  StepOutcome: record({ step: ref("Revision"), changedPaths: list(text()) }),
  Version: version,
  FileDifference: fileDifference,
  WorkflowCard: record({ ...listedWorkflow, nodeCount: count }),
  Workflow: workflow,
  Node: node,
  Edge: edge,
  AgentCard: record(listedAgent),
  Agent: record({
    ...listedAgent,
    revision: count,
    definition: { ...anyObject, description: "As it stands in agents.json." },
  }),
  File: file,
  ...editComponents(),
  ...SETTING_COMPONENTS,
  ...PROJECT_COMPONENTS,
  ...runComponents(),
};
