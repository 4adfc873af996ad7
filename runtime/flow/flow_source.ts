// What a folder of flow sources holds once it is read. Types only: reading is `read_flow_source.ts`,
// and no secret is ever part of it (`FlowSecrets` is handed on apart).
import type { Finding } from "../../schemas/finding.ts";
import type { PresetName } from "../../schemas/profile.ts";

/** Everything a flow is made of. Plain data: it survives `JSON.stringify`, so a generator can embed it. */
export interface FlowSource {
  /** Ordered by file name; ids are unique. */
  readonly agents: readonly FlowAgent[];
  /** In the order of `workflow.yaml`; without one, the derived `default`. */
  readonly flows: readonly FlowDefinition[];
  /** In the order of `tools.yaml`. */
  readonly tools: readonly FlowTool[];
  /** Texts of the tools' modules by path below the folder, such as `utils/text.js`; imports included. */
  readonly modules: Readonly<Record<string, string>>;
  readonly config: RuntimeConfig;
  /** Everything that is wrong or doubtful, by file and line. With an error nothing may be run. */
  readonly findings: readonly Finding[];
}

/** One agent: a Markdown file. */
export interface FlowAgent {
  readonly id: string;
  /** Below the folder of the sources, with `/`. */
  readonly file: string;
  readonly description: string;
  readonly formatVersion: "1.0" | "2.0";
  /** The prompt: the file's body, trimmed. */
  readonly body: string;
  /** One paragraph a field, such as `Role: …`; empty without a persona. */
  readonly persona: string;
  /** Names of `tools.yaml`, of built-in tools (`fs_read`, `memory_set`, …) or of MCP servers (`mcp:ID`). */
  readonly tools: readonly string[];
  readonly memory: AgentMemory;
  readonly waitFor: WaitFor;
  /** May it run beside its neighbours? `null` leaves that to `workflow.yaml`. */
  readonly parallel: boolean | null;
  readonly tasks: readonly FlowText[];
  readonly checklists: readonly FlowText[];
  readonly templates: readonly FlowText[];
  /** What a person can ask of the agent, one text each; shown, never run. */
  readonly commands: readonly string[];
  /** Documents the result is stored as, besides `{story_id}__{agent_id}`. */
  readonly creates: readonly string[];
  /** Documents handed to the agent if they exist; never waited for. */
  readonly reads: readonly string[];
  /** Documents that are both read and written anew. */
  readonly updates: readonly string[];
}

/** Which memory an agent sees: its own in each story, or one shared by name. */
export type AgentMemory =
  | { readonly kind: "isolated" }
  | { readonly kind: "shared"; readonly namespace: string };

/** What an agent needs before it can begin. */
export interface WaitFor {
  /** Document names, without `.md`; `requires` of the richer form counts here. */
  readonly docs: readonly string[];
  readonly agents: readonly string[];
}

/** A task, checklist or template that an agent names. */
export interface FlowText {
  /** As the agent names it, without `.md`. */
  readonly name: string;
  /** Below the folder of the sources. */
  readonly file: string;
  readonly text: string;
}

/** A flow of `workflow.yaml`, both forms in one; or the derived `default`. */
export interface FlowDefinition {
  readonly name: string;
  readonly description: string;
  /** Groups in order. More than one agent run side by side only if `parallel`. */
  readonly steps: readonly FlowStep[];
  /** True for the `default` that follows from `wait_for` and `parallel` alone. */
  readonly derived: boolean;
  /**
   * The edges of a package's workflow, of which the first agent of the first step is the entry. Only
   * generated projects have them and follow them; the engine by itself goes by `steps`.
   */
  readonly ways?: readonly FlowWay[];
  /** What conditions of ways begin with; the input of a story and its answers go before. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** An edge of a workflow's graph. */
export interface FlowWay {
  readonly from: string;
  readonly to: string;
  /** The edge's label, told apart from others of the same agent. */
  readonly action: string;
  readonly isDefault: boolean;
  /** JSONLogic over the story's variables; `null` without a condition. */
  readonly condition: Readonly<Record<string, unknown>> | null;
}

/** One step of a flow. */
export interface FlowStep {
  readonly name: string;
  readonly agents: readonly string[];
  readonly parallel: boolean;
}

/** A function of a project's module, offered to models under `name`. */
export interface FlowTool {
  readonly name: string;
  readonly description: string;
  /** A key of `FlowSource.modules`. */
  readonly module: string;
  /** Name of the exported function; it gets the arguments as one object. */
  readonly call: string;
  /** JSON Schema of type object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `tools.yaml` itself says what the parameters are; else they were read off the function. */
  readonly declaresParameters?: true;
}

/** What to do when a document of `wait_for.docs` is missing. */
export type OnMissingDoc = "wait" | "skip" | "error";

/** `runtime.yaml` with its defaults, `.env` and the environment applied. Holds no secret. */
export interface RuntimeConfig {
  readonly llm: LlmConfig;
  readonly memory: MemoryConfig;
  readonly onMissingDoc: OnMissingDoc;
  readonly retry: {
    /** Requests in all, at least 1. */
    readonly attempts: number;
    readonly minMs: number;
    readonly maxMs: number;
  };
  readonly limits: {
    /** Agents that run at a time in one flow. */
    readonly workers: number;
    readonly bodyBytes: number;
    /** For one agent, its tool calls included. */
    readonly requestMs: number;
  };
  /** As written: relative to the project's root, or absolute. */
  readonly docsDir: string;
  readonly corsOrigins: readonly string[];
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly port: number;
}

/** The model. `echo` repeats what it was asked and labels the answer as such; `TESTING=1` selects it. */
export interface LlmConfig {
  readonly provider: PresetName | "echo";
  /** Empty if nobody has named one: then every request fails. */
  readonly model: string;
  /** `null` takes that of the provider. */
  readonly baseUrl: string | null;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
}

/** Where memory lives. */
export interface MemoryConfig {
  readonly backend: "file" | "redis";
  /** As written: relative to the project's root, or absolute. */
  readonly path: string;
  readonly redis: {
    readonly poolSize: number;
    readonly ttlSeconds: number;
    readonly keyPrefix: string;
  };
}

/** What must never be written anywhere. A value may be absent. */
export interface FlowSecrets {
  readonly apiKey?: string;
  /** May hold a password. `redis://127.0.0.1:6379` unless told. */
  readonly redisUrl: string;
  /** Bearer token of the service. */
  readonly flowsToken?: string;
}
