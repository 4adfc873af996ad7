import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openProjectBin, type ProjectBin } from "../../builder/project_bin.ts";
import { openProjectFolder, plainPath, type ProjectFolder } from "../../builder/project_folder.ts";
import { AppError, type ErrorCode } from "../../schemas/error.ts";

interface Scene {
  readonly dir: string;
  /** The real path of the project, which holds the data folder. */
  readonly project: string;
  readonly dataDir: string;
  readonly folder: ProjectFolder;
  readonly bin: ProjectBin;
  /** Writes a text into the project, with its folders. */
  put(path: string, text: string): void;
  read(path: string): string;
  exists(path: string): boolean;
}

async function withProject(test: (scene: Scene) => Promise<void>): Promise<void> {
  const dir = Deno.realPathSync(await Deno.makeTempDir({ prefix: "crewagent-project-" }));
  const project = join(dir, "project");
  const dataDir = join(project, "mine", "data");
  for (const path of [join(dir, "outside"), dataDir]) Deno.mkdirSync(path, { recursive: true });
  Deno.writeTextFileSync(join(dir, "outside", "secret.txt"), "SECRET");
  Deno.writeTextFileSync(join(dataDir, "key"), "SECRET");
  const folder = openProjectFolder(project, dataDir);
  const at = (path: string) => join(project, path);
  const put = (path: string, text: string) => {
    Deno.mkdirSync(join(at(path), ".."), { recursive: true });
    Deno.writeTextFileSync(at(path), text);
  };
  const exists = (path: string) => {
    try {
      Deno.lstatSync(at(path));
      return true;
    } catch {
      return false;
    }
  };
  try {
    const bin = openProjectBin(folder, dataDir);
    const read = (path: string) => Deno.readTextFileSync(at(path));
    await test({ dir, project, dataDir, folder, bin, put, read, exists });
  } finally {
    folder.close();
    await Deno.remove(dir, { recursive: true });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "done";
  } catch (thrown) {
    ok(thrown instanceof AppError, String(thrown));
    return thrown.code;
  }
}

/** Paths that are refused before anything is looked at, and places that links or names close. */
const HOSTILE: readonly string[] = [
  "..",
  "../outside/secret.txt",
  "a/../../outside/secret.txt",
  "..\\outside\\secret.txt",
  "a\0b",
  "a\nb",
  "C:\\Windows\\win.ini",
  "c:x",
  "file.txt::$DATA",
  "CON",
  "aux.txt",
  "nul",
  "name.",
  "name ",
  "%2e%2e/outside/secret.txt",
  ".git",
  ".git/config",
  "sub/.git/config",
  ".GIT/config",
  ".gi\u200Bt/config",
  "git~1/config",
  ".crewagent",
  ".crewagent-x/y",
  "x".repeat(300),
  `${"d/".repeat(600)}x`,
  "mine/data",
  "mine/data/key",
  "to-outside",
  "to-outside/secret.txt",
  "to-secret",
  "to-data/key",
  "to-nowhere",
  "circle",
];

/** What leads out, links included. */
async function withHostileProject(test: (scene: Scene) => Promise<void>): Promise<void> {
  await withProject(async (scene) => {
    const { project, dir, put } = scene;
    put(".git/config", "git");
    put("sub/.git/config", "git");
    put("good.txt", "good");
    const link = (to: string, name: string) => Deno.symlinkSync(to, join(project, name));
    link(join(dir, "outside"), "to-outside");
    link("../outside/secret.txt", "to-secret");
    link("mine/data", "to-data");
    link("missing", "to-nowhere");
    link("circle", "circle");
    await test(scene);
  });
}

const REFUSED: readonly ErrorCode[] = ["FILE_NOT_FOUND", "EDIT_REFUSED", "REQUEST_INVALID"];

