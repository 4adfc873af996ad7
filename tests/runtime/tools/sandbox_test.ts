// One table of attacks, run twice: against both walls, and against the permissions of the file worker
// alone. The column `wall2` says which attacks would get through if the resolver failed. Deno checks
// where a link leads when `Deno.open` reads, and only then: new files and folders behind a link, and
// whatever lies inside a root, rest on the resolver.
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import type { Place } from "../../../runtime/tools/mounts.ts";
import { FileWorker, type Outcome } from "../../../runtime/tools/file_worker.ts";
import { codeOf, openWorld, type ToolWorld } from "./tool_world.ts";

interface Attack {
  readonly title: string;
  /** `ROOT` stands for the folder that holds project, package and the outside. */
  readonly path: string;
  readonly tool: "fs.read" | "fs.write";
  /** With wall 1 off: permissions stop it, it succeeds, or it fails for a reason of its own. */
  readonly wall2: "stops" | "rests on wall 1" | "fails anyway";
}

const read = (title: string, path: string, wall2: Attack["wall2"]): Attack => ({
  title: `reading ${title}`,
  path,
  tool: "fs.read",
  wall2,
});
const write = (title: string, path: string, wall2: Attack["wall2"]): Attack => ({
  title: `writing ${title}`,
  path,
  tool: "fs.write",
  wall2,
});

