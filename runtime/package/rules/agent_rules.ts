// Agents: unique ids, and menus that lead somewhere.
import type { Finding } from "../../../schemas/finding.ts";
import type { Agent, AgentsDocument, MenuItem } from "../../../schemas/package.ts";
import { isRecord } from "../../../schemas/record.ts";
import type { PackageFiles } from "../archive.ts";
import type { PackageDocument } from "../documents.ts";
import { finding } from "../finding_codes.ts";
import { cleanPath } from "../written_path.ts";
import { repeated } from "./repeated.ts";

/** What a menu item can lead to. */
export interface MenuTargets {
  readonly files: PackageFiles;
  readonly workflowIds: ReadonlySet<string>;
  /** Package-relative paths of the workflows' documents. */
  readonly workflowPaths: ReadonlySet<string>;
}

/** Findings about agents.json. */
export function* agentRules(
  document: PackageDocument<AgentsDocument>,
  targets: MenuTargets,
): Generator<Finding> {
  const { agents } = document.value;
  for (const { index, first } of repeated(agents.map(({ id }) => id))) {
    const message = `Agents ${first} and ${index} both have the id "${agents[index]?.id}"`;
    yield finding("AGENT_ID_DUPLICATE", document.at(`/agents/${index}/id`), message);
  }
  for (const [index, agent] of agents.entries()) {
    const pointer = `/agents/${index}`;
    yield* promptRules(document, agent, pointer);
    const check = new MenuCheck(document, agent, targets);
    for (const [position, item] of (agent.menu ?? []).entries()) {
      yield* check.item(item, `${pointer}/menu/${position}`);
    }
  }
}

function* promptRules(
  document: PackageDocument<AgentsDocument>,
  { id, prompts = [] }: Agent,
  pointer: string,
): Generator<Finding> {
  for (const { index, first } of repeated(prompts.map((prompt) => prompt.id))) {
    const message = `Prompts ${first} and ${index} of "${id}" both have the id "${
      prompts[index]?.id
    }"`;
    yield finding("PROMPT_ID_DUPLICATE", document.at(`${pointer}/prompts/${index}/id`), message);
  }
}

class MenuCheck {
  readonly #promptIds: ReadonlySet<string>;

  constructor(
    readonly document: PackageDocument<AgentsDocument>,
    readonly agent: Agent,
    readonly targets: MenuTargets,
  ) {
    this.#promptIds = new Set(agent.prompts?.map(({ id }) => id));
  }

  *item(item: MenuItem, pointer: string): Generator<Finding> {
    if (item["ide-only"] && item["web-only"]) {
      const message =
        `The menu item "${item.description}" is both ide-only and web-only, so nobody sees it`;
      yield finding("MENU_HIDDEN_EVERYWHERE", this.document.at(`${pointer}/web-only`), message);
    }
    yield* this.#targets(item, pointer);
    for (const [index, trigger] of (item.triggers ?? []).entries()) {
      // A handler is a menu item of its own inside the item.
      if (isRecord(trigger)) yield* this.#targets(trigger, `${pointer}/triggers/${index}`);
    }
  }

  *#targets(item: Readonly<Record<string, unknown>>, pointer: string): Generator<Finding> {
    const { workflow, exec, action } = item;
    if (typeof workflow === "string") yield* this.#workflow(workflow, `${pointer}/workflow`);
    if (typeof exec === "string") yield* this.#exec(exec, `${pointer}/exec`);
    if (typeof action === "string") yield* this.#prompt(action, `${pointer}/action`);
  }

  *#workflow(target: string, pointer: string): Generator<Finding> {
    const { workflowIds, workflowPaths } = this.targets;
    if (target === "" || workflowIds.has(target) || workflowPaths.has(cleanPath(target))) return;
    if (/\.(ya?ml|xml)$/i.test(target)) {
      const message =
        `The menu names the classic BMAD workflow "${target}", which cannot run as it is`;
      yield finding("MENU_WORKFLOW_CLASSIC", this.document.at(pointer), message);
      return;
    }
    const known = [...workflowIds].join(", ");
    const message = `The menu names the workflow "${target}"; the package has: ${known}`;
    yield finding("MENU_WORKFLOW_UNKNOWN", this.document.at(pointer), message);
  }

  *#exec(target: string, pointer: string): Generator<Finding> {
    if (target === "" || isOutsidePackage(target) || this.targets.files.has(cleanPath(target))) {
      return;
    }
    if (target.startsWith("#")) {
      yield* this.#prompt(target, pointer);
      return;
    }
    const message = `The menu runs the file "${target}", which the package lacks`;
    yield finding("MENU_EXEC_MISSING", this.document.at(pointer), message);
  }

  *#prompt(target: string, pointer: string): Generator<Finding> {
    // Only a lone "#id" names a prompt; other actions are instructions or built-in.
    const id = /^#(\S+)$/.exec(target.trim())?.[1];
    if (id === undefined || this.#promptIds.has(id)) return;
    const known = [...this.#promptIds].join(", ") || "none";
    const message =
      `The menu names the prompt "#${id}"; the prompts of "${this.agent.id}" are: ${known}`;
    yield finding("MENU_PROMPT_UNKNOWN", this.document.at(pointer), message);
  }
}

/** Targets in the project or the run's state, and names with variables, are known only in a run. */
function isOutsidePackage(target: string): boolean {
  return /^(@project\/|@state\/|\{(project-root|artifacts-root|state-root)\})/.test(target) ||
    target.includes("{{");
}
