// `npm start`: plays an example offline with the built-in simulation, from source, and shows the
// files it made. The project folder is demo/, the runs lie in demo/.crewagent/; both are git-ignored.

import { fileURLToPath } from "node:url";

const EXAMPLE = "examples/create-story";
const PROJECT = "demo";

const root = fileURLToPath(new URL("../", import.meta.url));
Deno.chdir(root);
await Deno.mkdir(PROJECT, { recursive: true });

const command = ["run", EXAMPLE, "--project", PROJECT, "--simulate", "--yes"];
console.log(`crewagent ${command.join(" ")}\n`);
const startedAt = Date.now();
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["task", "--quiet", "crewagent", ...command],
  env: { CREWAGENT_HOME: `${root}${PROJECT}/.crewagent` },
}).spawn().status;
if (code !== 0) Deno.exit(code);

console.log("\nFiles it made:");
for await (const path of filesSince(startedAt, PROJECT)) {
  const { size } = await Deno.stat(path);
  console.log(`  ${path}  ${size} bytes`);
}
console.log("\nNext: deno task crewagent --help, or npm run build for the executable.");

/** The files below a folder that were written after a time, hidden ones left out. */
async function* filesSince(time: number, folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* filesSince(time, path);
    else if (((await Deno.stat(path)).mtime?.getTime() ?? 0) >= time - 1000) yield path;
  }
}
