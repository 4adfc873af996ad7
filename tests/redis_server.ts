// A real redis-server in a temporary folder that can be killed and started again where it was.
import { setTimeout as delay } from "node:timers/promises";

/** Whether this machine has one; tests that need it skip without, and name it. */
export const hasRedis: boolean = await (async () => {
  try {
    const { success } = await new Deno.Command("redis-server", {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
})();

/** A server that runs, or was killed and can be started again on the same port with the same data. */
export interface RedisProcess {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a server that keeps every acknowledged write, also when it is killed. */
export async function startRedis(...extra: string[]): Promise<RedisProcess> {
  const folder = await Deno.makeTempDir();
  let port = freePort();
  let child = await spawnRedis(folder, port, extra);
  for (let tries = 0; child === undefined && tries < 5; tries++) {
    port = freePort();
    child = await spawnRedis(folder, port, extra);
  }
  const kill = async () => {
    child?.kill("SIGKILL");
    await child?.status;
    child = undefined;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async start() {
      for (let tries = 0; child === undefined && tries < 50; tries++) {
        child = await spawnRedis(folder, port, extra);
        if (child === undefined) await delay(100);
      }
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** `undefined` where it ends before it is ready, as when the port is taken. */
async function spawnRedis(folder: string, port: number, extra: readonly string[]) {
  const child = new Deno.Command("redis-server", {
    args: [
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", ""],
      ...["--appendonly", "yes", "--appendfsync", "always", ...extra],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += new TextDecoder().decode(piece.value);
    if (text.includes("Ready to accept connections")) {
      reader.releaseLock();
      child.stdout.cancel().catch(() => {});
      return child;
    }
  }
  await child.status;
  return undefined;
}
