// How long a check of a package with 1,000 nodes and 1,500 edges takes: in this process, once warm, and
// as the whole process `crewagent check` (from source; the executable too, if dist/crewagent is there).

import { fileURLToPath } from "node:url";
import { writeArchive } from "../../runtime/package/archive.ts";
import { checkPackage } from "../../runtime/package/check.ts";
import { asFiles, largePackage, writeTexts } from "../runtime/package/sample_package.ts";

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
globalThis.addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
const folder = `${dir}/large`;
const archive = `${dir}/large.bmad`;
const texts = largePackage(1000);
await writeTexts(folder, texts);
await Deno.writeFile(archive, writeArchive(asFiles(texts), "The package"));

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));
const binary = fileURLToPath(new URL("../../dist/crewagent", import.meta.url));

function run(command: string, args: readonly string[]): void {
  const { code } = new Deno.Command(command, { args: [...args], stdout: "null" }).outputSync();
  if (code !== 0) throw new Error(`check ended with ${code}`);
}

Deno.bench("checkPackage(), 1,000 nodes, folder", async () => void await checkPackage(folder));

Deno.bench("checkPackage(), 1,000 nodes, .bmad", async () => void await checkPackage(archive));

Deno.bench("deno run main.ts check, 1,000 nodes", { n: 10, warmup: 1 }, () => {
  run(Deno.execPath(), ["run", "--no-check", "--allow-read", "--allow-env", main, "check", folder]);
});

Deno.bench(
  "crewagent check, 1,000 nodes, folder",
  { n: 10, warmup: 1, ignore: !isFile(binary) },
  () => {
    run(binary, ["check", folder]);
  },
);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
