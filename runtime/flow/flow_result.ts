// What a flow answers: results, events, requests. The fields bear the names of the flow API (`flows.md`,
// REST), since these values are stored and sent as they are.
import type { ErrorCode } from "../../schemas/error.ts";

/** What a caller wants of a flow. Ids are checked (`flow_id.ts`). */
export interface FlowRequest {
  readonly flow: string;
  readonly story_id: string;
  /** Any JSON value; `undefined` goes on with the input that the story has. */
  readonly input: unknown;
}

/** What a caller wants of one agent. Nothing is remembered: the same request asks the model the same. */
export interface AgentRequest {
  readonly instruction: string;
  /** Document name → Markdown. */
  readonly documents: Readonly<Record<string, string>>;
  /** Any JSON the caller wants the agent to know. */
  readonly context_data: Readonly<Record<string, unknown>>;
  /** Names the execution in memory scopes and logs. */
  readonly execution_id: string;
}

/** `skipped`: it depends on an agent that did not complete; only inside a flow. */
export type AgentStatus = "completed" | "needs_input" | "failed" | "skipped";

/** What became of one agent. */
export interface AgentResult {
  readonly status: AgentStatus;
  /** Markdown; empty unless completed. */
  readonly content: string;
  /** One line: of the content, or why there is none. */
  readonly summary: string;
  /** What the agent asked for, or the documents that are missing. */
  readonly missing_inputs: readonly string[];
  readonly metadata: AgentMetadata;
}

/** Facts about an execution. What does not apply is absent. */
export interface AgentMetadata {
  readonly agent: string;
  readonly started_at: string;
  readonly completed_at: string;
  readonly duration_ms: number;
  readonly model?: string;
  readonly provider?: string;
  readonly tokens?: { readonly input: number; readonly output: number };
  readonly tool_calls?: readonly ToolCallNote[];
  readonly checklists?: readonly ChecklistReport[];
  readonly documents?: readonly string[];
  /** Why it failed or was skipped. */
  readonly error?: FlowFault;
  /** Requests to the model that failed and were tried again. */
  readonly retries?: number;
}

/** One tool call of an agent. */
export interface ToolCallNote {
  readonly name: string;
  readonly ok: boolean;
}

/** A checklist against the output. */
export interface ChecklistReport {
  readonly checklist: string;
  readonly passed: number;
  readonly total: number;
  readonly items: readonly ChecklistItem[];
}

/** `met` is null where neither the shell nor the agent's own answer says. */
export interface ChecklistItem {
  readonly text: string;
  readonly met: boolean | null;
}

/** An error as data. No stack, no path of the machine, no secret. */
export interface FlowFault {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What a flow answers. `success` means that every agent completed. */
export interface FlowResult {
  readonly status: "success" | "pending" | "error";
  /** By agent, in the order of the plan; only those that were reached. */
  readonly results: Readonly<Record<string, AgentResult>>;
  /** Names as in `wait_for.docs`, sorted. */
  readonly pending_docs: readonly string[];
  readonly error: FlowFault | null;
}

/** What happens while a flow runs, in order; agents of one stage are mixed. `type` is the SSE event. */
export type FlowEvent =
  | {
    readonly type: "flow_started";
    readonly flow: string;
    readonly story_id: string;
    /** In the order of the plan. */
    readonly agents: readonly string[];
  }
  | { readonly type: "agent_started"; readonly agent: string }
  | {
    /** A piece of the answer. After a retry (`restarted`) it begins anew. */
    readonly type: "agent_delta";
    readonly agent: string;
    readonly text: string;
    readonly restarted?: true;
  }
  | {
    /** Also for results that the story already had: then `resumed`. */
    readonly type: "agent_completed";
    readonly agent: string;
    readonly status: AgentStatus;
    readonly duration_ms: number;
    readonly result: AgentResult;
    readonly resumed?: true;
  }
  | ({ readonly type: "flow_completed" } & FlowResult);

/** Told of every event, at once and in order; must not throw. */
export type FlowListener = (event: FlowEvent) => void;

/** A story as outside schedulers see it. */
export interface StoryState {
  readonly flow: string;
  readonly story_id: string;
  readonly status: "running" | FlowResult["status"];
  readonly input: unknown;
  /** By agent; agents that were not reached are absent. */
  readonly results: Readonly<Record<string, AgentResult>>;
  readonly pending_docs: readonly string[];
  readonly started_at: string;
  readonly updated_at: string;
}
