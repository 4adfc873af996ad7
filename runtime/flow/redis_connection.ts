// The connections to a Redis server, for memory and locks. The one file that knows the client library.
import { Redis } from "ioredis";
import { AppError, messageOf } from "../../schemas/error.ts";

/** Where Redis is and how it is used. */
export interface RedisOptions {
  /** `redis://` or `rediss://`; may hold a password, which never gets into a message. */
  readonly url: string;
  /** At most this many connections; each is opened when it is first needed. */
  readonly poolSize: number;
  /** How long a command waits for a connection that is being made anew; 2 s unless told. */
  readonly connectWaitMs?: number;
}

/** A Redis server, connected to when it is first needed and again whenever the connection is lost. */
export interface RedisServer {
  /**
   * Runs commands on the connection that serves `key`, so that those on one key stay in order. What was
   * sent when the connection broke is not sent again: the caller gets an error and knows.
   * @throws AppError `FLOW_MEMORY_UNAVAILABLE` when there is no connection, or Redis refuses
   */
  run<T>(key: string, command: (redis: RedisCommands) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The commands we use. */
export interface RedisCommands {
  hget(key: string, field: string): Promise<string | null>;
  /** Field, value, field, value, … */
  hgetall(key: string): Promise<readonly string[]>;
  /** `false` if the key was there. */
  setIfAbsent(key: string, value: string, expiryMs: number): Promise<boolean>;
  /** Runs a Lua script. */
  script(text: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  ping(): Promise<void>;
}

const CONNECT_WAIT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 3_000;
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_RECONNECT_MS = 500;

/**
 * Prepares connections to a server; opens none yet.
 * @throws AppError `FLOW_INVALID` for a text that is no address of a Redis
 */
export function openRedis(options: RedisOptions): RedisServer {
  const place = placeOf(options.url);
  const pool: (Connection | undefined)[] = [];
  const size = Math.max(1, options.poolSize);

  const connectionFor = (key: string) => {
    const index = hashOf(key) % size;
    return pool[index] ??= new Connection(options.url);
  };
  return {
    async run(key, command) {
      const connection = connectionFor(key);
      try {
        await connection.ready(options.connectWaitMs ?? CONNECT_WAIT_MS);
        return await command(connection.commands);
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown;
        const message = `Redis at "${place}" did not do what was asked: ${messageOf(thrown)}`;
        throw new AppError("FLOW_MEMORY_UNAVAILABLE", message, { cause: thrown });
      }
    },
    async close() {
      await Promise.all(pool.map((connection) => connection?.close()));
    },
  };
}

/** One connection, and what went wrong with it last. */
class Connection {
  readonly #redis: Redis;
  readonly commands: RedisCommands;
  #lastError = "it does not answer";

  constructor(url: string) {
    this.#redis = new Redis(url, {
      protocol: 2,
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: COMMAND_TIMEOUT_MS,
      // A command that waits in a queue is lost with the process, and nobody is told.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      disableClientInfo: true,
      retryStrategy: (times) => Math.min(50 * times, MAX_RECONNECT_MS),
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
    });
    // Every command that waits for the connection listens.
    this.#redis.setMaxListeners(0);
    this.#redis.on("error", (error) => this.#lastError = messageOf(error));
    this.commands = commandsOf(this.#redis);
  }

  /** Resolves once there is a connection; rejects when it takes too long. */
  async ready(waitMs: number): Promise<void> {
    if (this.#redis.status === "ready") return;
    // What goes wrong arrives as an event, and the library tries again by itself.
    if (this.#redis.status === "wait") this.#redis.connect().catch(() => {});
    let stopWaiting = () => {};
    const connected = new Promise<void>((resolve, reject) => {
      const onReady = () => resolve();
      const timer = setTimeout(() => reject(new Error(this.#lastError)), waitMs);
      this.#redis.once("ready", onReady);
      stopWaiting = () => {
        clearTimeout(timer);
        this.#redis.off("ready", onReady);
      };
    });
    await connected.finally(() => stopWaiting());
  }

  async close(): Promise<void> {
    const open = ["connecting", "connect", "ready"].includes(this.#redis.status);
    const ended = new Promise((resolve) => this.#redis.once("end", resolve));
    this.#redis.disconnect();
    // Between two tries there is no connection that could end.
    if (open) await ended;
  }
}

function commandsOf(redis: Redis): RedisCommands {
  return {
    hget: (key, field) => redis.hget(key, field),
    hgetall: async (key) => await redis.call("HGETALL", key) as string[],
    setIfAbsent: async (key, value, expiryMs) =>
      await redis.set(key, value, "PX", expiryMs, "NX") === "OK",
    script: (text, keys, args) => redis.eval(text, keys.length, ...keys, ...args),
    ping: async () => {
      await redis.ping();
    },
  };
}

/** Host and port, for messages. */
function placeOf(url: string): string {
  if (URL.canParse(url)) {
    const { protocol, hostname, port } = new URL(url);
    if (/^rediss?:$/.test(protocol)) return `${hostname || "127.0.0.1"}:${port || "6379"}`;
  }
  throw new AppError(
    "FLOW_INVALID",
    "The address of Redis (REDIS_URL) is none: write redis://HOST:PORT or rediss://HOST:PORT",
  );
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
