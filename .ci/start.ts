// `npm start`: plays an example offline with the built-in simulation, from source, and shows the
// files it made. Each start gets a new project folder in demo/, which is git-ignored.

import { fileURLToPath } from "node:url";

const EXAMPLE = "examples/create-story";
const DEMO = "demo";

Deno.chdir(fileURLToPath(new URL("../", import.meta.url)));
await Deno.mkdir(DEMO, { recursive: true });
const project = await Deno.makeTempDir({ dir: DEMO, prefix: "story-" });

const command = ["run", EXAMPLE, "--project", project, "--simulate", "--yes"];
console.log(`crewagent ${command.join(" ")}\n`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["task", "--quiet", "crewagent", ...command],
  env: { CREWAGENT_HOME: `${DEMO}/.crewagent` },
}).spawn().status;
if (code !== 0) Deno.exit(code);

console.log("\nFiles it made:");
for await (const path of filesIn(project)) {
  const { size } = await Deno.stat(path);
  console.log(`  ${path}  ${size} bytes`);
}
console.log("\nNext: deno task crewagent --help, or npm run build for the executable.");

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}
