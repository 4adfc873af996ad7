// What happens when a person types something at an agent. Pure, no model.
// Not here: finding the item that is meant (`menu_match.ts`), and doing it.
import type { Agent, MenuItem } from "../../schemas/package.ts";
import { matchMenu, type MenuChoice } from "./menu_match.ts";

/** Where an input leads. */
export type MenuRoute =
  | { readonly kind: "show-menu" }
  | { readonly kind: "workflow"; readonly workflow: WorkflowTarget; readonly data?: string }
  | { readonly kind: "script"; readonly path: string; readonly data?: string }
  | { readonly kind: "prompt"; readonly promptId: string; readonly data?: string }
  | { readonly kind: "instruction"; readonly text: string; readonly data?: string }
  | { readonly kind: "builtin"; readonly name: BuiltinAction }
  | { readonly kind: "clarify"; readonly message: string; readonly choices: readonly MenuChoice[] }
  | { readonly kind: "chat"; readonly text: string }
  | {
    readonly kind: "not-supported";
    readonly code: "NotSupportedClassicWorkflow";
    readonly message: string;
  }
  | { readonly kind: "missing-files"; readonly paths: readonly string[]; readonly message: string }
  | { readonly kind: "run-input"; readonly text: string }
  | { readonly kind: "run-command"; readonly name: RunCommand };

/** A workflow by its id, or by a path ending in `.md`. */
export type WorkflowTarget = { readonly id: string } | { readonly path: string };

/** Actions the program itself carries out. */
export type BuiltinAction = "menu.show" | "agent.dismiss" | "run.resume";

/** Commands while a run is active. */
export type RunCommand = "menu" | "pause" | "stop" | "resume" | "dismiss";

/** What routing has to know besides the agent. */
export interface MenuContext {
  /** A run is active: input goes to it. */
  readonly activeRun: boolean;
  readonly workflowIds: readonly string[];
  /** Whether a path of the package or project, templates already filled, exists. */
  fileExists(path: string): boolean;
}

const RUN_COMMANDS: readonly RunCommand[] = ["menu", "pause", "stop", "resume", "dismiss"];
const BUILTINS: readonly BuiltinAction[] = ["menu.show", "agent.dismiss", "run.resume"];

/** Routes what a person typed. The same input, agent and context give the same route. */
export function routeMenuInput(agent: Agent, input: string, context: MenuContext): MenuRoute {
  if (context.activeRun) return routeToRun(input);
  const match = matchMenu(agent, input);
  switch (match.kind) {
    case "empty":
      return { kind: "show-menu" };
    case "chosen":
      return routeItem(agent, match.choice.item, context);
    case "out-of-range":
      return clarify(
        match.count === 0
          ? "This agent has no menu; write what you want"
          : `Choose a number from 1 to ${match.count}`,
        [],
      );
    case "several":
      return clarify("Which of these do you mean?", match.choices);
    case "none":
      return { kind: "chat", text: input.trim() };
  }
}

function routeToRun(input: string): MenuRoute {
  const word = /^[/*](\w+)$/.exec(input.trim())?.[1]?.toLowerCase();
  const name = RUN_COMMANDS.find((command) => command === word);
  return name ? { kind: "run-command", name } : { kind: "run-input", text: input };
}

function routeItem(agent: Agent, item: MenuItem, context: MenuContext): MenuRoute {
  const missing = missingFiles(item, context);
  if (missing.length > 0) {
    const message = `This needs files that do not exist: ${missing.join(", ")}`;
    return { kind: "missing-files", paths: missing, message };
  }
  const data = item.data?.trim() ? { data: item.data } : {};
  if (item.workflow?.trim()) return routeWorkflow(item.workflow.trim(), context, data);
  if (item.exec?.trim()) return routeExec(item.exec.trim(), data);
  if (item.action?.trim()) return routeAction(agent, item.action.trim(), data);
  return { kind: "chat", text: item.description };
}

/** `validate-workflow` may name several files, separated by commas. */
function missingFiles(item: MenuItem, { fileExists }: MenuContext): string[] {
  const needed = item["validate-workflow"]?.split(",").map((path) => path.trim()).filter(Boolean);
  return (needed ?? []).filter((path) => !fileExists(path));
}

function routeWorkflow(
  target: string,
  { workflowIds, fileExists }: MenuContext,
  data: { data?: string },
): MenuRoute {
  if (workflowIds.includes(target)) return { kind: "workflow", workflow: { id: target }, ...data };
  if (/\.(ya?ml|xml)$/i.test(target)) {
    return {
      kind: "not-supported",
      code: "NotSupportedClassicWorkflow",
      message:
        `"${target}" is a classic BMAD workflow. Make a package of its module first: crewagent import DIR`,
    };
  }
  if (/\.md$/i.test(target) && fileExists(target)) {
    return { kind: "workflow", workflow: { path: target }, ...data };
  }
  const known = workflowIds.join(", ");
  return clarify(`The menu names the workflow "${target}", but the package has: ${known}`, []);
}

function routeExec(path: string, data: { data?: string }): MenuRoute {
  const isWorkflow = /(^|\/)workflow\.md$/i.test(path);
  return isWorkflow
    ? { kind: "workflow", workflow: { path }, ...data }
    : { kind: "script", path, ...data };
}

function routeAction(agent: Agent, action: string, data: { data?: string }): MenuRoute {
  const builtin = BUILTINS.find((name) => name === action);
  if (builtin) return { kind: "builtin", name: builtin };
  if (!action.startsWith("#")) return { kind: "instruction", text: action, ...data };
  const promptId = action.slice(1);
  if (agent.prompts?.some(({ id }) => id === promptId)) {
    return { kind: "prompt", promptId, ...data };
  }
  return clarify(`The menu names the prompt "${action}", which this agent lacks`, []);
}

function clarify(message: string, choices: readonly MenuChoice[]): MenuRoute {
  return { kind: "clarify", message, choices };
}
