// Builds the executable:  deno task build [TARGET…] [--all]
//
//   (nothing)   this machine's executable, as dist/crewagent (.exe on Windows)
//   TARGET…     the named ones, as dist/crewagent-TARGET; fails where one cannot be built
//   --all       every target whose base binary can be had here; names the others, and ends well
//
// How (docs/decisions/001-build.md): bundle → stage → compile.
//
// 1. `deno bundle --code-splitting` turns main.ts and every worker into files in a staging folder.
//    Dynamic imports become chunks, so a command loads only what it uses. All chunks lie at the
//    stage's root, which is where `import.meta.url` of any bundled module points.
// 2. Workers. Source says `new Worker(new URL("./worker.ts", import.meta.url), …)`, the only form
//    that the lint plugin allows. Bundled, that URL is `<stage>/worker.ts`, while the bundler writes
//    `<stage>/runtime/tools/worker.js`: a one-line module at the root joins the two. Hence the file
//    names of workers have to differ, and a worker cannot start another worker.
// 3. EMBEDDED folders are copied beside the chunks; `runtime/package/embedded.ts` finds them.
//    So does the flow engine's source, for `crewagent generate`: one file of all that it imports.
// 4. The driver of the database loads its native half by `require("@libsql/TARGET")`, which the bundle
//    keeps. Each target gets that one package as node_modules of the stage; deno.lock pins it.
// 5. `deno compile` runs in the stage, whose deno.json is `{}`: it would bake the `unstable` list
//    and embed the whole import map's packages otherwise. It gets the least rights that the product
//    needs; workers that touch untrusted data hold less.
//
// `DENORT_BIN` names a base binary for this machine's target, where none can be downloaded
// (.ci/denort.mjs). It is never used for another target.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ENGINE_FILE, engineFromSource } from "../runtime/generate/engine.ts";

/** Target → the package with the database's native half. */
const DATABASE_ADDONS: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "@libsql/linux-x64-gnu",
  "aarch64-unknown-linux-gnu": "@libsql/linux-arm64-gnu",
  "aarch64-apple-darwin": "@libsql/darwin-arm64",
  "x86_64-apple-darwin": "@libsql/darwin-x64",
  "x86_64-pc-windows-msvc": "@libsql/win32-x64-msvc",
};

const TARGETS = Object.keys(DATABASE_ADDONS);

/** What the executable carries besides its code. */
const EMBEDDED = ["examples"];

/** Rooms whose files may start workers. */
const WORKER_ROOMS = ["runtime", "builder"];

const RIGHTS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-run",
  "--allow-env",
  "--allow-ffi",
  "--unstable-worker-options",
  "--unstable-node-globals",
];

const WORKER = /new Worker\(\s*new URL\(\s*"\.\/([a-z0-9_]+)\.ts"/g;

const root = fileURLToPath(new URL("../", import.meta.url)).replaceAll("\\", "/");

interface Stage {
  readonly folder: string;
  /** What `main.js` does not import: workers and embedded folders, as paths in the stage. */
  readonly includes: readonly string[];
}

/** A target, and the file name in `dist/` (without `.exe`). */
interface Job {
  readonly target: string;
  readonly name: string;
}

async function build(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: "boolean" }, target: { type: "string", multiple: true } },
  });
  const named = values.all ? TARGETS : [...positionals, ...values.target ?? []];
  const unknown = named.filter((target) => !TARGETS.includes(target));
  if (unknown.length > 0) {
    console.error(`No such target: ${unknown.join(", ")}. There are: ${TARGETS.join(", ")}`);
    return 2;
  }
  const jobs = named.map((target) => ({ target, name: `crewagent-${target}` }));
  const missing = await buildAll(
    jobs.length > 0 ? jobs : [{ target: Deno.build.target, name: "crewagent" }],
  );
  return missing.length > 0 && !values.all ? 1 : 0;
}