Deno.test({
  name: "ProjectFolder refuses every path that leads out of the project or to what is closed",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withHostileProject(async ({ dir, dataDir, folder, bin, read }) => {
      const ways: Record<string, (path: string) => Promise<unknown>> = {
        window: (path) => folder.window(path, { from: 0, count: 10 }),
        glimpse: (path) => folder.glimpse(path),
        read: (path) => folder.read(path, { maxBytes: 100 }),
        table: (path) => folder.table(path, { from: 0, count: 1 }),
        load: (path) => folder.load(path),
        digest: (path) => folder.digest(path),
        stream: (path) => folder.stream(path),
        write: (path) => folder.write(path, bytes("x"), null),
        makeFolder: (path) => folder.makeFolder(`${path}/new`),
        moveFrom: (path) => folder.move(path, "moved"),
        moveTo: (path) => folder.move("good.txt", `${path}/moved`),
        remove: (path) => bin.remove(path),
      };
      for (const path of HOSTILE) {
        for (const [way, act] of Object.entries(ways)) {
          const code = await codeOf(act(path));
          ok(REFUSED.includes(code as ErrorCode), `${way} ${JSON.stringify(path)}: ${code}`);
        }
      }
      const outside = [...Deno.readDirSync(join(dir, "outside"))].map(({ name }) => name);
      const own = [...Deno.readDirSync(dataDir)].map(({ name }) => name);
      deepStrictEqual([outside, own], [["secret.txt"], ["key"]]);
      deepStrictEqual([read("good.txt"), read(".git/config")], ["good", "git"]);
    });
  },
});

Deno.test("ProjectFolder says what is wrong without paths of the machine or words for models", async () => {
  await withHostileProject(async ({ dir, folder }) => {
    for (const path of ["to-secret", "../x", ".git/config", "missing.txt", "mine/data/key"]) {
      await rejects(folder.glimpse(path), ({ message }: Error) => {
        ok(!message.includes(dir) && !/@project|fs_|tools?\b|mount/i.test(message), message);
        return true;
      });
    }
  });
});

Deno.test({
  name: "ProjectFolder never opens pipes, and says what they are",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withProject(async ({ project, folder, bin }) => {
      await new Deno.Command("mkfifo", { args: [join(project, "pipe")] }).output();
      strictEqual((await folder.glimpse("pipe")).kind, "other");
      for (const act of [() => folder.digest("pipe"), () => folder.stream("pipe")]) {
        strictEqual(await codeOf(act()), "REQUEST_INVALID");
      }
      strictEqual(await codeOf(bin.remove("pipe")), "REQUEST_INVALID");
      strictEqual(await codeOf(folder.load("pipe")), "REQUEST_INVALID");
    });
  },
});

Deno.test("ProjectFolder.window() pages 3,000 entries: folders first, by number, hidden ones left out", async () => {
  await withProject(async ({ project, folder, put }) => {
    Deno.mkdirSync(join(project, "big"));
    for (let at = 0; at < 3_000; at++) Deno.createSync(join(project, "big", `f${at}`)).close();
    put("big/.hidden", "");
    put("big/zz/x", "");
    const first = await folder.window("big", { from: 0, count: 3 });
    const last = await folder.window("big", { from: 2_999, count: 10 });
    deepStrictEqual([first.total, first.entries.map(({ name }) => name)], [3_001, [
      "zz",
      "f0",
      "f1",
    ]]);
    deepStrictEqual(last.entries.map(({ name }) => name), ["f2998", "f2999"]);
    deepStrictEqual((await folder.window("big", { from: 20_000, count: 5 })).entries, []);
  });
});

Deno.test({
  name: "ProjectFolder.window() tells links by where they lead, and names that no path can hold",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withHostileProject(async ({ project, folder, put }) => {
      Deno.symlinkSync("good.txt", join(project, "alias"));
      put("back\\slash", "");
      const { entries } = await folder.window("", { from: 0, count: 50 });
      const seen = entries.map(({ name, kind, isUsable }) => `${name} ${kind} ${isUsable}`);
      deepStrictEqual(seen, [
        "mine folder true",
        "sub folder true",
        "alias file true",
        "back\\slash file false",
        "circle link false",
        "good.txt file true",
        "to-data link false",
        "to-nowhere link false",
        "to-outside link false",
        "to-secret link false",
      ]);
      deepStrictEqual((await folder.window("mine", { from: 0, count: 5 })).entries, []);
    });
  },
});

Deno.test("ProjectFolder.write() replaces only what its author saw, and makes only what is not there", async () => {
  await withProject(async ({ folder, put, read }) => {
    put("a.txt", "one");
    const { sha256 } = await folder.load("a.txt");
    put("a.txt", "two, by a run");
    strictEqual(await codeOf(folder.write("a.txt", bytes("mine"), sha256)), "EDIT_CONFLICT");
    strictEqual(await codeOf(folder.write("a.txt", bytes("mine"), null)), "FILE_EXISTS");
    strictEqual(read("a.txt"), "two, by a run");
    await folder.write("deep/er/b.txt", bytes("new"), null);
    strictEqual(read("deep/er/b.txt"), "new");
  });
});

