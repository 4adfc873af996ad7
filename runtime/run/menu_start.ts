// Which workflow a run begins with when a person names an agent and says what they want.
import { AppError } from "../../schemas/error.ts";
import type { Agent } from "../../schemas/package.ts";
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";
import { type MenuRoute, routeMenuInput } from "./menu.ts";

/** A workflow, and the input that is left for it once the menu has taken its part. */
export interface MenuStart {
  readonly workflow: LoadedWorkflow;
  readonly input?: string;
}

/**
 * Routes `input` through the agent's menu. Words that are no menu item start the package's default
 * workflow and are told to it.
 * @throws AppError `ENGINE_PRECONDITION` if the menu wants something else than a workflow, or more words
 */
export function startFromMenu(loaded: LoadedPackage, agent: Agent, input: string): MenuStart {
  const route = routeMenuInput(agent, input, {
    activeRun: false,
    workflowIds: loaded.workflows.map(({ id }) => id),
    fileExists: (path) => loaded.files.has(packagePath(path)),
  });
  const workflow = workflowOf(loaded, route);
  if (!workflow) throw new AppError("ENGINE_PRECONDITION", reasonAgainst(route, input));
  return route.kind === "chat" ? { workflow, input } : { workflow };
}

function workflowOf(loaded: LoadedPackage, route: MenuRoute): LoadedWorkflow | undefined {
  if (route.kind === "chat" || route.kind === "show-menu") return loaded.workflows[0];
  if (route.kind !== "workflow") return undefined;
  const target = route.workflow;
  return loaded.workflows.find(({ id, documentPath }) =>
    "id" in target ? id === target.id : documentPath === packagePath(target.path)
  );
}

function reasonAgainst(route: MenuRoute, input: string): string {
  switch (route.kind) {
    case "clarify": {
      const choices = route.choices.map(({ number, item }) => `${number}. ${item.description}`);
      return [route.message, ...choices].join("; ");
    }
    case "not-supported":
    case "missing-files":
      return route.message;
    default:
      return `The menu item "${input.trim()}" starts no workflow (it leads to: ${route.kind}). Name one with --workflow ID`;
  }
}

function packagePath(path: string): string {
  return path.replace(/^(@pkg|\{package-root\})\//, "");
}
