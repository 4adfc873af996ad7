import assert from "node:assert/strict";
import type { FileChanges, RevisionScope } from "../../../builder/store/revisions.ts";
import type { Store } from "../../../builder/store/store.ts";
import {
  bytes,
  openCheapStore,
  ownerOf,
  packageFiles,
  type Scene,
  text,
  withStore,
} from "./temporary_store.ts";

/** A package of a user, as a caller that follows it holds it. */
class Follower {
  readonly userId: string;
  readonly packageId: string;
  store: Store;
  revision = 0;
  files: Map<string, Uint8Array>;

  constructor(store: Store, key: { userId: string; packageId: string }, files: FileChanges) {
    this.store = store;
    this.userId = key.userId;
    this.packageId = key.packageId;
    this.files = new Map(files as ReadonlyMap<string, Uint8Array>);
  }

  get base() {
    return { revision: this.revision, files: this.files };
  }

  async write(changes: Readonly<Record<string, string | null>>, scope: RevisionScope = "package") {
    const contents = new Map(
      Object.entries(changes).map((
        [path, content],
      ) => [path, content === null ? null : bytes(content)]),
    );
    const revision = await this.store.revisions.append(this.userId, this.packageId, {
      base: this.base,
      scope,
      summary: `Write ${Object.keys(changes)}`,
      changes: contents,
    });
    this.#take(revision?.revision ?? this.revision, contents);
    return revision;
  }

  async step(kind: "undo" | "redo", scope?: RevisionScope) {
    const request = { base: this.base, ...scope && { scope } };
    const { revision, changes } = await this.store.revisions[kind](
      this.userId,
      this.packageId,
      request,
    );
    this.#take(revision.revision, changes);
    return revision;
  }

  text(path: string): string | undefined {
    return text(this.files.get(path));
  }

  stored() {
    return this.store.packages.files(this.userId, this.packageId);
  }

  #take(revision: number, changes: FileChanges): void {
    this.revision = revision;
    for (const [path, content] of changes) {
      if (content) this.files.set(path, content);
      else this.files.delete(path);
    }
  }
}

async function followerOf({ store }: Pick<Scene, "store">): Promise<Follower> {
  const { userId } = await ownerOf(store);
  const files = packageFiles("Hello");
  const { packageId } = await store.packages.create(userId, files);
  return new Follower(store, { userId, packageId }, files);
}

async function assertStored(follower: Follower): Promise<void> {
  const stored = await follower.stored();
  assert.equal(stored.revision, follower.revision);
  assert.deepEqual(stored.files, new Map([...follower.files].sort()));
}

Deno.test("append() stores new, changed and removed files, and what the manifest then says", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    const manifest = JSON.stringify({ name: "Renamed", version: "2.0.0" });

    const revision = await follower.write({
      "bmad.json": manifest,
      "notes.md": null,
      "a/b.md": "new",
    }, "file:bmad.json");

    await assertStored(follower);
    assert.equal(revision?.revision, 1);
    assert.deepEqual(await scene.store.revisions.list(follower.userId, follower.packageId), [
      revision,
    ]);
    const record = await scene.store.packages.get(follower.userId, follower.packageId);
    assert.deepEqual([record.name, record.version, record.workflows], ["Renamed", "2.0.0", [
      { workflowId: "main", title: "Renamed" },
    ]]);
  }));

Deno.test("append() keeps what the manifest said last while it cannot be read", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);

    await follower.write({ "bmad.json": '{ "name": ' });

    const record = await scene.store.packages.get(follower.userId, follower.packageId);
    assert.deepEqual([record.name, record.revision], ["Hello", 1]);
  }));

Deno.test("append() stores nothing for changes that change nothing", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);

    assert.equal(await follower.write({ "notes.md": "one\n", "none.md": null }), undefined);

    assert.equal((await follower.stored()).revision, 0);
  }));

Deno.test("append() refuses a base that is not the last revision, and one with other files", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    await follower.write({ "notes.md": "two\n" });
    const conflict = { code: "EDIT_CONFLICT" };
    follower.revision = 0;
    await assert.rejects(follower.write({ "notes.md": "three\n" }), conflict);
    follower.revision = 1;
    follower.files.set("notes.md", bytes("what is not stored"));
    await assert.rejects(follower.write({ "notes.md": "three\n" }), conflict);

    assert.equal(text((await follower.stored()).files.get("notes.md")), "two\n");
  }));

