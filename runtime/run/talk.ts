// What runs besides the workflows of a package: a chat with an agent, and a script of its (a Markdown file
// or a prompt of its menu). Each is a workflow of one node that the shell makes, so that state, log, resume
// and revert are those of every run. Not here: what the model is told (`talk_prompt.ts`).
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";
import { changesNothing } from "../tools/names.ts";

/** A run without a workflow of its package. */
export type Talk = ChatTalk | ScriptTalk;

/** A conversation with read-only tools. It waits after every answer, until a person ends it. */
export interface ChatTalk {
  readonly runType: "chat";
}

/** One piece of work that a text describes, with the agent's own tools; the model says when it is done. */
export interface ScriptTalk {
  readonly runType: "script";
  /** As a person knows it: the menu's words, or the file's name. */
  readonly title: string;
  /** Mount path of the file, where there is one. */
  readonly file?: string;
  /** What is to be done; of a long file, its beginning. */
  readonly text: string;
  /** `text` is not all of `file`. */
  readonly isCut?: boolean;
}

/** No package can have workflows of these ids. */
export const TALK_WORKFLOW_IDS: Readonly<Record<Talk["runType"], string>> = {
  chat: "@chat",
  script: "@script",
};

/** The phase `waiting` with this code: a chat whose next words are the person's. */
export const CHAT_WAITS = "CHAT";

/** The package with the workflow that stands for a talk, as its first; without a talk as it is. */
export function withTalk(loaded: LoadedPackage, talk: Talk | undefined): LoadedPackage {
  return talk ? { ...loaded, workflows: [talkWorkflow(talk), ...loaded.workflows] } : loaded;
}

/** The workflow of a single end node that stands for a talk. */
export function talkWorkflow(talk: Talk): LoadedWorkflow {
  const { runType } = talk;
  const node = { id: runType, type: "end", file: "", ...titleOf(talk) } as const;
  return {
    id: TALK_WORKFLOW_IDS[runType],
    ...(talk.runType === "script" && { displayName: talk.title }),
    documentPath: "",
    graphPath: "",
    graph: { schemaVersion: "1.1", entryNodeId: node.id, nodes: [node], edges: [] },
    documentText: `---\nschemaVersion: "1.1"\nworkflowType: ${runType}\n---\n`,
    nodeFiles: new Map(),
  };
}

function titleOf(talk: Talk): { title?: string } {
  return talk.runType === "script" ? { title: talk.title } : {};
}

/** Whether a tool (dotted name) is offered in a run: a chat has those that change nothing. */
export function isOfferedIn(talk: Talk | undefined, tool: string): boolean {
  return talk?.runType !== "chat" || changesNothing(tool);
}
