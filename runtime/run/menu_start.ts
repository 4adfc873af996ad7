// What a run begins with when a person names an agent and says what they want. Pure: whether a file exists
// is told by the caller.
import { AppError } from "../../schemas/error.ts";
import type { Agent } from "../../schemas/package.ts";
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";
import { type MenuRoute, routeMenuInput, type WorkflowTarget } from "./menu.ts";
import { type MenuChoice, visibleMenu } from "./menu_match.ts";
import { menuPlaces, pathInPackage } from "./menu_path.ts";
import type { ChatTalk } from "./talk.ts";

/** Where a menu leads; `data` is the mount path of a file that is loaded before the start. */
export type MenuStart =
  | {
    readonly kind: "workflow";
    readonly workflow: LoadedWorkflow;
    readonly data?: string;
  }
  | { readonly kind: "chat"; readonly talk: ChatTalk; readonly input: string }
  | {
    readonly kind: "script";
    /** Mount path of the Markdown file. */
    readonly file: string;
    readonly data?: string;
  }
  | {
    readonly kind: "prompt";
    readonly title: string;
    readonly text: string;
    readonly data?: string;
  };

/** A menu item as a person can choose it again: `says` picks it and nothing else. */
export interface OfferedChoice {
  readonly says: string;
  readonly number: number;
  readonly description: string;
}

/** Whether a mount path below `@pkg` or `@project` is a file. */
export type FileExists = (mountPath: string) => boolean;

/**
 * Routes `input` through the agent's menu. Words that are no menu item begin a chat.
 * @throws AppError `MENU_UNCLEAR` if a person has to choose (`details.choices`: `OfferedChoice[]`),
 * `MENU_BUILTIN` for what starts nothing (`details.name`), `ENGINE_PRECONDITION` if files are missing or
 * the target cannot be run
 */
export function startFromMenu(
  loaded: LoadedPackage,
  agent: Agent,
  { input, fileExists }: { readonly input: string; readonly fileExists: FileExists },
): MenuStart {
  const find = (path: string) => menuPlaces(path).find(fileExists);
  const route = routeMenuInput(agent, input, {
    activeRun: false,
    workflowIds: loaded.workflows.map(({ id }) => id),
    fileExists: (path) => find(path) !== undefined,
  });
  const data = "data" in route && route.data !== undefined
    ? { data: required(find, route.data, "data file") }
    : {};
  switch (route.kind) {
    case "workflow":
      return { kind: "workflow", workflow: workflowOf(loaded, route.workflow, find), ...data };
    case "script":
      return { kind: "script", file: required(find, route.path, "script"), ...data };
    case "prompt": {
      const prompt = agent.prompts?.find(({ id }) => id === route.promptId);
      const text = prompt?.content ?? "";
      return { kind: "prompt", title: prompt?.description || route.promptId, text, ...data };
    }
    case "instruction":
      return { kind: "prompt", title: firstWords(route.text), text: route.text, ...data };
    case "chat":
      return { kind: "chat", talk: { runType: "chat" }, input: route.text };
    case "builtin":
      throw new AppError("MENU_BUILTIN", builtinHint(agent, route.name), {
        details: { name: route.name },
      });
    default:
      throw refusalOf(agent, route);
  }
}

function required(
  find: (path: string) => string | undefined,
  path: string,
  what: string,
): string {
  const found = find(path);
  if (found !== undefined) return found;
  throw new AppError(
    "ENGINE_PRECONDITION",
    `The menu names the ${what} "${path}", which is neither in the package nor in the project`,
  );
}

function workflowOf(
  loaded: LoadedPackage,
  target: WorkflowTarget,
  find: (path: string) => string | undefined,
): LoadedWorkflow {
  const path = "path" in target ? pathInPackage(find(target.path) ?? "") : undefined;
  const found = loaded.workflows.find(({ id, documentPath }) =>
    "id" in target ? id === target.id : documentPath === path
  );
  if (found) return found;
  const ids = loaded.workflows.map(({ id }) => id).join(", ");
  const wanted = "id" in target ? target.id : target.path;
  throw new AppError(
    "ENGINE_PRECONDITION",
    `The menu names the workflow "${wanted}", which the package lacks. It has: ${ids}`,
  );
}

function refusalOf(agent: Agent, route: MenuRoute): AppError {
  if (route.kind === "missing-files" || route.kind === "not-supported") {
    return new AppError("ENGINE_PRECONDITION", route.message);
  }
  const isClear = route.kind === "clarify";
  const choices = (isClear ? route.choices : visibleMenu(agent)).map(offered);
  const message = isClear
    ? route.message
    : choices.length > 0
    ? "Choose from the menu, or write what you want"
    : "This agent has no menu; write what you want";
  const lines = choices.map(({ number, description }) => `${number}. ${description}`);
  return new AppError("MENU_UNCLEAR", [message, ...lines].join("; "), {
    details: { message, choices },
  });
}

/** A choice as a person sees it. */
export function offered({ number, item, says }: MenuChoice): OfferedChoice {
  return { says: says ?? String(number), number, description: item.description };
}

function builtinHint(agent: Agent, name: string): string {
  switch (name) {
    case "agent.dismiss":
      return `${agent.metadata.name} is dismissed; nothing was started`;
    case "run.resume":
      return "This takes up the run that stopped last: crewagent resume last";
    default: {
      const lines = visibleMenu(agent).map(({ number, item }) => `${number}. ${item.description}`);
      return ["The menu", ...lines].join("; ");
    }
  }
}

const TITLE_CHARS = 60;

function firstWords(text: string): string {
  const line = text.trim().split(/\r?\n/)[0] ?? "";
  return line.length <= TITLE_CHARS ? line : `${line.slice(0, TITLE_CHARS - 1)}…`;
}