Deno.test("append() refuses a manifest with another package's name, and leaves all as it was", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    await scene.store.packages.create(follower.userId, packageFiles("Other"));

    await assert.rejects(
      follower.write({ "bmad.json": '{"name":"OTHER"}', "notes.md": "two\n" }),
      { code: "PKG_NAME_TAKEN", details: { name: "OTHER", free: "OTHER 2" } },
    );

    await assertStored(follower);
  }));

Deno.test("undo() and redo() walk back and forth over 1,000 edits and a restart", () =>
  withStore(async ({ store, folder, clock }) => {
    const follower = await followerOf({ store });
    for (let edit = 1; edit <= 1010; edit++) {
      await follower.write({ "notes.md": `head\n${edit}\ntail\n` });
    }
    await store.close();
    follower.store = await openCheapStore(folder, { now: clock.now });

    for (let edit = 1009; edit >= 10; edit--) {
      await follower.step("undo");
      assert.equal(follower.text("notes.md"), `head\n${edit}\ntail\n`);
    }
    await assertStored(follower);
    await follower.store.close();
    follower.store = await openCheapStore(folder, { now: clock.now });
    for (let edit = 11; edit <= 1010; edit++) await follower.step("redo");

    assert.equal(follower.text("notes.md"), "head\n1010\ntail\n");
    await assertStored(follower);
    await assert.rejects(follower.step("redo"), { code: "EDIT_REFUSED" });
    await follower.store.close();
  }));

Deno.test("undo() reaches 1,000 edits back, and history before that is removed", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    for (let edit = 1; edit <= 1088; edit++) await follower.write({ "notes.md": `${edit}` });

    const { userId, packageId } = follower;
    const all = await scene.store.revisions.list(userId, packageId, { limit: 5000 });
    assert.deepEqual([all.length, all.at(-1)?.revision], [1000, 89]);
    const back = (revision: number) =>
      scene.store.revisions.changesBackTo(userId, packageId, { base: follower.base, revision });
    assert.equal(text((await back(88)).get("notes.md")), "88");
    await assert.rejects(back(87), { code: "EDIT_CONFLICT", message: /too old/ });
  }));

Deno.test("undo() brings removed files back and removes new ones; redo() does it again", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    await follower.write({ "notes.md": null, "new.md": "", "bmad.json": '{"name":"Renamed"}' });

    await follower.step("undo");
    assert.deepEqual([follower.text("notes.md"), follower.text("new.md")], ["one\n", undefined]);
    await assertStored(follower);
    const { userId, packageId } = follower;
    assert.equal((await scene.store.packages.get(userId, packageId)).name, "Hello");

    await follower.step("redo");
    assert.deepEqual([follower.files.has("notes.md"), follower.files.get("new.md")?.length], [
      false,
      0,
    ]);
    await assertStored(follower);
  }));

Deno.test("A new edit makes undone ones past recall; steps() says what is left", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    const { userId, packageId } = follower;
    await follower.write({ "notes.md": "a" });
    await follower.write({ "notes.md": "b" });
    await follower.step("undo");
    const before = await scene.store.revisions.steps(userId, packageId);
    assert.deepEqual([before.undo?.revision, before.redo?.revision], [1, 2]);

    await follower.write({ "notes.md": "c" });

    const after = await scene.store.revisions.steps(userId, packageId);
    assert.deepEqual([after.undo?.revision, after.redo], [4, null]);
    await assert.rejects(follower.step("redo"), { code: "EDIT_REFUSED" });
    await follower.step("undo");
    await follower.step("undo");
    assert.equal(follower.text("notes.md"), "one\n");
  }));

Deno.test("undo() within a scope leaves the edits of others, and refuses where they touched its files", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    await follower.write({ "a.md": "a1" }, "workflow:a");
    await follower.write({ "b.md": "b1", "shared.md": "b1" }, "workflow:b");
    await follower.write({ "a.md": "a2" }, "workflow:a");
    await follower.write({ "shared.md": "c" }, "package");

    await follower.step("undo", "workflow:a");
    assert.deepEqual([follower.text("a.md"), follower.text("b.md")], ["a1", "b1"]);
    await assert.rejects(follower.step("undo", "workflow:b"), {
      code: "EDIT_CONFLICT",
      message: /"Write b.md,shared.md": "shared.md" was changed by another edit since/,
    });
    await assertStored(follower);
    await follower.step("redo", "workflow:a");
    assert.equal(follower.text("a.md"), "a2");
    await assert.rejects(follower.step("redo", "workflow:b"), { code: "EDIT_REFUSED" });
  }));

