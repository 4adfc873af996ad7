// What a person says to a run on its page, and the conversation by pages. Not here: answers, decisions and the
// buttons of the head (`run.tsx`).
import type { OpenMatter } from "../../runtime/run/answer_run.ts";
import { routeMenuInput, type RunCommand } from "../../runtime/run/menu.ts";
import { visibleMenu } from "../../runtime/run/menu_match.ts";
import { offered } from "../../runtime/run/menu_start.ts";
import { runFolder } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { wordsLeft } from "../../runtime/run/waiting_words.ts";
import { AppError } from "../../schemas/error.ts";
import type { Agent } from "../../schemas/package.ts";
import type { RunEvent } from "../../schemas/run_event.ts";
import type { ComposerAgent, ComposerProps } from "../../views/run/composer.tsx";
import { EarlierTalk, talkWindow } from "../../views/run/talk_list.tsx";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import type { RunView } from "../live_runs.ts";
import { taleOf } from "../tell_run.ts";

/** What the composer needs of a run. */
export interface ComposerSource {
  readonly view: RunView;
  readonly matter: OpenMatter | null;
  readonly events: readonly RunEvent[];
}

/** The composer as the run stands; its menu is that of the package the run has. */
export async function composerOf(
  c: AppContext,
  { view, matter, events }: ComposerSource,
): Promise<ComposerProps> {
  const { frame, user, services: { liveRuns, config: { dataDir } } } = c.var;
  const { record, phase } = view;
  const agent = await liveRuns.agent(user, record.runId);
  return {
    frame,
    runId: record.runId,
    phase,
    isChat: record.talk?.runType === "chat",
    isAsking: matter !== null,
    queued: wordsLeft(runFolder(dataDir, record.runId), events).map(({ text }) => text),
    isMenuOpen: c.req.query("menu") === "open",
    ...(agent && { agent: composerAgent(agent) }),
  };
}

function composerAgent(agent: Agent): ComposerAgent {
  const menu = visibleMenu(agent).map(offered);
  return { agentId: agent.id, name: agent.metadata.name, menu };
}

function runIdOf(c: AppContext): string {
  return c.req.param("runId") ?? "";
}

/** `GET /runs/:runId/talk?before=`: earlier entries, for the place of the link to them. */
export async function showTalk(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config: { dataDir } }, user, frame } = c.var;
  const { record: { runId } } = await liveRuns.get(user, runIdOf(c));
  const { items } = taleOf(readRunLog(runFolder(dataDir, runId).logPath));
  const window = talkWindow(items, beforeOf(c));
  return await htmlResponse(<EarlierTalk frame={frame} runId={runId} window={window} />);
}

/** The number in `?before=`, if it is one. */
export function beforeOf(c: AppContext): number | undefined {
  const before = Number(c.req.query("before"));
  return Number.isSafeInteger(before) && before > 0 ? before : undefined;
}

/** `POST /runs/:runId/say` (`text`): words for the run, or a command such as `/pause`. */
export async function sayToRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user, texts } = c.var;
  const runId = runIdOf(c);
  const text = textField(await readForm(c), "text");
  await liveRuns.get(user, runId);
  if (text.trim() === "") throw new AppError("REQUEST_INVALID", texts.start.emptyWords);
  const route = routeMenuInput(NO_MENU, text, NO_CONTEXT);
  if (route.kind === "run-command") return await obey(c, runId, route.name);
  if (/^\/\w+$/.test(text.trim())) {
    throw new AppError("REQUEST_INVALID", texts.start.unknownCommand(text.trim()));
  }
  await liveRuns.say(user, runId, text);
  return stays(c, `/runs/${runId}#composer`);
}

/** While a run is active, its agent's menu plays no part in what words mean. */
const NO_CONTEXT = { activeRun: true, workflowIds: [], fileExists: () => false };
const NO_MENU = { id: "", metadata: {}, persona: {} } as unknown as Agent;

async function obey(c: AppContext, runId: string, command: RunCommand): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  switch (command) {
    case "menu":
      return leads(c, `/runs/${runId}?menu=open#agent-menu`);
    case "pause":
      await liveRuns.pause(user, runId);
      break;
    case "stop":
      await liveRuns.stop(user, runId);
      break;
    case "resume":
      await liveRuns.resume(user, runId);
      break;
    case "dismiss":
      await liveRuns.dismiss(user, runId);
  }
  return stays(c, `/runs/${runId}#composer`);
}

/** `POST /runs/:runId/menu` (`says`): an item of the agent's menu, as a run of its own beside this one. */
export async function pickFromMenu(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const says = textField(await readForm(c), "says");
  try {
    return redirect(`/runs/${await liveRuns.pick(user, runIdOf(c), says)}`);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "MENU_BUILTIN") throw thrown;
    return await obey(c, runIdOf(c), COMMANDS[String(thrown.details?.name)] ?? "menu");
  }
}

/** What the program's own actions mean beside a run. */
const COMMANDS: Readonly<Record<string, RunCommand>> = {
  "menu.show": "menu",
  "agent.dismiss": "dismiss",
  "run.resume": "resume",
};

/** htmx learns from the stream what came of it. */
function stays(c: AppContext, path: string): Response {
  return isFragmentRequest(c.req.raw) ? new Response(null, { status: 204 }) : redirect(path);
}

function leads(c: AppContext, path: string): Response {
  if (!isFragmentRequest(c.req.raw)) return redirect(path);
  return new Response(null, { status: 204, headers: { "hx-redirect": path } });
}