const ATTACKS: readonly Attack[] = [
  read("above the project", "@project/../outside/secret.txt", "stops"),
  write("above the project", "@project/../outside/secret.txt", "stops"),
  read("above the project from deep inside", "@project/a/b/../../../outside/secret.txt", "stops"),
  write("above the project from deep inside", "@project/a/b/../../../outside/secret.txt", "stops"),
  read("the parent itself", "@project/../", "stops"),
  write("a new file beside the project", "@project/../new.txt", "stops"),
  read("above the project with backslashes", "@project\\..\\outside\\secret.txt", "fails anyway"),
  read("by ./ and ../ in turns", "@project/./.././outside/secret.txt", "stops"),
  read("with doubled slashes", "@project//..//outside//secret.txt", "stops"),
  read("an absolute path", "ROOT/outside/secret.txt", "stops"),
  write("an absolute path", "ROOT/outside/secret.txt", "stops"),
  read("a password file", "/etc/passwd", "stops"),
  write("a system file", "/etc/crewagent-test", "stops"),
  read("the process's own memory map", "/proc/self/maps", "stops"),
  read("the process's environment", "/proc/self/environ", "stops"),
  read("a neighbour with the same beginning", "@project/../project-evil/secret.txt", "stops"),
  write("a neighbour with the same beginning", "@project/../project-evil/secret.txt", "stops"),
  read("a neighbour by a glued mount", "@project-evil/secret.txt", "fails anyway"),
  read("a neighbour in another case", "@project/../PROJECT/secret.txt", "stops"),
  write("a neighbour in another case", "@project/../PROJECT/secret.txt", "stops"),
  read("a home folder", "~/.ssh/id_rsa", "fails anyway"),
  read("a file URL", "file:///etc/passwd", "fails anyway"),
  read("a web URL", "https://example.org/x", "fails anyway"),
  read("with percent-escaped dots", "@project/%2e%2e/outside/secret.txt", "fails anyway"),
  write("with percent-escaped dots", "@project/%2e%2e/outside/new.txt", "rests on wall 1"),
  read("with a percent-escaped slash", "@project/..%2foutside%2fsecret.txt", "fails anyway"),
  write("with a percent-escaped NUL", "@project/a%00.md", "rests on wall 1"),
  read("with full-width dots", "@project/．．/outside/secret.txt", "fails anyway"),
  read("through a link to a file", "@project/link-file", "stops"),
  write("through a link to a file", "@project/link-file", "stops"),
  read("through a link to a folder", "@project/link-dir/secret.txt", "stops"),
  write("through a link to a folder", "@project/link-dir/secret.txt", "stops"),
  write("a new file through a link to a folder", "@project/link-dir/new.txt", "rests on wall 1"),
  write("new folders through a link to a folder", "@project/link-dir/a/b.txt", "rests on wall 1"),
  read("through a chain of links", "@project/link-chain/secret.txt", "stops"),
  write("through a chain of links", "@project/link-chain/secret.txt", "stops"),
  read("through an absolute link", "@project/link-absolute", "stops"),
  read("through a link to a system file", "@project/link-etc", "stops"),
  read("a dangling link", "@project/dangling", "fails anyway"),
  write("through a dangling link", "@project/dangling", "fails anyway"),
  write("below a dangling link", "@project/dangling/x.txt", "fails anyway"),
  read("a link to itself", "@project/loop", "fails anyway"),
  write("a link to itself", "@project/loop", "fails anyway"),
  read(
    "the package through a link in the project",
    "@project/link-pkg/bmad.json",
    "rests on wall 1",
  ),
  write(
    "the package through a link in the project",
    "@project/link-pkg/bmad.json",
    "rests on wall 1",
  ),
  read("above the package", "@pkg/../outside/secret.txt", "stops"),
  read("the project through the package", "@pkg/../project/notes.md", "rests on wall 1"),
  read("a link in the package", "@pkg/link-file", "stops"),
  write("the package", "@pkg/bmad.json", "stops"),
  write("a new file in the package", "@pkg/steps/new.md", "stops"),
  write("the package by a short name", "steps/new.md", "rests on wall 1"),
  read("the git folder", "@project/.git/config", "rests on wall 1"),
  write("the git folder", "@project/.git/config", "rests on wall 1"),
  write("a git hook", "@project/.git/hooks/pre-commit", "rests on wall 1"),
  write("the git folder in capitals", "@project/.GIT/config", "rests on wall 1"),
  write("the git folder in mixed case, deep down", "@project/sub/.Git/config", "rests on wall 1"),
  write("the git folder with a zero-width letter", "@project/.g\u200cit/config", "rests on wall 1"),
  write("the git folder with a soft hyphen", "@project/.gi\u00adt/config", "rests on wall 1"),
  write("the git folder by its short Windows name", "@project/GIT~1/config", "rests on wall 1"),
  write("the git folder with a dot behind", "@project/.git./config", "rests on wall 1"),
  write("the git folder with a space behind", "@project/.git /config", "rests on wall 1"),
  write("the git folder as a stream", "@project/.git::$INDEX_ALLOCATION/config", "rests on wall 1"),
  read("the git folder through a link", "@project/link-git/config", "rests on wall 1"),
  write("the git folder through a link", "@project/link-git/config", "rests on wall 1"),
  write("over the git folder", "@project/.git", "fails anyway"),
  read("our own settings", "@project/.crewagent.json", "rests on wall 1"),
  write("our own settings", "@project/.crewagent.json", "rests on wall 1"),
  write("our own settings in capitals", "@project/.CREWAGENT/x", "rests on wall 1"),
  read("the log of the run", "@state/logs/log.jsonl", "stops"),
  write("the log of the run", "@state/logs/log.jsonl", "stops"),
  read("the state's parent", "@state/../secret.txt", "stops"),
  write("another file of the state", "@state/run.md", "stops"),
  write("the state folder itself", "@state", "stops"),
  read("a name with NUL", "@project/notes.md\0.png", "fails anyway"),
  write("a name with NUL", "@project/new.md\0", "fails anyway"),
  write("a name with a line break", "@project/a\nb.md", "rests on wall 1"),
  write("a name with an escape character", "@project/a\x1b[2J.md", "rests on wall 1"),
  read("a device", "/dev/zero", "stops"),
  read("a pipe", "@project/pipe", "fails anyway"),
  write("over a pipe", "@project/pipe", "fails anyway"),
  read("a socket", "@project/socket", "fails anyway"),
  write("over a socket", "@project/socket", "fails anyway"),
  read("a folder as a file", "@project/sub", "fails anyway"),
  write("over a folder", "@project/sub", "fails anyway"),
  write("below a file", "@project/notes.md/x.md", "fails anyway"),
  write("a folder", "@project/new/", "rests on wall 1"),
  write("the project itself", "@project", "fails anyway"),
  read("a drive", "C:\\Windows\\win.ini", "fails anyway"),
  read("a drive with slashes", "C:/Windows/win.ini", "fails anyway"),
  write("a drive behind the mount", "@project/C:/new.txt", "rests on wall 1"),
  read("a network share", "\\\\server\\share\\x", "fails anyway"),
  read("a network share with slashes", "//server/share/x", "stops"),
  read("a device path of Windows", "\\\\?\\C:\\x", "fails anyway"),
  write("a device name of Windows", "@project/CON", "rests on wall 1"),
  write("a device name with an extension", "@project/sub/nul.txt", "rests on wall 1"),
  write("a hidden stream", "@project/notes.md:hidden", "rests on wall 1"),
  write("a name that ends in a dot", "@project/notes.md.", "rests on wall 1"),
  write("a name that ends in a space", "@project/notes.md ", "rests on wall 1"),
  write("a name with a question mark", "@project/what?.md", "rests on wall 1"),
  write("a name with an asterisk", "@project/*.md", "rests on wall 1"),
  write("a name of 300 letters", `@project/${"a".repeat(300)}`, "fails anyway"),
  write("a path of 5,000 letters", `@project/${"ab/".repeat(1700)}x`, "fails anyway"),
  read("nothing", "", "fails anyway"),
  read("spaces", "   ", "fails anyway"),
  write("a path without a mount", "src/main.ts", "rests on wall 1"),
  write("a mount that does not exist", "@home/x.md", "rests on wall 1"),
];

