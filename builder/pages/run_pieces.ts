// What the page of a run and its stream are made of, from a run as it stands and its tale. Not here: the
// markup (`views/run/`), and when it is sent (`run_stream.tsx`).
import { basename } from "node:path";
import type { OpenMatter } from "../../runtime/run/answer_run.ts";
import { CHAT_WAITS } from "../../runtime/run/talk.ts";
import { costOf } from "../../runtime/run/usage.ts";
import type { Frame } from "../../views/frame.ts";
import type { MatterProps } from "../../views/run/matter_form.tsx";
import type { RunHeadProps } from "../../views/run/run_page.tsx";
import type { RunTale } from "../../views/run/run_tale.ts";
import { RUN_TABS, type RunTab } from "../../views/run/side_panel.tsx";
import type { RunView } from "../live_runs.ts";
import { projectIdOf } from "../project_id.ts";
import { workflowTitle } from "../workflow_title.ts";

/** The head of a run's page. */
export function headOf(
  frame: Frame,
  view: RunView,
  { tale, matter }: { readonly tale: RunTale; readonly matter: OpenMatter | null },
): RunHeadProps {
  const { record: { runId, package: identity, projectDir, connection }, phase } = view;
  const { provider, profile, model, prices } = connection;
  return {
    frame,
    runId,
    packageName: identity.name,
    workflowTitle: workflowTitle(view.record, frame.texts),
    projectName: basename(projectDir) || projectDir,
    projectHref: `/projects/${projectIdOf(projectDir)}`,
    anotherHref: `/runs/new?${new URLSearchParams({ project: projectDir })}`,
    model: profile ?? model,
    isSimulated: provider === "simulate",
    phase,
    reason: view.reason,
    isAsking: matter !== null,
    ...(view.record.talk?.runType === "chat" && {
      chat: view.code === CHAT_WAITS ? "waits" as const : "stopped" as const,
    }),
    isDrivenHere: view.isDrivenHere,
    tale,
    costUsd: prices ? costOf(tale, prices) : null,
  };
}

/** What a run waits for, as its form needs it. */
export function matterPropsOf(
  frame: Frame,
  { record: { runId }, phase, code, reason }: RunView,
  matter: OpenMatter | null,
): MatterProps {
  const open = { frame, runId, phase, reason, isTalking: code === CHAT_WAITS };
  if (matter?.kind === "question") {
    return { ...open, question: { callId: matter.callId, question: matter.question } };
  }
  return matter ? { ...open, approval: matter } : open;
}

/** The tab that a query names. */
export function tabOf(name: string | undefined): RunTab {
  return RUN_TABS.find((tab) => tab === name) ?? "progress";
}
