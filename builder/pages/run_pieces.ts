// What the page of a run and its stream are made of, from a run as it stands and its tale. Not here: the
// markup (`views/run/`), and when it is sent (`run_stream.tsx`).
import { basename } from "node:path";
import type { OpenMatter } from "../../runtime/run/answer_run.ts";
import { costOf } from "../../runtime/run/usage.ts";
import type { Frame } from "../../views/frame.ts";
import type { MatterProps } from "../../views/run/matter_form.tsx";
import type { RunHeadProps } from "../../views/run/run_page.tsx";
import type { RunTale } from "../../views/run/run_tale.ts";
import { RUN_TABS, type RunTab } from "../../views/run/side_panel.tsx";
import type { RunView } from "../live_runs.ts";

/** The head of a run's page. */
export function headOf(
  frame: Frame,
  view: RunView,
  { tale, matter }: { readonly tale: RunTale; readonly matter: OpenMatter | null },
): RunHeadProps {
  const { record: { runId, package: identity, workflowId, projectDir, connection }, phase } = view;
  const { provider, profile, model, prices } = connection;
  return {
    frame,
    runId,
    packageName: identity.name,
    workflowId,
    projectName: basename(projectDir) || projectDir,
    model: profile ?? model,
    isSimulated: provider === "simulate",
    phase,
    reason: view.reason,
    isAsking: matter !== null,
    isDrivenHere: view.isDrivenHere,
    tale,
    costUsd: prices ? costOf(tale, prices) : null,
  };
}

/** What a run waits for, as its form needs it. */
export function matterPropsOf(
  frame: Frame,
  { record: { runId }, phase, reason }: RunView,
  matter: OpenMatter | null,
): MatterProps {
  const open = { frame, runId, phase, reason };
  if (matter?.kind === "question") {
    return { ...open, question: { callId: matter.callId, question: matter.question } };
  }
  return matter ? { ...open, approval: matter } : open;
}

/** The tab that a query names. */
export function tabOf(name: string | undefined): RunTab {
  return RUN_TABS.find((tab) => tab === name) ?? "progress";
}
