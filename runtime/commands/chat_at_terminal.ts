// A chat at the terminal's prompt: what a person types next is taken to the run, until they end it or leave.
import type { Agent } from "../../schemas/package.ts";
import { routeMenuInput } from "../run/menu.ts";
import { visibleMenu } from "../run/menu_match.ts";
import type { OpenRequest, OpenRun } from "../run/start_run.ts";
import { openRun } from "../run/start_run.ts";
import { printable } from "./terminal.ts";
import { readLine } from "./terminal_person.ts";

/** Where a chat is held. */
export interface ChatPrompt {
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
}

const HELP =
  "Enter sends. /menu shows the agent's menu, /dismiss ends the chat, /stop or Ctrl-D leaves it to be resumed.";

/** Says what the prompt takes; once, before the first line. */
export function introduceChat(run: OpenRun, { write }: ChatPrompt): void {
  const name = agentOf(run)?.metadata.name ?? "the agent";
  write(`\nYou talk with ${printable(name)}. ${HELP}\n`);
}

/**
 * Asks for the next words. Returns the run as it is to be driven on, or `null` if the person leaves: it
 * waits then.
 */
export async function nextWords(run: OpenRun, prompt: ChatPrompt): Promise<OpenRun | null> {
  for (;;) {
    const line = await readLine("\nyou > ", { nodeId: "", signal: prompt.signal });
    if (line === null) return null;
    if (line.trim() === "") continue;
    const route = routeMenuInput(NO_AGENT, line, NO_CONTEXT);
    if (route.kind !== "run-command") return await taken(run, { advice: line });
    switch (route.name) {
      case "dismiss":
        return await taken(run, { endsTalk: true });
      case "menu":
        prompt.write(menuText(run));
        break;
      case "resume":
        prompt.write("It is your turn already.\n");
        break;
      default:
        return null;
    }
  }
}

const NO_CONTEXT = { activeRun: true, workflowIds: [], fileExists: () => false };
/** While a run is active, its agent's menu plays no part in what words mean. */
const NO_AGENT = { id: "", metadata: {}, persona: {} } as unknown as Agent;

async function taken(run: OpenRun, request: Partial<OpenRequest>): Promise<OpenRun> {
  return await openRun(run.dataDir, run.folder, { allowAll: false, ...request });
}

function agentOf({ package: { agents }, record: { agentId } }: OpenRun): Agent | undefined {
  return agents.find(({ id }) => id === agentId);
}

function menuText(run: OpenRun): string {
  const agent = agentOf(run);
  const menu = agent ? visibleMenu(agent) : [];
  if (!agent || menu.length === 0) return "This agent has no menu.\n";
  const lines = menu.map(({ number, item }) => `  ${number}. ${printable(item.description)}`);
  const start = `Start one with: crewagent run PACKAGE --agent ${
    printable(agent.id)
  } --input NUMBER`;
  return `${[...lines, start].join("\n")}\n`;
}
