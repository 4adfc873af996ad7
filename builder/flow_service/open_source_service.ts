// Connects flow sources to memory, locks, documents, tools and a model, as a service. Portable: a
// generated project opens its embedded sources with it. Not here: reading a folder
// (`open_flow_service.ts`) and listening.
import { resolve } from "node:path";
import type { BuiltInPorts } from "../../runtime/flow/built_in_tools.ts";
import { openFileDocuments } from "../../runtime/flow/file_documents.ts";
import { openFileMemory } from "../../runtime/flow/file_memory.ts";
import { openFileStoryLock } from "../../runtime/flow/file_story_lock.ts";
import type { FlowWalk, StoryLock, ToolRunner } from "../../runtime/flow/flow_ports.ts";
import type { FlowSecrets, FlowSource, RuntimeConfig } from "../../runtime/flow/flow_source.ts";
import type { Memory } from "../../runtime/flow/memory.ts";
import { StoryFences } from "../../runtime/flow/story_fence.ts";
import { flowConnection, openFlowModel } from "../../runtime/flow/open_flow_model.ts";
import { sweepLeftovers } from "../../runtime/flow/sweep_leftovers.ts";
import { AppError, messageOf } from "../../schemas/error.ts";
import { isLoopback } from "./access.ts";
import { createFlowService, type FlowService } from "./create_flow_service.ts";
import type { AskModel } from "./model_check.ts";
import { openServiceLog, type ServiceLog } from "./service_log.ts";

/** What is served. */
export interface ServedFlow {
  readonly source: FlowSource;
  readonly secrets: FlowSecrets;
  /** Relative paths of the settings begin here. */
  readonly rootDir: string;
}

/** How it is served. */
export interface SourceServiceOptions {
  readonly version: string;
  /** The address that will be listened on: away from loopback a token is needed. */
  readonly hostname: string;
  /** Names under which the service answers besides loopback. */
  readonly allowedHosts?: readonly string[];
  /** Takes one line of the log, without its end. */
  readonly writeLog: (line: string) => void;
  /** How long the Redis lock of a dead replica keeps its story; 15 s unless told. */
  readonly lockExpiryMs?: number;
  /** Opens the tools that agents name. */
  readonly openTools: OpenTools;
  /** Leads runs through their stages; left out, the engine does. */
  readonly walk?: FlowWalk;
}

/** Opens tools over the ports that they work on. */
export type OpenTools = (ports: BuiltInPorts) => Promise<ServiceTools>;

/** Tools that may have to be closed. */
export interface ServiceTools extends ToolRunner {
  close?(): Promise<void>;
}

/**
 * Opens sources as a service. What is wrong in them does not stop it: every run then answers
 * `FLOW_INVALID` with the findings. Nothing is sent to the model or to Redis yet.
 * @throws AppError `FLOW_INVALID` for an unusable address of Redis, `SERVE_ADDRESS` without a token away
 * from loopback; what `openTools` throws
 */
export async function openSourceService(
  { source, secrets, rootDir }: ServedFlow,
  options: SourceServiceOptions,
): Promise<FlowService> {
  requireTokenAwayFromLoopback(options.hostname, secrets);
  const log = openServiceLog(source.config.logLevel, options.writeLog);
  const fences = new StoryFences();
  const { lockExpiryMs } = options;
  const place = { config: source.config, secrets, rootDir, log, fences, lockExpiryMs };
  const { memory, lock } = await openMemory(place);
  const folder = resolve(rootDir, source.config.docsDir);
  const documents = openFileDocuments({ folder, fences });
  const tools = await openToolsOver({ documents, memory }, options.openTools);
  const model = openFlowModel(source.config, secrets);
  const swept = sweep({ config: source.config, rootDir, log });
  const service = createFlowService({
    source,
    ports: {
      model,
      memory,
      documents,
      tools,
      lock,
      clock: { now: () => Date.now() },
      ...(options.walk && { walk: options.walk }),
    },
    access: {
      token: secrets.flowsToken,
      allowedHosts: options.allowedHosts ?? [],
      corsOrigins: source.config.corsOrigins,
    },
    version: options.version,
    log,
    askModel: modelQuestion(source.config, secrets),
  });
  return {
    fetch: service.fetch,
    async close(graceMs) {
      await service.close(graceMs);
      await tools.close?.();
      await swept;
    },
  };
}

/** In the background: nobody has to wait until the remains of the dead are gone. */
async function sweep(
  { config, rootDir, log }: Pick<MemoryPlace, "config" | "rootDir" | "log">,
): Promise<void> {
  const memory = ["isolated", "shared", "story", "locks"]
    .map((name) => resolve(rootDir, config.memory.path, name));
  try {
    await sweepLeftovers([resolve(rootDir, config.docsDir), ...memory]);
  } catch (thrown) {
    const message = `Old drafts cannot be removed: ${messageOf(thrown)}`;
    log({ level: "warn", component: "service", message });
  }
}

async function openToolsOver(ports: BuiltInPorts, open: OpenTools): Promise<ServiceTools> {
  try {
    return await open(ports);
  } catch (thrown) {
    await ports.memory.close();
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
  readonly rootDir: string;
  readonly log: ServiceLog;
  readonly fences: StoryFences;
  readonly lockExpiryMs: number | undefined;
}

async function openMemory(
  { config, secrets, rootDir, log, fences, lockExpiryMs }: MemoryPlace,
): Promise<{ readonly memory: Memory; readonly lock: StoryLock }> {
  const { backend, path, redis: settings } = config.memory;
  if (backend === "file") {
    const folder = resolve(rootDir, path);
    const onNotice = (message: string) => log({ level: "warn", component: "memory", message });
    const memory = openFileMemory({ folder, onNotice, fences });
    const lock = openFileStoryLock({ folder, fences });
    const close = async () => {
      await memory.close();
      lock.close();
    };
    return { memory: { ...memory, close }, lock };
  }
  // The client library costs a start without Redis nothing.
  const { openRedis } = await import("../../runtime/flow/redis_connection.ts");
  const { openRedisMemory } = await import("../../runtime/flow/redis_memory.ts");
  const { openRedisStoryLock } = await import("../../runtime/flow/redis_story_lock.ts");
  const redis = openRedis({ url: secrets.redisUrl, poolSize: settings.poolSize });
  const { keyPrefix, ttlSeconds } = settings;
  const memory = openRedisMemory({ redis, keyPrefix, ttlSeconds, fences });
  return {
    memory: { ...memory, close: () => redis.close() },
    lock: openRedisStoryLock({
      redis,
      keyPrefix,
      fences,
      ...(lockExpiryMs !== undefined && { expiryMs: lockExpiryMs }),
    }),
  };
}

/** Asks the model's server for its list of models; the echo of tests is always there. */
function modelQuestion(config: RuntimeConfig, secrets: FlowSecrets): AskModel {
  return async (signal) => {
    const { provider } = config.llm;
    if (provider === "echo") return;
    const { listModels } = await import("../../runtime/llm/list_models.ts");
    await listModels(flowConnection(config, secrets), provider, signal);
  };
}