Deno.test("ProjectFolder.write(): of many who saw the same file one wins, and no reader sees a part", async () => {
  await withProject(async ({ project, dataDir, folder, put, read }) => {
    const whole = (mark: string) => mark.repeat(300_000);
    put("a.txt", whole("-"));
    const { sha256 } = await folder.load("a.txt");
    const other = openProjectFolder(project, dataDir);
    const writers = Array.from(
      "abcdefgh",
      (mark) => codeOf(folder.write("a.txt", bytes(whole(mark)), sha256)),
    );
    const seen = new Set<string>();
    for (let look = 0; look < 40; look++) {
      const { bytes } = await other.load("a.txt");
      const text = new TextDecoder().decode(bytes);
      strictEqual(text, whole(text[0] ?? ""));
      seen.add(text[0] ?? "");
    }
    other.close();
    const outcomes = (await Promise.all(writers)).sort();
    deepStrictEqual(outcomes, [...Array(7).fill("EDIT_CONFLICT"), "done"]);
    ok(seen.size <= 2);
    strictEqual(read("a.txt").length, 300_000);
  });
});

Deno.test("ProjectFolder.move() renames files and folders, and never takes a name that is taken", async () => {
  await withProject(async ({ folder, put, read, exists }) => {
    put("a.txt", "a");
    put("b.txt", "b");
    put("dir/x.txt", "x");
    put("full/y.txt", "y");
    await folder.move("a.txt", "new/place/c.txt");
    deepStrictEqual([read("new/place/c.txt"), exists("a.txt")], ["a", false]);
    await folder.move("dir", "renamed");
    deepStrictEqual([read("renamed/x.txt"), exists("dir")], ["x", false]);
    for (const to of ["new/place/c.txt", "full", "full/y.txt"]) {
      strictEqual(await codeOf(folder.move("b.txt", to)), "FILE_EXISTS", to);
      strictEqual(await codeOf(folder.move("renamed", to)), "FILE_EXISTS", to);
    }
    strictEqual(await codeOf(folder.move("full", "full/inside/it")), "REQUEST_INVALID");
    strictEqual(await codeOf(folder.move("", "x")), "REQUEST_INVALID");
    strictEqual(await codeOf(folder.move("gone", "x")), "FILE_NOT_FOUND");
    deepStrictEqual([read("b.txt"), read("full/y.txt"), read("new/place/c.txt")], ["b", "y", "a"]);
  });
});

Deno.test("ProjectFolder.move() and ProjectBin.remove() leave a folder that holds the data folder", async () => {
  await withProject(async ({ folder, bin, exists }) => {
    strictEqual(await codeOf(folder.move("mine", "yours")), "EDIT_REFUSED");
    strictEqual(await codeOf(bin.remove("mine")), "EDIT_REFUSED");
    ok(exists("mine/data/key"));
  });
});

Deno.test("ProjectFolder.stream() sends a large file whole, and fails if it is changed meanwhile", async () => {
  await withProject(async ({ project, folder }) => {
    const content = crypto.getRandomValues(new Uint8Array(65_536));
    const large = new Uint8Array(3 << 20).map((_, at) => content[at % 65_536] ?? 0);
    Deno.writeFileSync(join(project, "large"), large);
    const sent = new Uint8Array(await new Response(await folder.stream("large")).arrayBuffer());
    ok(sent.every((byte, at) => byte === large[at]) && sent.length === large.length);
    const reader = (await folder.stream("large")).getReader();
    await reader.read();
    Deno.writeFileSync(join(project, "large"), large.subarray(1));
    await rejects(async () => {
      while (!(await reader.read()).done);
    }, /changed while it was read/);
  });
});

Deno.test("plainPath() is one spelling of a path", () => {
  deepStrictEqual(
    ["a/./b", "a//b/", "/a/b", "a\\b", "x/../a/b", ""].map(plainPath),
    ["a/b", "a/b", "a/b", "a/b", "a/b", ""],
  );
});

