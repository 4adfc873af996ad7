// A package whose agent has a menu item of every kind: hello-branch with more in it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFolder } from "../runtime/package/folder.ts";
import type { MenuItem } from "../schemas/package.ts";

/** What the agent's menu holds, from 1. */
export const TALK_MENU: readonly MenuItem[] = [
  { trigger: "tour", description: "[T] Take the tour", workflow: "main" },
  { trigger: "haiku", description: "[HK] Write a haiku", exec: "assets/haiku.md" },
  { trigger: "explain", description: "[EX] Explain the tour", action: "#explain" },
  { trigger: "list", description: "[L] List what is here", action: "List the files of @project" },
  {
    trigger: "moons",
    description: "[M] Count moons",
    action: "Count the moons",
    data: "{project-root}/moons.csv",
  },
  {
    trigger: "checked",
    description: "[C] Checked tour",
    workflow: "main",
    "validate-workflow": "{project-root}/needed.md",
  },
  { trigger: "again", description: "[R] Go on where I stopped", action: "run.resume" },
  { trigger: "bye", description: "[D] Dismiss", action: "agent.dismiss" },
  { trigger: "write-plan", description: "Write the plan", action: "Write a plan" },
  { trigger: "write-report", description: "Write the report", action: "Write a report" },
];

/** The package's files. */
export async function talkPackage(): Promise<Map<string, Uint8Array>> {
  const dir = fileURLToPath(new URL("../examples/hello-branch", import.meta.url));
  const files = new Map(await readFolder(dir, "hello-branch"));
  const decode = (path: string) => new TextDecoder().decode(files.get(path));
  const encode = (text: string) => new TextEncoder().encode(text);
  const agents = JSON.parse(decode("agents.json"));
  agents.agents[0].menu = TALK_MENU;
  agents.agents[0].prompts = [{ id: "explain", content: "Explain the tour in one sentence." }];
  files.set("agents.json", encode(JSON.stringify(agents)));
  files.set("assets/haiku.md", encode("# Haiku\n\nWrite one haiku about the moon.\n"));
  return files;
}

/** `workflow.md` of the package with these variables, which no step sets. */
export async function packageWithVariables(variables: string): Promise<Map<string, Uint8Array>> {
  const files = await talkPackage();
  const text = new TextDecoder().decode(files.get("workflow.md"));
  const changed = text.replace(/variables:\n( {2}.*\n)+/, `variables:\n${variables}`);
  files.set("workflow.md", new TextEncoder().encode(changed));
  return files;
}

/** The files as a folder in `dir`; returns its path. */
export async function writePackage(
  dir: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const folder = join(dir, "package");
  for (const [path, content] of files) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeFile(join(folder, path), content);
  }
  return folder;
}
