#!/usr/bin/env node
// Runs the pinned Deno for people who have only Node: `node .ci/deno.mjs task test`.
// It sets what Deno needs before it starts: DENO_TLS_CA_STORE, so that downloads also work behind a
// proxy or with a private certificate authority (a task's own variables come too late for that).
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

const DENO = "deno@2.7.11";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const env = { DENO_TLS_CA_STORE: "system,mozilla", ...process.env };

// Deno is started by its own path, not through npx: npx passes no signals on, and a killed npx
// would leave a server running.
const child = spawn(denoPath(), process.argv.slice(2), { env, stdio: "inherit" });
child.on("error", (error) => fail(error.message));
child.on("exit", (code, signal) => {
  for (const name of SIGNALS) process.removeAllListeners(name);
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
});

// The terminal sends Ctrl-C to the whole group, so the child has it already; the rest is passed on.
process.on("SIGINT", () => {});
for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));

/** Fetches Deno from npm, if need be, and asks it where it lies. */
function denoPath() {
  const [program, args, shell] = npx();
  const probe = ["-y", DENO, "eval", "console.log(Deno.execPath())"];
  const quoted = shell ? probe.map((arg) => `"${arg}"`) : probe;
  const found = spawnSync(program, [...args, ...quoted], {
    env,
    shell,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = found.stdout?.trim().split(/\r?\n/).at(-1);
  if (!path || !existsSync(path)) fail(`npx could not fetch ${DENO}; is npm's registry reachable?`);
  return path;
}

/** Under `npm run` npx is a script next to npm's own; elsewhere it is a program on the PATH. */
function npx() {
  const npm = process.env.npm_execpath ?? "";
  const script = join(dirname(npm), "npx-cli.js");
  if (npm.endsWith("npm-cli.js") && existsSync(script)) return [process.execPath, [script], false];
  // Windows has npx.cmd, which only a shell can start.
  return ["npx", [], process.platform === "win32"];
}

function fail(reason) {
  console.error(`Error: ${reason}`);
  process.exit(1);
}