/** Builds what it can; returns the targets whose base binary is missing, after saying so. */
async function buildAll(jobs: readonly Job[]): Promise<readonly string[]> {
  const folder = await Deno.makeTempDir({ prefix: "crewagent-build-" });
  const missing: string[] = [];
  try {
    const stage = await makeStage(folder);
    for (const job of jobs) {
      if (!await compile(stage, job)) missing.push(job.target);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (missing.length > 0) {
    console.log("\nNot built, since `deno compile` could not fetch their base binary (denort):");
    for (const target of missing) console.log(`  ${target}`);
    console.log("On a machine with network nothing is needed; without, on linux x64:");
    console.log('  DENORT_BIN="$(node .ci/denort.mjs)" deno task build');
  }
  return missing;
}

async function makeStage(folder: string): Promise<Stage> {
  const workers = await findWorkers();
  const bundle = ["bundle", "--quiet", "--code-splitting", "--outdir", folder];
  const bundled = await deno([...bundle, "main.ts", ...workers], { cwd: root });
  if (!bundled.success) throw new Error(`deno bundle failed:\n${bundled.stderr}`);

  const includes: string[] = [];
  for (const worker of workers) {
    const name = worker.slice(worker.lastIndexOf("/") + 1);
    if (includes.includes(name)) throw new Error(`Two workers are called ${name}: rename one`);
    const module = worker.replace(/\.ts$/, ".js");
    await Deno.writeTextFile(`${folder}/${name}`, `import "./${module}";\n`);
    includes.push(name);
  }
  for (const embedded of EMBEDDED) {
    await copyFolder(`${root}${embedded}`, `${folder}/${embedded}`);
    includes.push(embedded);
  }
  await Deno.writeTextFile(`${folder}/${ENGINE_FILE}`, JSON.stringify(engineFromSource()));
  includes.push(ENGINE_FILE);
  await Deno.writeTextFile(`${folder}/deno.json`, "{}\n");
  return { folder, includes };
}

/** The worker modules that the source names, relative to the repository's root. */
async function findWorkers(): Promise<readonly string[]> {
  const workers = new Set<string>();
  for (const room of WORKER_ROOMS) {
    for await (const file of filesIn(`${root}${room}`)) {
      if (!/\.tsx?$/.test(file)) continue;
      for (const [, name] of (await Deno.readTextFile(file)).matchAll(WORKER)) {
        workers.add(`${file.slice(root.length, file.lastIndexOf("/"))}/${name}.ts`);
      }
    }
  }
  return [...workers].sort();
}

/** Every file below a folder; nothing where there is no such folder. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) yield* filesIn(`${folder}/${name}`);
      else yield `${folder}/${name}`;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  for await (const file of filesIn(from)) {
    const copy = to + file.slice(from.length);
    await Deno.mkdir(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(file, copy);
  }
}

/** Puts the native half of the database for one target into the stage, instead of another's. */
async function stageDatabaseAddon(stage: Stage, target: string): Promise<string> {
  const name = DATABASE_ADDONS[target] ?? "";
  const lock = await Deno.readTextFile(`${root}deno.lock`);
  // A copy, since Deno notes in it what is fetched; the checksums in it still count.
  await Deno.writeTextFile(`${stage.folder}/addon.lock`, lock);
  const version = new RegExp(`"${name}@([^"]+)": \\{`).exec(lock)?.[1];
  if (version === undefined) throw new Error(`deno.lock does not pin ${name}`);
  const fetched = await deno(["cache", "--lock", "addon.lock", `npm:${name}@${version}`], {
    cwd: stage.folder,
  });
  if (!fetched.success) throw new Error(`${name} could not be had:\n${fetched.stderr}`);
  await Deno.remove(`${stage.folder}/node_modules`, { recursive: true }).catch(ignoreMissing);
  const staged = `${stage.folder}/node_modules/${name}`;
  await copyFolder(`${await npmFolder(name)}/${version}`, staged);
  return "node_modules";
}

/** Where Deno keeps a package, whichever registry it came from. */
async function npmFolder(name: string): Promise<string> {
  const { stdout } = await deno(["info", "--json"], { cwd: root });
  const { npmCache } = JSON.parse(stdout) as { npmCache: string };
  for await (const registry of Deno.readDir(npmCache)) {
    const folder = `${npmCache}/${registry.name}/${name}`;
    if (await Deno.stat(folder).then(() => true, ignoreMissing)) return folder;
  }
  throw new Error(`${name} is not in ${npmCache}`);
}

function ignoreMissing(error: unknown): false {
  if (error instanceof Deno.errors.NotFound) return false;
  throw error;
}

/** Compiles one target; false where its base binary is missing. */
async function compile(stage: Stage, { target, name }: Job): Promise<boolean> {
  const addon = await stageDatabaseAddon(stage, target);
  const output = `${root}dist/${name}${target.includes("windows") ? ".exe" : ""}`;
  const includes = [...stage.includes, addon].flatMap((path) => ["--include", path]);
  const compiled = await deno(
    ["compile", "--no-check", "--target", target, ...RIGHTS, ...includes, "-o", output, "main.js"],
    { cwd: stage.folder, keepBaseBinary: target === Deno.build.target },
  );
  if (!compiled.success) {
    if (compiled.stderr.includes("Setting up base binary")) return false;
    throw new Error(`deno compile failed for ${target}:\n${compiled.stderr}`);
  }
  const { size } = await Deno.stat(output);
  console.log(`${output.slice(root.length)}  ${(size / 1e6).toFixed(1)} MB  ${target}`);
  return true;
}

async function deno(
  args: readonly string[],
  options: { readonly cwd: string; readonly keepBaseBinary?: boolean },
): Promise<{ readonly success: boolean; readonly stdout: string; readonly stderr: string }> {
  const env = Deno.env.toObject();
  if (!options.keepBaseBinary) delete env.DENORT_BIN;
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: options.cwd,
    env: { ...env, NO_COLOR: "1" },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, stdout: out ?? "", stderr: err ?? "" };
}

Deno.exit(await build([...Deno.args]));
