// What a run works through, by the name that people know. Not here: the titles of a package's workflows.
import type { RunRecord } from "../runtime/run/run_folder.ts";
import { TALK_WORKFLOW_IDS } from "../runtime/run/talk.ts";
import type { Texts } from "../views/text/texts.ts";

/** What runs: a workflow by its id, a chat, or the menu item that it is. */
export function workflowTitle(
  { talk, workflowId }: Pick<RunRecord, "talk" | "workflowId">,
  { start }: Texts,
): string {
  if (!talk) return workflowId;
  return talk.runType === "chat" ? start.chatTitle : talk.title;
}

/** A workflow's id as a filter names it, where ids of chats and menu items stand for all of them. */
export function workflowKind(workflowId: string, { start }: Texts): string {
  if (workflowId === TALK_WORKFLOW_IDS.chat) return start.chatTitle;
  return workflowId === TALK_WORKFLOW_IDS.script ? start.scriptTitle : workflowId;
}
