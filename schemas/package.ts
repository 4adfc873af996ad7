// The documents of a `.bmad` package as types. The JSON Schemas beside this file are the contract;
// these types say the same after lenient reading (empty optional strings dropped; defaults are not
// filled in).

/** `bmad.json`. */
export interface Manifest {
  schemaVersion: string;
  name: string;
  version: string;
  description?: string;
  author?: string;
  createdAt?: string;
  entry: ManifestEntry;
  workflows?: ManifestWorkflow[];
  runtime?: { minRuntimeVersion?: string; requiresNetwork?: boolean };
  integrity?: { sha256?: string };
}

/** Where the default workflow and the agents are. */
export interface ManifestEntry {
  workflow: string;
  graph: string;
  agents: string;
  assetsDir?: string;
}

/** One workflow of a package of form B. */
export interface ManifestWorkflow {
  id: string;
  workflow: string;
  graph: string;
  displayName?: string;
  description?: string;
  tags?: string[];
}

/** The kinds of node. */
export type NodeType = "step" | "decision" | "merge" | "end" | "subworkflow";

/** A node of `workflow.graph.json`. */
export interface GraphNode {
  id: string;
  type: NodeType;
  file: string;
  title?: string;
  description?: string;
  agentId?: string;
  inputs?: string[];
  outputs?: string[];
  /** 1.2: a `workflows[].id`. */
  subworkflowRef?: string;
  /** 1.2: the child's variables are merged into the caller's on return. */
  passContext?: boolean;
}

/** An allowed transition. */
export interface GraphEdge {
  from: string;
  to: string;
  label: string;
  id?: string;
  isDefault?: boolean;
  conditionText?: string;
  /** JSONLogic over the run's variables. */
  conditionExpr?: Record<string, unknown>;
}

/** `workflow.graph.json`: the authority on nodes, edges and allowed transitions. */
export interface WorkflowGraph {
  schemaVersion: string;
  entryNodeId: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
  metadata?: Record<string, unknown>;
}

/** `agents.json`. */
export interface AgentsDocument {
  schemaVersion: string;
  agents: Agent[];
}

/** A persona with its menu and tool policy. */
export interface Agent {
  id: string;
  metadata: {
    name: string;
    title: string;
    icon: string;
    module?: string;
    description?: string;
    sourceId?: string;
  };
  persona: {
    role: string;
    identity: string;
    communication_style: string;
    principles: string | string[];
  };
  critical_actions?: string[];
  prompts?: AgentPrompt[];
  menu?: MenuItem[];
  systemPrompt?: string;
  userPromptTemplate?: string;
  discussion?: boolean;
  webskip?: boolean;
  conversational_knowledge?: Record<string, unknown>[];
  tools?: AgentTools;
  /** 1.2. */
  skills?: AgentSkills;
}

/** A named prompt of an agent, the target of a menu's `#id`. */
export interface AgentPrompt {
  id: string;
  content: string;
  description?: string;
}

/** A menu item; unknown keys survive a round trip. */
export interface MenuItem {
  description: string;
  trigger?: string;
  triggers?: Record<string, unknown>[];
  workflow?: string;
  exec?: string;
  action?: string;
  data?: string;
  "validate-workflow"?: string;
  "ide-only"?: boolean;
  "web-only"?: boolean;
  [key: string]: unknown;
}

/** An agent's tool policy: it can only tighten the system's settings. */
export interface AgentTools {
  fs?: { enabled?: boolean; maxReadBytes?: number; maxWriteBytes?: number };
  mcp?: { enabled?: boolean; allowedServers?: string[] };
  /** 1.2: `csv.read`; off unless enabled. */
  csv?: { enabled?: boolean };
  /** 1.2: `js.run`; off unless enabled. */
  js?: { enabled?: boolean };
  /**
   * 1.2: `terminal.run`; off unless enabled here and by the installation. `allow` names programs,
   * each alone (`git`) or with the first arguments that a call has to have (`git status`).
   */
  terminal?: { enabled?: boolean; allow?: string[] };
}

/** 1.2: what an agent can take up when the work asks for it. Open: unknown keys survive. */
export interface AgentSkills {
  capabilities?: {
    /** `enabled: false` switches the file tools off, as `tools.fs` does. */
    filesystem?: SkillCapability;
    /** Known to the format; this runtime does not offer it. */
    python?: SkillCapability;
    /** Known to the format; this runtime does not offer it. */
    browser?: SkillCapability;
    [key: string]: unknown;
  };
  imports?: SkillImport[];
  [key: string]: unknown;
}

/** A switch of `skills.capabilities`. */
export interface SkillCapability {
  enabled?: boolean;
  [key: string]: unknown;
}

/** A skill that an agent has. */
export interface SkillImport {
  /** The name it has for this agent, instead of the one in its SKILL.md. */
  name?: string;
  /** A folder below the assets with a `SKILL.md`, relative to the package. */
  source: string;
  [key: string]: unknown;
}

/** Front matter of a `SKILL.md`. Open: unknown keys survive. */
export interface SkillFrontMatter {
  name: string;
  description: string;
  "allowed-tools"?: string | string[];
  [key: string]: unknown;
}

/** An entry of `decisionLog`. */
export interface DecisionLogEntry {
  from: string;
  to: string;
  label: string;
  reason?: string;
  decidedAt?: string;
}

/** Front matter of `workflow.md`: the state of a run. Open: unknown keys survive. */
export interface WorkflowState {
  schemaVersion: string;
  workflowType: string;
  stepsCompleted: string[];
  /** Empty means the entry node. */
  currentNodeId: string;
  runId?: string;
  project_name?: string;
  user_name?: string;
  date?: string;
  updatedAt?: string;
  variables?: Record<string, unknown>;
  decisionLog?: DecisionLogEntry[];
  artifacts?: string[];
  inputDocuments?: string[];
  [key: string]: unknown;
}

/** Front matter of a step file. Open: unknown keys survive. */
export interface StepFrontMatter {
  schemaVersion: string;
  nodeId: string;
  type: NodeType;
  title?: string;
  agentId?: string;
  inputs?: string[];
  outputs?: string[];
  setsVariables?: string[];
  transitions?: { to: string; label: string; isDefault?: boolean; conditionText?: string }[];
  /** 1.2. */
  checks?: StepCheck[];
  [key: string]: unknown;
}

/** 1.2: what has to hold before a node is left. Names one output or one variable. */
export interface StepCheck {
  /** As in the node's `outputs`, `{{variable}}` included. */
  output?: string;
  variable?: string;
  exists?: true;
  nonEmpty?: true;
  /** RE2; `^` and `$` match at the ends of each line. */
  matches?: string;
  notMatches?: string;
  headings?: string[];
  minBytes?: number;
  maxBytes?: number;
  range?: { min?: number; max?: number };
  /** JSON Schema 2020-12. */
  jsonSchema?: Record<string, unknown>;
}
