import { deepEqual, equal, match, throws } from "node:assert/strict";
import { type Access, type Place } from "../../../runtime/tools/mounts.ts";
import { Confinement, type Located } from "../../../runtime/tools/confine.ts";
import { replaceFile } from "../../../runtime/tools/replace_file.ts";
import type { WorkerSetup } from "../../../runtime/tools/worker_protocol.ts";

/** `project` with `sub/a.txt`, and `outside/a.txt` beside it; removed at the end. */
function makeFolders(): WorkerSetup & { root: string } & Disposable {
  const root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "crewagent-confine-" }));
  Deno.mkdirSync(`${root}/project/sub`, { recursive: true });
  Deno.mkdirSync(`${root}/outside`);
  Deno.mkdirSync(`${root}/pkg`);
  Deno.writeTextFileSync(`${root}/project/sub/a.txt`, "inside");
  Deno.writeTextFileSync(`${root}/outside/a.txt`, "SECRET");
  return {
    root,
    project: `${root}/project`,
    pkg: `${root}/pkg`,
    hidden: [],
    confined: true,
    [Symbol.dispose]: () => Deno.removeSync(root, { recursive: true }),
  };
}

const place = (...parts: string[]): Place => ({ mount: "project", parts });

/** Lets something happen right after the n-th check, as a race would. */
class RacedConfinement extends Confinement {
  #checks = 0;

  constructor(setup: WorkerSetup, readonly race: { after: number; act: () => void }) {
    super(setup);
  }

  override locate(at: Place, access: Access): Located {
    const found = super.locate(at, access);
    this.#count();
    return found;
  }

  override requireUnmoved(path: string, name: string): void {
    super.requireUnmoved(path, name);
    this.#count();
  }

  #count(): void {
    if (++this.#checks === this.race.after) this.race.act();
  }
}

function swapFolder(root: string): void {
  Deno.renameSync(`${root}/project/sub`, `${root}/project/moved`);
  Deno.symlinkSync("../outside", `${root}/project/sub`);
}

Deno.test("open() refuses a folder that is swapped for a link between check and use", () => {
  using folders = makeFolders();
  const walls = new RacedConfinement(folders, { after: 1, act: () => swapFolder(folders.root) });
  throws(() => walls.open(place("sub", "a.txt")), /swapped for a link during the call/);
});

Deno.test("open() refuses a file that is swapped for a link between check and use", () => {
  using folders = makeFolders();
  const path = `${folders.project}/sub/a.txt`;
  const act = () => {
    Deno.removeSync(path);
    Deno.symlinkSync("../../outside/a.txt", path);
  };
  const walls = new RacedConfinement(folders, { after: 1, act });
  throws(() => walls.open(place("sub", "a.txt")), /no ordinary file/);
});

Deno.test("open() refuses a file that is another one once it is open", () => {
  using folders = makeFolders();
  const act = () =>
    Deno.renameSync(`${folders.root}/outside/a.txt`, `${folders.project}/sub/a.txt`);
  const walls = new RacedConfinement(folders, { after: 2, act });
  throws(() => walls.open(place("sub", "a.txt")), /was replaced while it was being opened/);
});

const RACED_WRITES = [
  { title: "before the temporary file", after: 1 },
  { title: "after the parents were made", after: 2 },
  { title: "while the content is compared", after: 3 },
  { title: "after the content was compared", after: 4 },
  { title: "right before the rename", after: 5 },
];

for (const { title, after } of RACED_WRITES) {
  Deno.test(`replaceFile() leaves the outside alone if a folder is swapped ${title}`, () => {
    using folders = makeFolders();
    const walls = new RacedConfinement(folders, { after, act: () => swapFolder(folders.root) });
    const bytes = new TextEncoder().encode("OWNED");
    const request = { place: place("sub", "a.txt"), bytes, sha256Before: INSIDE_SHA256 };
    throws(() => replaceFile(walls, request), { code: /E_SANDBOX_VIOLATION|ENOENT/ });
    equal(Deno.readTextFileSync(`${folders.root}/outside/a.txt`), "SECRET");
    deepEqual([...Deno.readDirSync(`${folders.root}/outside`)].map(({ name }) => name), ["a.txt"]);
  });
}