Deno.test("changesBackTo() gives any earlier state, over undo and redo too", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    const { userId, packageId } = follower;
    const states = [new Map(follower.files)];
    const remember = () => void states.push(new Map(follower.files));
    for (const content of ["two", "three", "", "fo\0ur😀"]) {
      await follower.write({ "notes.md": content, [`${content.length}.md`]: content });
      remember();
    }
    for (const kind of ["undo", "undo", "redo", "undo"] as const) {
      await follower.step(kind);
      remember();
    }
    await follower.write({ "notes.md": null });

    for (const [revision, files] of states.entries()) {
      const changes = await scene.store.revisions.changesBackTo(userId, packageId, {
        base: follower.base,
        revision,
      });
      const reached = new Map<string, Uint8Array | null>([...follower.files, ...changes]);
      const present = [...reached].filter(([, content]) => content !== null);
      assert.deepEqual(new Map(present.sort()), new Map([...files].sort()), `${revision}`);
    }
  }));

Deno.test("Small edits of a big file stay small on the disk", () =>
  withStore(async ({ store, folder }) => {
    const follower = await followerOf({ store });
    const big = "0123456789abcdef".repeat(20_000);
    for (let edit = 0; edit < 300; edit++) {
      await follower.write({ "big.md": `${big.slice(0, edit)}${edit}${big.slice(edit)}` });
    }
    await store.close();

    const { size } = await Deno.stat(`${folder}/store/crewagent.db`);
    assert.ok(size < 4_000_000, `${size} bytes for a file of ${big.length}`);
  }));

Deno.test("Contents that nothing names any more are gone, those of versions stay", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    const { userId, packageId } = follower;
    const { versionId } = await scene.store.versions.create(userId, packageId, {
      label: "1",
      notes: "",
    });
    await follower.write({ "notes.md": "two" });
    await follower.write({ "notes.md": "three" });

    const files = await scene.store.versions.files(userId, packageId, versionId);
    assert.equal(text(files.get("notes.md")), "one\n");
    await scene.store.versions.delete(userId, packageId, versionId);
    await follower.step("undo");
    await follower.step("undo");
    await assertStored(follower);
  }));

Deno.test("append() stores small changes of a large file as splices, over undo, versions and restarts", () =>
  withStore(async (scene) => {
    const follower = await followerOf(scene);
    const { userId, packageId } = follower;
    const large = (edit: number) => `${"x".repeat(edit * 37)}<${edit}>${"y".repeat(40_000)}`;
    for (let edit = 0; edit < 150; edit++) await follower.write({ "large.md": large(edit) });
    await assertStored(follower);

    const { versionId } = await scene.store.versions.create(userId, packageId, {
      label: "1",
      notes: "",
    });
    await follower.step("undo");
    await follower.step("undo");
    await assertStored(follower);
    assert.deepEqual(
      (await scene.store.versions.compare(userId, packageId, { from: versionId, to: "draft" }))
        .map(({ path }) => path),
      ["large.md"],
    );

    await scene.store.close();
    follower.store = await openCheapStore(scene.folder);
    await assertStored(follower);
    await follower.step("redo");
    await follower.step("redo");
    await follower.write({ "large.md": "small" });
    await follower.step("undo");
    await assertStored(follower);
    assert.equal(follower.text("large.md"), large(149));
    const files = await follower.store.versions.files(userId, packageId, versionId);
    assert.equal(text(files.get("large.md")), large(149));
    await follower.store.close();
  }));

Deno.test("Two packages that share contents store the changes of each", () =>
  withStore(async (scene) => {
    const one = await followerOf(scene);
    for (let edit = 0; edit < 5; edit++) {
      await one.write({ "large.md": `${edit}${"y".repeat(40_000)}` });
    }
    const { userId, store } = one;
    const files = new Map([...one.files, ["bmad.json", bytes('{"name":"Twin"}')]]);
    const { packageId } = await store.packages.create(userId, files);
    const twin = new Follower(store, { userId, packageId }, files);

    await twin.write({ "large.md": `twin${"y".repeat(40_000)}` });
    await one.write({ "large.md": `one${"y".repeat(40_000)}` });
    await twin.step("undo");

    await assertStored(one);
    await assertStored(twin);
  }));
