// The text of the profile. Whether macOS enforces it as meant, only a Mac can tell.
import { match, ok, strictEqual } from "node:assert/strict";
import { seatbeltCommand, seatbeltProfile } from "../../../runtime/sandbox/seatbelt.ts";
import type { SandboxTools } from "../../../runtime/sandbox/sandbox_tools.ts";
import type { WrapOptions } from "../../../runtime/sandbox/sandbox.ts";

const tools: SandboxTools = {
  home: "/Users/ada",
  find: (program) => `/opt/homebrew/bin/${program}`,
  run: () => ({ success: true, stderr: "" }),
  output: () => undefined,
  kindOf: () => "folder",
  readLink: () => undefined,
  realPath: (path) => path.startsWith("/tmp/") ? `/private${path}` : path,
  firstBytes: () => undefined,
};

function profile(options: Partial<WrapOptions> = {}, args: readonly string[] = []): string {
  const all = { projectDir: "/Users/ada/project", readOnly: [], env: {}, tools, ...options };
  return seatbeltProfile({ command: "npx", args }, all);
}

Deno.test("seatbeltProfile() denies what it does not name, and balances its brackets", () => {
  const text = profile({ hidden: ["/Users/ada/data"], cacheDir: "/Users/ada/data/cache" });

  match(text, /^\(version 1\)\n\(deny default\)\n/);
  strictEqual(text.split("(").length, text.split(")").length);
});

Deno.test("seatbeltProfile() lets the project be written, without its .git", () => {
  const text = profile();

  match(text, /\(allow file-write\* .*\(subpath "\/Users\/ada\/project"\)\)/);
  match(text, /\(deny file-write\* \(subpath "\/Users\/ada\/project\/\.git"\)\)/);
});

Deno.test("seatbeltProfile() names the home folder only to be passed through", () => {
  const text = profile({}, ["/Users/ada", "/Users/ada/docs"]);

  ok(!text.includes('(subpath "/Users/ada")'));
  match(text, /file-read-metadata.*\(literal "\/Users\/ada"\)/);
  match(text, /file-read\* .*\(subpath "\/Users\/ada\/docs"\)/);
});

Deno.test("seatbeltProfile() opens the cache folder after the data folder is closed", () => {
  const text = profile({ hidden: ["/Users/ada/data"], cacheDir: "/Users/ada/data/cache" });
  const closed = text.indexOf('(deny file-read* file-write* (subpath "/Users/ada/data"))');
  const opened = text.lastIndexOf(
    '(allow file-read* file-write* (subpath "/Users/ada/data/cache"))',
  );

  ok(closed > 0 && opened > closed, text);
});

Deno.test("seatbeltProfile() follows links, for the system compares real paths", () => {
  match(profile({ projectDir: "/tmp/project" }), /\(subpath "\/private\/tmp\/project"\)/);
});

Deno.test("seatbeltProfile() quotes what could end a string", () => {
  const text = profile({ projectDir: '/Users/ada/a") (allow default) (x "\\' });

  match(text, /\(subpath "\/Users\/ada\/a\\"\) \(allow default\) \(x \\"\\\\"\)/);
});

Deno.test("seatbeltProfile() cuts off the network when told", () => {
  ok(profile().includes("(allow network*)"));
  ok(!profile({ network: "none" }).includes("allow network"));
});

Deno.test("seatbeltCommand() tells runners where their cache is, but for what is configured", () => {
  const { args } = seatbeltCommand("sandbox-exec", { command: "npx", args: [] }, {
    ...{ projectDir: "/p", readOnly: [], tools },
    env: { UV_CACHE_DIR: "/own" },
    cacheDir: "/c",
  });

  ok(args.includes("npm_config_cache=/c/npm"));
  ok(args.includes("TMPDIR=/c"));
  ok(!args.some((arg) => arg.startsWith("UV_CACHE_DIR")));
});