const INSIDE_SHA256 = "106b086224a4d945eae25f7be3805a931a873270326dd868b0e41f71ee9fff72";

Deno.test("locate() refuses the package for writing under its name in the project", () => {
  using folders = makeFolders();
  Deno.mkdirSync(`${folders.project}/my-package`);
  const walls = new Confinement({ ...folders, pkg: `${folders.project}/my-package` });
  equal(walls.locate(place("my-package", "bmad.json"), "read").exists, false);
  throws(() => walls.locate(place("my-package", "bmad.json"), "write"), /closed to tools/);
});

Deno.test("locate() opens a project that lies inside its package", () => {
  using folders = makeFolders();
  const walls = new Confinement({ ...folders, pkg: folders.root });
  equal(walls.locate(place("sub", "new.txt"), "write").exists, false);
});

Deno.test("locate() reads a package that lies inside a hidden folder", () => {
  using folders = makeFolders();
  const pkg = `${folders.project}/data/packages/x`;
  Deno.mkdirSync(pkg, { recursive: true });
  Deno.writeTextFileSync(`${pkg}/bmad.json`, "{}");
  const walls = new Confinement({ ...folders, pkg, hidden: [`${folders.project}/data`] });
  const inPackage: Place = { mount: "pkg", parts: ["bmad.json"] };
  equal(walls.locate(inPackage, "read").exists, true);
  throws(() => walls.locate(place("data", "runs"), "read"), /closed to tools/);
});

Deno.test("locate() refuses hidden folders, and readFolder() leaves them out", () => {
  using folders = makeFolders();
  Deno.mkdirSync(`${folders.project}/data/runs`, { recursive: true });
  const walls = new Confinement({ ...folders, hidden: [`${folders.project}/data`] });
  throws(() => walls.locate(place("data"), "read"), /closed to tools/);
  throws(() => walls.locate(place("data", "runs", "x"), "write"), /closed to tools/);
  deepEqual(walls.readFolder(folders.project, "@project"), [{ name: "sub", kind: "folder" }]);
});

Deno.test("locate() tells a folder from its neighbour in another case by the file system", () => {
  using folders = makeFolders();
  Deno.mkdirSync(`${folders.root}/PROJECT`);
  Deno.symlinkSync("../PROJECT", `${folders.project}/neighbour`);
  const walls = new Confinement(folders);
  throws(() => walls.locate(place("neighbour"), "read"), /leads out of @project/);
});

Deno.test("locate() tells a folder from its neighbour in another Unicode form", () => {
  using folders = makeFolders();
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"].map((name) =>
    `${folders.root}/${name}`
  );
  Deno.mkdirSync(composed ?? "");
  Deno.mkdirSync(decomposed ?? "");
  Deno.symlinkSync("../cafe\u0301", `${composed}/neighbour`);
  const walls = new Confinement({ ...folders, project: composed ?? "" });
  throws(() => walls.locate(place("neighbour"), "read"), /leads out of @project/);
});

Deno.test("locate() follows a link that stays inside and gives the real path", () => {
  using folders = makeFolders();
  Deno.symlinkSync("sub", `${folders.project}/alias`);
  const found = new Confinement(folders).locate(place("alias", "new", "b.txt"), "write");
  deepEqual(found, {
    path: `${folders.project}/sub/new/b.txt`,
    exists: false,
    realName: "@project/sub/new/b.txt",
  });
});

Deno.test("missing() names what the nearest folder holds, without hidden files", () => {
  using folders = makeFolders();
  Deno.writeTextFileSync(`${folders.project}/sub/.env`, "");
  const { message } = new Confinement(folders).missing(place("sub", "b.txt"));
  match(message, /^There is no "@project\/sub\/b\.txt"\. "@project\/sub" holds a\.txt$/);
});
