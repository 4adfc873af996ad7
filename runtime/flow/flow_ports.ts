// What the flow engine gets handed in, so that it runs in the executable and in a generated project.
import type { ToolDefinition, ToolResult } from "../../schemas/tool.ts";
import type { Llm } from "../llm/llm.ts";
import type { Documents } from "./documents.ts";
import type { FlowAgent } from "./flow_source.ts";
import type { Memory } from "./memory.ts";
import type { FlowRun } from "./run_stage.ts";

/** A chat model: messages and tools in, a reply out, deltas while it comes. Retries what helps. */
export type FlowModel = Pick<Llm, "provider" | "model" | "complete">;

/** Whose call it is. */
export interface ToolCaller {
  readonly agent: FlowAgent;
  readonly storyId: string;
  readonly signal: AbortSignal;
}

/** The tools of agents. Nothing a tool does is thrown: a failure is data for the model. */
export interface ToolRunner {
  /** What the agent may call, by wire name; empty for an agent without tools. */
  definitions(agent: FlowAgent): Promise<readonly ToolDefinition[]>;
  /** Runs one call with parsed arguments. */
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    caller: ToolCaller,
  ): Promise<ToolResult>;
}

/** Keeps a story on one replica at a time. */
export interface StoryLock {
  /**
   * Runs `work` while it holds the story, and lets go whatever happens. `lost` aborts when the lock
   * expired under it, and then another replica may have the story.
   * @throws AppError `FLOW_STORY_BUSY` if it is held elsewhere
   */
  hold<T>(
    flow: string,
    storyId: string,
    work: (lost: AbortSignal) => Promise<T>,
  ): Promise<T>;
}

/** Time. */
export interface FlowClock {
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Leads a run through its stages, each with `runStage`, and stops behind one that left `pendingDocs`.
 * Throws what `runStage` throws.
 */
export type FlowWalk = (run: FlowRun) => Promise<void>;

/** All ports of the engine. */
export interface FlowPorts {
  readonly model: FlowModel;
  readonly memory: Memory;
  readonly documents: Documents;
  readonly tools: ToolRunner;
  readonly lock: StoryLock;
  readonly clock: FlowClock;
  /** Left out, one stage after the other. */
  readonly walk?: FlowWalk;
}
