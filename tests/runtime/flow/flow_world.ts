// What the flow engine's tests share: a folder of sources, real memory, documents and lock in files, and
// a test model server that answers by agent.
import { dirname, join } from "node:path";
import { openFileDocuments } from "../../../runtime/flow/file_documents.ts";
import { openFileMemory } from "../../../runtime/flow/file_memory.ts";
import { openFileStoryLock } from "../../../runtime/flow/file_story_lock.ts";
import { openDenoTools } from "../../../runtime/flow/deno_tools.ts";
import type { FlowPorts } from "../../../runtime/flow/flow_ports.ts";
import type { AgentRequest, FlowEvent, FlowResult } from "../../../runtime/flow/flow_result.ts";
import type { FlowSource } from "../../../runtime/flow/flow_source.ts";
import { executeAgent } from "../../../runtime/flow/execute_agent.ts";
import { openFlowModel } from "../../../runtime/flow/open_flow_model.ts";
import { type ReadFlow, readFlowSource } from "../../../runtime/flow/read_flow_source.ts";
import { runFlow } from "../../../runtime/flow/run_flow.ts";
import { StoryFences } from "../../../runtime/flow/story_fence.ts";
import type { McpServer } from "../../../schemas/mcp.ts";
import { type ModelServer, startModelServer } from "../../model_server/model_server.ts";
import type { ModelRequest, Reply } from "../../model_server/script.ts";
import { hastyClock } from "../llm/served_model.ts";

/** Files by path below the project's root. */
export type Files = Readonly<Record<string, string>>;

/** Writes files into a folder. */
export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(dir, path)), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
}

/** A temporary folder with these files, as long as `use` runs. */
export async function inFolder<T>(files: Files, use: (dir: string) => Promise<T> | T): Promise<T> {
  const dir = await Deno.makeTempDir();
  try {
    await writeFiles(dir, files);
    return await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The sources of these files. */
export function sourceOf(
  files: Files,
  env: Readonly<Record<string, string>> = {},
): Promise<ReadFlow> {
  return inFolder(files, (dir) => readFlowSource(dir, { env }));
}

/** How to answer: by the agent whose prompt says `I am AGENT.` */
export type AgentReplies = (agent: string, request: ModelRequest) => Reply;

/** A flow that can be run again and again. */
export interface FlowWorld extends AsyncDisposable {
  readonly dir: string;
  readonly source: FlowSource;
  readonly ports: FlowPorts;
  readonly model: ModelServer;
  readonly waits: readonly number[];
  readonly events: FlowEvent[];
  /** Agents in the order in which the model was asked for them. */
  readonly asked: string[];
  run(input?: unknown, more?: RunOptions): Promise<FlowResult>;
  execute(agent: string, request?: Partial<AgentRequest>): ReturnType<typeof executeAgent>;
}

interface RunOptions {
  readonly flow?: string;
  readonly story?: string;
  readonly signal?: AbortSignal;
  readonly ports?: Partial<FlowPorts>;
}

/** The id in `I am AGENT.`, which every agent of these tests has in its prompt. */
export function agentOf({ body }: ModelRequest): string {
  return /I am ([\w.-]+)\./.exec(body.messages?.[0]?.content ?? "")?.[1] ?? "nobody";
}

/** What the user message of a request says. */
export function userTextOf({ body }: ModelRequest): string {
  return body.messages?.find(({ role }) => role === "user")?.content ?? "";
}

/** Agents by id: front matter, and a prompt that names the agent. */
export function agents(all: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(
    Object.entries(all).map(([id, yaml]) => [
      `agents/${id}.md`,
      `${yaml === "" ? "" : `---\n${yaml}\n---\n`}I am ${id}.\n`,
    ]),
  );
}

/** Opens a world; `reply` says what the model answers, the agent's name unless told. */
export async function openFlowWorld(
  files: Files,
  reply: AgentReplies = (agent) => ({ text: `Done by ${agent}` }),
  mcpServers: readonly McpServer[] = [],
): Promise<FlowWorld> {
  const dir = await Deno.makeTempDir();
  await writeFiles(dir, files);
  const asked: string[] = [];
  const model = startModelServer({
    reply(request) {
      asked.push(agentOf(request));
      return reply(agentOf(request), request);
    },
  });
  const env = {
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: "sk-test",
    OPENAI_MODEL: "m",
    LLM_PROVIDER: "openai",
  };
  const { source, secrets } = readFlowSource(dir, { env });
  const fences = new StoryFences();
  const memory = openFileMemory({ folder: join(dir, "memory"), fences });
  const documents = openFileDocuments({ folder: join(dir, "docs"), fences });
  const clock = hastyClock();
  const tools = await openDenoTools(source, {
    documents,
    memory,
    mcpServers,
    projectDir: dir,
    dataDir: join(dir, "data"),
  });
  const ports: FlowPorts = {
    model: openFlowModel(source.config, secrets, clock),
    memory,
    documents,
    tools,
    lock: openFileStoryLock({ folder: join(dir, "memory"), fences }),
    clock: { now: Date.now },
  };
  const events: FlowEvent[] = [];
  const never = new AbortController().signal;
  return {
    dir,
    source,
    ports,
    model,
    waits: clock.waits,
    events,
    asked,
    run(input, { flow = "default", story = "s1", signal = never, ports: other } = {}) {
      const request = { flow, story_id: story, input };
      const options = {
        ports: { ...ports, ...other },
        signal,
        onEvent: (event: FlowEvent) => void events.push(event),
      };
      return runFlow(source, request, options);
    },
    execute: (agent, request) =>
      executeAgent(source, agent, {
        instruction: "Go",
        documents: {},
        context_data: {},
        execution_id: "x1",
        ...request,
      }, { ports, signal: never }),
    async [Symbol.asyncDispose]() {
      await tools.close();
      await memory.close();
      await model.close();
      await Deno.remove(dir, { recursive: true });
    },
  };
}
