// The world of a seed on disk: a project with traps, an outside, other runs; and whether it stayed whole.
import { join } from "node:path";
import { differences, snapshot } from "./disk.ts";
import { strangeFiles, unannounced } from "./file_rules.ts";
import type { Places } from "./scene.ts";

/** A project with links that lead astray, protected folders, and another run beside this one. */
export async function armWorld(root: string, { isDataInside }: { isDataInside: boolean }) {
  const project = join(root, "project");
  const outside = join(root, "outside");
  const data = join(isDataInside ? project : root, "data");
  const files: Record<string, string> = {
    [join(project, "README.md")]: "# Hello\n\nRead me.\n",
    [join(project, "src", "main.ts")]: "export {};\n",
    [join(project, ".git", "config")]: "SECRET\n",
    [join(project, ".crewagent.json")]: '{"key":"SECRET"}\n',
    [join(outside, "secret.txt")]: "SECRET\n",
    [join(data, "runs", "20200101-000000-aaaa", "log.jsonl")]: '{"seq":1,"x":"SECRET"}\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
  const artifacts = join(project, "artifacts");
  await Deno.mkdir(artifacts);
  const links: Record<string, string> = {
    "link-out.md": "../../outside/secret.txt",
    "link-git": "../.git",
    "link.md": "../README.md",
    "link-dir": "../src",
    "loop": "loop",
    "dangling.md": "../../outside/none.txt",
  };
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, join(artifacts, name));
  }
  return { root, project, outside, data };
}

/** Watches everything that a run may not change. */
export function watchWorld({ root, project, data, runDir }: Places) {
  const own = [join(project, "artifacts"), runDir];
  const look = () => ({
    project: snapshot(project, [...own, data]),
    rest: snapshot(root, [project, runDir]),
    data: snapshot(data, own),
  });
  const before = look();
  return {
    changed(announced: ReadonlySet<string>): string[] {
      const after = look();
      return [
        ...unannounced(before.project, after.project, announced),
        ...differences(before.rest, after.rest),
        ...differences(before.data, after.data),
        ...strangeFiles(snapshot(runDir).keys()),
      ];
    },
  };
}

/** What a person would do who finds folders where files belong: tools cannot remove them. */
export function tidyProject(project: string): void {
  const visit = (dir: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(dir)) {
      if (!isDirectory) continue;
      const path = join(dir, name);
      if (name.endsWith(".md")) Deno.removeSync(path, { recursive: true });
      else visit(path);
    }
  };
  visit(join(project, "artifacts"));
}
