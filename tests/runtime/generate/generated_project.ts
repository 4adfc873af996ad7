// Generates projects in temporary folders and runs them, for tests.
import { join } from "node:path";
import {
  type Generated,
  generateProject,
  readFolder,
} from "../../../runtime/generate/generate_project.ts";
import { inFolder } from "../flow/flow_world.ts";

/** A generated project and the sources that it came from. */
export interface GeneratedPlace {
  readonly dir: string;
  readonly out: string;
  readonly generated: Generated;
  /** Generates it once more. */
  again(): Promise<Generated>;
}

/** Generates a project of these files and hands it out. */
export async function withProject(
  files: Readonly<Record<string, string>>,
  use: (place: GeneratedPlace) => Promise<void>,
): Promise<void> {
  await inFolder(files, async (dir) => {
    const out = join(dir, "generated");
    const again = () =>
      generateProject({ read: readFolder(dir), out, version: "1.2.3", purpose: "write" });
    await use({ dir, out, generated: await again(), again });
  });
}

/** Every file below a folder by path. */
export async function filesBelow(folder: string, prefix = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(join(folder, prefix))) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    if (isDirectory) {
      for (const entry of await filesBelow(folder, path)) files.set(...entry);
    } else files.set(path, await Deno.readTextFile(join(folder, path)));
  }
  return files;
}

/** What a program left behind. */
export interface Ended {
  readonly code: number;
  /** Both outputs. */
  readonly text: string;
}

/** Runs Deno in a folder. */
export async function runDeno(cwd: string, args: readonly string[]): Promise<Ended> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
