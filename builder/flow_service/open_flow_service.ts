// Opens a folder of flow sources as a service: reads it, connects memory, locks, documents and model.
// `serve --flows DIR` mounts the result; listening is its own business.
import { resolve } from "node:path";
import { openFileDocuments } from "../../runtime/flow/file_documents.ts";
import { openFileMemory } from "../../runtime/flow/file_memory.ts";
import { openFileStoryLock } from "../../runtime/flow/file_story_lock.ts";
import type { FlowModel, StoryLock, ToolRunner } from "../../runtime/flow/flow_ports.ts";
import type { FlowSecrets, FlowSource, RuntimeConfig } from "../../runtime/flow/flow_source.ts";
import type { Memory } from "../../runtime/flow/memory.ts";
import { flowConnection, openFlowModel } from "../../runtime/flow/open_flow_model.ts";
import { type FlowFolders, readFlowSource } from "../../runtime/flow/read_flow_source.ts";
import { AppError } from "../../schemas/error.ts";
import { isLoopback } from "./access.ts";
import { createFlowService, type FlowService } from "./create_flow_service.ts";
import type { AskModel } from "./model_check.ts";
import { openServiceLog, type ServiceLog } from "./service_log.ts";

/** What `openFlowService` may be told. */
export interface OpenFlowServiceOptions {
  /** The folder that holds `agents/`, or its parent with `bmad/` and `config/`. */
  readonly dir: string;
  /** The environment; it wins over files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The address that will be listened on: away from loopback a token is needed. */
  readonly hostname: string;
  /** Names under which the service answers besides loopback. */
  readonly allowedHosts?: readonly string[];
  /** Takes one line of the log, without its end. */
  readonly writeLog: (line: string) => void;
  /** Opens the tools that agents name; left out, sources with tools are refused. */
  readonly openTools?: (flow: OpenedFlow) => Promise<ToolRunner>;
}

/** What was read, for those who open tools for it. */
export interface OpenedFlow {
  readonly source: FlowSource;
  readonly folders: FlowFolders;
  readonly memory: Memory;
}

/** A service over a folder, and what was read there. */
export interface OpenFlowService extends FlowService {
  readonly source: FlowSource;
}

/**
 * Opens a folder of flow sources. What is wrong in the sources does not stop it: every run then answers
 * `FLOW_INVALID` with the findings. Nothing is sent to the model or to Redis yet.
 * @throws AppError `FLOW_NOT_FOUND` for a folder that is none, `FLOW_INVALID` for an unusable address
 * of Redis or tools that cannot be opened, `SERVE_ADDRESS` without a token away from loopback
 */
export async function openFlowService(options: OpenFlowServiceOptions): Promise<OpenFlowService> {
  const { source, secrets, folders } = readFlowSource(options.dir, { env: options.env });
  requireTokenAwayFromLoopback(options.hostname, secrets);
  const log = openServiceLog(source.config.logLevel, options.writeLog);
  const { memory, lock } = await openMemory({ config: source.config, secrets, folders, log });
  try {
    const tools = await openTools({ source, folders, memory }, options);
    const documents = openFileDocuments({
      folder: resolve(folders.rootDir, source.config.docsDir),
    });
    const model = openFlowModel(source.config, secrets);
    const clock = { now: () => Date.now() };
    const access = {
      token: secrets.flowsToken,
      allowedHosts: options.allowedHosts ?? [],
      corsOrigins: source.config.corsOrigins,
    };
    const ports = { model, memory, documents, tools, lock, clock };
    const askModel = modelQuestion(source.config, secrets, model);
    const { version } = options;
    const service = createFlowService({ source, ports, access, version, log, askModel });
    return { ...service, source };
  } catch (thrown) {
    await memory.close();
    throw thrown;
  }
}

function requireTokenAwayFromLoopback(hostname: string, { flowsToken }: FlowSecrets): void {
  if (isLoopback(hostname) || flowsToken !== undefined) return;
  throw new AppError(
    "SERVE_ADDRESS",
    `Serving flows on "${hostname}" needs a token, since others can reach it: set FLOWS_TOKEN, or serve on 127.0.0.1`,
  );
}

interface MemoryPlace {
  readonly config: RuntimeConfig;
  readonly secrets: FlowSecrets;
  readonly folders: FlowFolders;
  readonly log: ServiceLog;
}

async function openMemory(
  { config, secrets, folders, log }: MemoryPlace,
): Promise<{ readonly memory: Memory; readonly lock: StoryLock }> {
  const { backend, path, redis: settings } = config.memory;
  if (backend === "file") {
    const folder = resolve(folders.rootDir, path);
    const onNotice = (message: string) => log({ level: "warn", component: "memory", message });
    return { memory: openFileMemory({ folder, onNotice }), lock: openFileStoryLock({ folder }) };
  }
  // The client library costs a start without Redis nothing.
  const { openRedis } = await import("../../runtime/flow/redis_connection.ts");
  const { openRedisMemory } = await import("../../runtime/flow/redis_memory.ts");
  const { openRedisStoryLock } = await import("../../runtime/flow/redis_story_lock.ts");
  const redis = openRedis({ url: secrets.redisUrl, poolSize: settings.poolSize });
  const { keyPrefix, ttlSeconds } = settings;
  const memory = openRedisMemory({ redis, keyPrefix, ttlSeconds });
  return {
    memory: { ...memory, close: () => redis.close() },
    lock: openRedisStoryLock({ redis, keyPrefix }),
  };
}

async function openTools(flow: OpenedFlow, options: OpenFlowServiceOptions): Promise<ToolRunner> {
  if (options.openTools !== undefined) return await options.openTools(flow);
  const user = flow.source.agents.find(({ tools }) => tools.length > 0);
  if (user !== undefined) {
    const message = `The agent "${user.id}" names tools, but this service was opened without any`;
    throw new AppError("FLOW_INVALID", message);
  }
  return {
    definitions: () => Promise.resolve([]),
    call: (name) => Promise.reject(new AppError("INTERNAL", `No tool was offered, but "${name}"`)),
  };
}

/** Asks the model's server for its list of models; the echo of tests is always there. */
function modelQuestion(config: RuntimeConfig, secrets: FlowSecrets, model: FlowModel): AskModel {
  return async (signal) => {
    const { provider } = config.llm;
    if (provider === "echo" || model.provider === "echo") return;
    const { listModels } = await import("../../runtime/llm/list_models.ts");
    await listModels(flowConnection(config, secrets), provider, signal);
  };
}