/** Fills the world with what the attacks aim at. */
async function arm(world: ToolWorld): Promise<{ state: string } & Disposable> {
  const { put, project, root } = world;
  put("outside/secret.txt", "SECRET");
  put("project-evil/secret.txt", "SECRET");
  put("PROJECT/secret.txt", "SECRET");
  put("pkg/bmad.json", "{}");
  put("state/logs/log.jsonl", "SECRET");
  put("state/run.md", "SECRET");
  put("project/notes.md", "notes");
  put("project/sub/x.md", "x");
  put("project/.git/config", "SECRET");
  put("project/.crewagent.json", "SECRET");
  const links: Record<string, string> = {
    "link-file": "../outside/secret.txt",
    "link-dir": "../outside",
    "link-chain": "link-dir",
    "link-absolute": `${root}/outside/secret.txt`,
    "link-etc": "/etc/passwd",
    "link-pkg": "../pkg",
    "link-git": ".git",
    "dangling": "../outside/none.txt",
    "loop": "loop",
  };
  for (const [name, target] of Object.entries(links)) {
    await Deno.symlink(target, `${project}/${name}`);
  }
  await Deno.symlink("../outside/secret.txt", `${world.pkg}/link-file`);
  await new Deno.Command("mkfifo", { args: [`${project}/pipe`] }).output();
  const server = Deno.listen({ transport: "unix", path: `${project}/socket` });
  return { state: `${root}/state`, [Symbol.dispose]: () => server.close() };
}

/** Everything that no tool may change, as one value. */
function protectedContents({ root }: ToolWorld): Record<string, string> {
  const contents: Record<string, string> = {};
  const visit = (folder: string) => {
    for (const { name, isFile, isDirectory } of Deno.readDirSync(`${root}/${folder}`)) {
      if (isDirectory) visit(`${folder}/${name}`);
      if (isFile) {
        contents[`${folder}/${name}`] = Deno.readTextFileSync(`${root}/${folder}/${name}`);
      }
    }
  };
  for (const folder of ["outside", "project-evil", "PROJECT", "pkg", "state", "project/.git"]) {
    visit(folder);
  }
  contents.settings = Deno.readTextFileSync(`${root}/project/.crewagent.json`);
  contents.names = [...Deno.readDirSync(root)].map(({ name }) => name).sort().join();
  return contents;
}

Deno.test("the table holds at least 60 attacks with names of their own", () => {
  ok(ATTACKS.length >= 60);
  equal(new Set(ATTACKS.map(({ title }) => title)).size, ATTACKS.length);
});

Deno.test("both walls refuse every attack and nothing protected changes", async (t) => {
  await using world = await openWorld();
  using _armed = await arm(world);
  const before = protectedContents(world);
  for (const attack of ATTACKS) {
    await t.step(attack.title, async () => {
      const path = attack.path.replace("ROOT", world.root);
      const result = await world.call(attack.tool, { path, content: "OWNED" });
      match(codeOf(result) ?? "it went through", /^(E_SANDBOX_VIOLATION|E_TOOL_ARGS|ENOENT)$/);
      ok(!JSON.stringify(result).includes("SECRET"));
      ok(!JSON.stringify(result).includes(world.root));
      deepEqual(protectedContents(world), before);
      deepEqual(world.changes, []);
    });
  }
  deepEqual([...Deno.readDirSync(world.project)].map(({ name }) => name).sort(), PROJECT_NAMES);
});

const PROJECT_NAMES = [
  ".crewagent.json",
  ".git",
  "dangling",
  "link-absolute",
  "link-chain",
  "link-dir",
  "link-etc",
  "link-file",
  "link-git",
  "link-pkg",
  "loop",
  "notes.md",
  "pipe",
  "socket",
  "sub",
];

Deno.test("the second wall alone stops what the table says", async (t) => {
  await using world = await openWorld();
  using armed = await arm(world);
  const { project, pkg, root } = world;
  const files = new FileWorker({ project, pkg, hidden: [], confined: false });
  for (const { title, path, tool, wall2 } of ATTACKS) {
    await t.step(`${title}: ${wall2}`, async () => {
      const before = protectedContents(world);
      const place = joinOnly(path.replace("ROOT", root), armed.state);
      const outcome = verdictOf(
        tool === "fs.read"
          ? await files.run("read", { place, maxBytes: 1000 }, LIMITS)
          : await writeUnchecked(files, place),
      );
      equal(outcome, wall2);
      if (outcome === "stops") deepEqual(protectedContents(world), before);
    });
  }
  files.close();
});

const LIMITS = { timeoutMs: 300_000, signal: new AbortController().signal };

function verdictOf(outcome: Outcome<unknown>): Attack["wall2"] {
  if (outcome.ok) return "rests on wall 1";
  notEqual(outcome.error.code, "E_TOOL_TIMEOUT");
  return outcome.error.message.includes("second wall") ? "stops" : "fails anyway";
}

async function writeUnchecked(files: FileWorker, place: Place) {
  const loaded = await files.run("load", { place }, LIMITS);
  if (!loaded.ok) return loaded;
  const sha256Before = loaded.value.file?.sha256 ?? null;
  const bytes = new TextEncoder().encode("OWNED");
  return await files.run("replace", { place, bytes, sha256Before }, LIMITS);
}

/** What a careless resolver would do: put the rest of the path behind the mount's folder. */
function joinOnly(path: string, state: string): Place {
  const [mount = "", ...rest] = path.split("/");
  if (mount === "@pkg") return { mount: "pkg", parts: rest };
  if (mount === "@state") return { mount: "project", parts: [state, ...rest] };
  return { mount: "project", parts: mount === "@project" ? rest : [path] };
}