Deno.test("ProjectBin.remove() keeps a file, and restore() puts it back with its rights", async () => {
  await withProject(async ({ project, folder, bin, put, read, exists }) => {
    put("tools/run.sh", "#!/bin/sh\n");
    Deno.chmodSync(join(project, "tools/run.sh"), 0o750);
    const { deletedId, path, kind, bytes: size } = await bin.remove("tools/run.sh");
    deepStrictEqual([path, kind, size, exists("tools/run.sh")], [
      "tools/run.sh",
      "file",
      10,
      false,
    ]);
    Deno.removeSync(join(project, "tools"));
    deepStrictEqual(bin.list().map((entry) => entry.deletedId), [deletedId]);
    await bin.restore(deletedId);
    strictEqual(read("tools/run.sh"), "#!/bin/sh\n");
    strictEqual((Deno.statSync(join(project, "tools/run.sh")).mode ?? 0o750) & 0o777, 0o750);
    deepStrictEqual(bin.list(), []);
    strictEqual(await codeOf(bin.restore(deletedId)), "FILE_NOT_FOUND");
    ok((await folder.window("tools", { from: 0, count: 9 })).total === 1);
  });
});

Deno.test("ProjectBin.remove() keeps a folder with hidden files and empty folders", async () => {
  await withProject(async ({ project, bin, put, read, exists }) => {
    put("dir/a.txt", "a");
    put("dir/.env", "KEY=1");
    put("dir/deep/er/b.txt", "b");
    Deno.mkdirSync(join(project, "dir/empty"));
    const { deletedId, kind, files } = await bin.remove("dir");
    deepStrictEqual([kind, files, exists("dir")], ["folder", 3, false]);
    await bin.restore(deletedId);
    deepStrictEqual(
      [read("dir/a.txt"), read("dir/.env"), read("dir/deep/er/b.txt"), exists("dir/empty")],
      ["a", "KEY=1", "b", true],
    );
  });
});

Deno.test({
  name: "ProjectBin.remove() takes no folder that it could not put back: links, .git, too much",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withProject(async ({ project, bin, put, exists }) => {
      put("linked/a.txt", "a");
      Deno.symlinkSync("a.txt", join(project, "linked/alias"));
      put("repo/.git/config", "git");
      for (let at = 0; at <= 500; at++) put(`many/${at}`, "");
      deepStrictEqual(
        [await codeOf(bin.remove("linked")), await codeOf(bin.remove("repo"))],
        ["REQUEST_INVALID", "EDIT_REFUSED"],
      );
      strictEqual(await codeOf(bin.remove("many")), "EDIT_REFUSED");
      deepStrictEqual(
        ["linked/a.txt", "linked/alias", "repo/.git/config", "many/500"].map(exists),
        [true, true, true, true],
      );
      deepStrictEqual(bin.list(), []);
    });
  },
});

Deno.test("ProjectBin.restore() replaces nothing, and what is left stays in the bin", async () => {
  await withProject(async ({ bin, put, read }) => {
    put("dir/a.txt", "old a");
    put("dir/b.txt", "old b");
    const { deletedId } = await bin.remove("dir");
    put("dir/a.txt", "new a");
    await rejects(bin.restore(deletedId), ({ code, message }: AppError) => {
      match(message, /"dir\/a\.txt"/);
      return code === "FILE_EXISTS";
    });
    deepStrictEqual([read("dir/a.txt"), read("dir/b.txt")], ["new a", "old b"]);
    strictEqual(bin.list().length, 1);
    put("dir/a.txt", "old a");
    await bin.restore(deletedId);
    deepStrictEqual(bin.list(), []);
  });
});

Deno.test("ProjectBin.remove() leaves a file that is not as it was shown", async () => {
  await withProject(async ({ folder, bin, put, read }) => {
    put("a.txt", "shown");
    const { sha256 } = await folder.digest("a.txt");
    put("a.txt", "written by a run");
    strictEqual(await codeOf(bin.remove("a.txt", sha256)), "EDIT_CONFLICT");
    deepStrictEqual([read("a.txt"), bin.list()], ["written by a run", []]);
  });
});

Deno.test("ProjectBin.list() lets go of what is older than 30 days", async () => {
  await withProject(async ({ dataDir, bin, put }) => {
    put("a.txt", "a");
    const { deletedId } = await bin.remove("a.txt");
    const [home] = [...Deno.readDirSync(join(dataDir, "deleted"))];
    const record = join(dataDir, "deleted", home?.name ?? "", deletedId, "deleted.json");
    const kept = JSON.parse(Deno.readTextFileSync(record));
    Deno.writeTextFileSync(record, JSON.stringify({ ...kept, deletedAt: "2020-01-01T00:00:00Z" }));
    deepStrictEqual(bin.list(), []);
    deepStrictEqual([...Deno.readDirSync(join(dataDir, "deleted", home?.name ?? ""))], []);
  });
});
