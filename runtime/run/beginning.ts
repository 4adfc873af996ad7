// How a run begins: which workflow, chat or script, with which words and which data. Files are read here,
// nothing is made.
import { AppError } from "../../schemas/error.ts";
import type { Agent } from "../../schemas/package.ts";
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";
import { openProjectFiles } from "../tools/project_files.ts";
import { type DataContext, dataContextOf, startOfText, textOf } from "./data_context.ts";
import { pathInPackage } from "./menu_path.ts";
import { type MenuStart, startFromMenu } from "./menu_start.ts";
import { type ScriptTalk, type Talk, talkWorkflow } from "./talk.ts";

/** What a person asks for, and where its files are. */
export interface BeginningRequest {
  readonly workflowId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly input?: string | undefined;
  /** A chat with the agent, whatever the words. */
  readonly entry?: "chat" | undefined;
  /** Real path. */
  readonly projectDir: string;
  readonly dataDir: string;
}

/** A run's beginning. */
export interface Beginning {
  /** The talk's own where there is one. */
  readonly workflow: LoadedWorkflow;
  readonly talk?: Talk;
  readonly input?: string;
  readonly data?: DataContext;
}

/**
 * Agent first: what is said goes through the agent's menu, unless a workflow or a chat is named as well.
 * @throws AppError as `startFromMenu`; `ENGINE_PRECONDITION` for an unknown workflow or unreadable files
 */
export async function chooseBeginning(
  loaded: LoadedPackage,
  agent: Agent,
  request: BeginningRequest,
): Promise<Beginning> {
  const { workflowId, agentId, input, entry } = request;
  const told = input === undefined ? {} : { input };
  if (entry === "chat") return { ...talkOf({ runType: "chat" }), ...told };
  if (agentId === undefined || workflowId !== undefined || input === undefined) {
    return { workflow: chooseWorkflow(loaded, workflowId), ...told };
  }
  const files = new StartFiles(loaded, request);
  try {
    return await beginningOf(await files.route(agent, input), files);
  } finally {
    files.close();
  }
}

async function beginningOf(start: MenuStart, files: StartFiles): Promise<Beginning> {
  if (start.kind === "chat") return { ...talkOf(start.talk), input: start.input };
  const data = start.data === undefined ? {} : {
    data: dataContextOf(start.data, await files.read(start.data)),
  };
  if (start.kind === "workflow") return { workflow: start.workflow, ...data };
  const talk = start.kind === "prompt"
    ? { runType: "script", title: start.title, text: start.text } as const
    : await scriptOf(start.file, files);
  return { ...talkOf(talk), ...data };
}

function talkOf(talk: Talk): { talk: Talk; workflow: LoadedWorkflow } {
  return { talk, workflow: talkWorkflow(talk) };
}

/** Longer scripts are read by the model itself. */
const SCRIPT_CHARS = 24_000;

async function scriptOf(file: string, files: StartFiles): Promise<ScriptTalk> {
  const { start: text, isCut } = startOfText(textOf(file, await files.read(file)), SCRIPT_CHARS);
  const title = file.slice(file.lastIndexOf("/") + 1);
  return { runType: "script", title, file, text, ...(isCut && { isCut }) };
}

/** The workflow of an id, the default one without. @throws AppError `ENGINE_PRECONDITION` */
export function chooseWorkflow(loaded: LoadedPackage, wanted: string | undefined): LoadedWorkflow {
  const found = wanted === undefined
    ? loaded.workflows[0]
    : loaded.workflows.find(({ id }) => id === wanted);
  if (found) return found;
  const ids = loaded.workflows.map(({ id }) => id).join(", ");
  throw new AppError(
    "ENGINE_PRECONDITION",
    `The package has no workflow "${wanted}". It has: ${ids}`,
  );
}

/** Files of package and project, for the shell: those of the project are read behind its walls. */
class StartFiles {
  readonly #loaded: LoadedPackage;
  readonly #places: Pick<BeginningRequest, "projectDir" | "dataDir">;
  readonly #inProject = new Map<string, Uint8Array | null>();
  #project: ReturnType<typeof openProjectFiles> | undefined;

  constructor(loaded: LoadedPackage, places: Pick<BeginningRequest, "projectDir" | "dataDir">) {
    this.#loaded = loaded;
    this.#places = places;
  }

  /** Routes once to learn which files of the project matter, and again with them looked at. */
  async route(agent: Agent, input: string): Promise<MenuStart> {
    const unknown = new Set<string>();
    const fileExists = (path: string): boolean => {
      const inside = pathInPackage(path);
      if (inside !== undefined) return this.#loaded.files.has(inside);
      if (!this.#inProject.has(path)) unknown.add(path);
      return (this.#inProject.get(path) ?? null) !== null;
    };
    for (;;) {
      const before = this.#inProject.size;
      try {
        return startFromMenu(this.#loaded, agent, { input, fileExists });
      } catch (thrown) {
        for (const path of unknown) this.#inProject.set(path, await this.#load(path));
        unknown.clear();
        if (this.#inProject.size === before) throw thrown;
      }
    }
  }

  async read(path: string): Promise<Uint8Array> {
    const inside = pathInPackage(path);
    const content = inside === undefined
      ? this.#inProject.get(path) ?? await this.#load(path)
      : this.#loaded.files.get(inside);
    if (content) return content;
    throw new AppError("ENGINE_PRECONDITION", `The file "${path}" of the menu cannot be read`);
  }

  close(): void {
    this.#project?.close();
  }

  /** What may not be read is as good as missing: the menu's author has no say in it. */
  async #load(path: string): Promise<Uint8Array | null> {
    const { projectDir, dataDir } = this.#places;
    this.#project ??= openProjectFiles(projectDir, dataDir);
    try {
      return (await this.#project.load(path))?.bytes ?? null;
    } catch (thrown) {
      if (thrown instanceof AppError) return null;
      throw thrown;
    }
  }
}
