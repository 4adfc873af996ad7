import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Sandbox, WrapOptions } from "../../../runtime/sandbox/sandbox.ts";
import { wrapServers } from "../../../runtime/sandbox/wrap_servers.ts";

function inFolder(test: (dataDir: string) => void): () => void {
  return () => {
    const dataDir = Deno.makeTempDirSync();
    try {
      test(dataDir);
    } finally {
      Deno.removeSync(dataDir, { recursive: true });
    }
  };
}

/** A sandbox that notes what it is asked for. */
function noting(kind: Sandbox["kind"], seen: WrapOptions[]): Sandbox {
  return {
    kind,
    description: "",
    wrap(command, args, options) {
      seen.push(options);
      return { command: "wall", args: [command, ...args] };
    },
  };
}

const SERVER = { id: "Git", env: { TOKEN: "t" }, cwd: "/home/ada/project/sub" };

Deno.test(
  "wrapServers() hides the data folder but for a cache folder of each server",
  inFolder((dataDir) => {
    const seen: WrapOptions[] = [];
    const wrap = wrapServers(noting("bubblewrap", seen), {
      projectDir: "/home/ada/project",
      dataDir,
    });
    const wrapped = wrap("uvx", ["a"], SERVER);
    wrap("uvx", ["a"], { ...SERVER, id: "git" });
    const caches = seen.map(({ cacheDir }) => cacheDir ?? "");

    deepStrictEqual(wrapped, { command: "wall", args: ["uvx", "a"] });
    deepStrictEqual(seen[0], {
      projectDir: "/home/ada/project",
      cwd: SERVER.cwd,
      readOnly: [],
      env: SERVER.env,
      hidden: [dataDir],
      cacheDir: join(dataDir, "mcp-cache", "%47it"),
    });
    strictEqual(new Set(caches.map((path) => path.toLowerCase())).size, 2);
    ok(caches.every((path) => Deno.statSync(path).isDirectory));
  }),
);

Deno.test(
  "wrapServers() leaves the command and the data folder alone where there is no sandbox",
  inFolder((dataDir) => {
    const wrap = wrapServers(noting("none", []), { projectDir: "/home/ada/project", dataDir });

    deepStrictEqual(wrap("uvx", ["a"], SERVER), { command: "uvx", args: ["a"] });
    deepStrictEqual([...Deno.readDirSync(dataDir)], []);
  }),
);
