// A run as it is told on its page: plain data, made from its events by `builder/tell_run.ts`.
import type {
  Answer,
  ApprovalDecision,
  ApprovalRequest,
  Question,
} from "../../schemas/question.ts";
import type { NodeType } from "../../schemas/package.ts";
import type { RunPhase } from "../../schemas/run_event.ts";
import type { ToolResult } from "../../schemas/tool.ts";

/** One entry of the conversation. */
export interface TaleItem {
  /** Of its first event: its name on the page. */
  readonly seq: number;
  /** Of the last event that changed it. */
  readonly lastSeq: number;
  readonly at: string;
  readonly body: TaleBody;
}

/** What an entry tells. */
export type TaleBody =
  | NodeBody
  | SaidBody
  | CallBody
  | QuestionBody
  | ApprovalBody
  | { readonly kind: "input"; readonly text: string }
  | NoteBody;

/** A visit of a node begins. */
export interface NodeBody {
  readonly kind: "node";
  readonly nodeId: string;
  readonly title: string;
  readonly type: NodeType;
  readonly depth: number;
  readonly agentId: string | undefined;
}

/** The model's words; never empty in both. */
export interface SaidBody {
  readonly kind: "said";
  readonly text: string;
  readonly thinking: string;
  readonly repairs: readonly string[];
}

/** A tool call, and its result once it is there. */
export interface CallBody {
  readonly kind: "call";
  readonly callId: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result?: ToolResult;
  readonly durationMs?: number;
}

/** A question, and its answer once it is there. */
export interface QuestionBody {
  readonly kind: "question";
  readonly callId: string;
  readonly question: Question;
  readonly answer?: Answer;
  readonly by?: "person" | "answers" | "simulation";
}

/** A call that needs consent, and the decision once it is there. */
export interface ApprovalBody {
  readonly kind: "approval";
  readonly approval: ApprovalRequest;
  readonly decision?: ApprovalDecision;
}

/** A line of the shell's own. `detail` is its words or a name, as `note` needs it. */
export interface NoteBody {
  readonly kind: "note";
  readonly note:
    | "started"
    | "simulated"
    | "resumed"
    | "forked"
    | "left"
    | "called"
    | "returned"
    | "nudged"
    | "trimmed"
    | "retried"
    | "rejected"
    | "damaged"
    | "breakpoints"
    | "begunAfresh"
    | "edited"
    | "reverted"
    | "error"
    | RunPhase;
  readonly detail: string;
}

/** A node on the way the run took. */
export interface TaleStep {
  readonly seq: number;
  readonly nodeId: string;
  readonly workflowId: string;
  readonly title: string;
  readonly type: NodeType;
  readonly depth: number;
  /** `open` where the run stands. */
  readonly state: "open" | "done";
  /** The label of the edge it left by. */
  readonly label: string;
  /** The node it left for; empty while it is open and at an end. */
  readonly next: string;
  /** What the model gave as its reason, for a decision. */
  readonly reason: string;
}

/** A file that a call of the run changed. */
export interface TaleFile {
  readonly path: string;
  readonly nodeId: string;
  /** Of the last call that wrote it. */
  readonly callId: string;
  readonly at: string;
}

/** A run as its events tell it, up to one of them. */
export interface RunTale {
  readonly items: readonly TaleItem[];
  readonly steps: readonly TaleStep[];
  readonly files: readonly TaleFile[];
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly modelMs: number;
  /** How long the run was driven, without what it is driven now. */
  readonly drivenMs: number;
  /** Since when it is driven now; ISO. */
  readonly drivenSince: string | undefined;
  readonly lastSeq: number;
  readonly lastAt: string | undefined;
}
