import assert from "node:assert/strict";
import { join } from "node:path";
import {
  DAY_MS,
  memberOf,
  openCheapStore,
  ownerOf,
  packageFiles,
  text,
  withStore,
} from "./temporary_store.ts";

Deno.test("create() stores the files and what the manifest says of them", () =>
  withStore(async ({ store, clock }) => {
    const { userId } = await ownerOf(store);
    const files = packageFiles("Hello", { "a/é 😀.md": "text", "empty": "" });

    const record = await store.packages.create(userId, files);

    const at = new Date(clock.now()).toISOString();
    assert.deepEqual(record, {
      packageId: record.packageId,
      name: "Hello",
      version: "0.1.0",
      description: "About Hello",
      workflows: [{ workflowId: "greet", title: "Greet people" }],
      revision: 0,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    });
    const stored = await store.packages.files(userId, record.packageId);
    assert.deepEqual(stored, { revision: 0, files: new Map([...files].sort()) });
  }));

Deno.test("create() refuses files without a manifest that has a name", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    for (const manifest of ["", "{", "[]", "null", "{}", '{"name": 1}', '{"name": " "}']) {
      await assert.rejects(
        store.packages.create(userId, new Map([["bmad.json", new TextEncoder().encode(manifest)]])),
        { code: "PKG_INVALID" },
        manifest,
      );
    }
    await assert.rejects(store.packages.create(userId, new Map()), { code: "PKG_INVALID" });
  }));

Deno.test("create() refuses a name that is taken, in whatever case, and says one that is free", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    await store.packages.create(userId, packageFiles("Hello"));
    await store.packages.create(userId, packageFiles("hello 2"));

    await assert.rejects(store.packages.create(userId, packageFiles("HELLO")), {
      code: "PKG_NAME_TAKEN",
      details: { name: "HELLO", free: "HELLO 3" },
    });
    assert.equal(await store.packages.freeName(userId, "hello 2"), "hello 3");
    assert.equal(await store.packages.freeName(userId, "Other"), "Other");
  }));

Deno.test("create() lets one of many packages of one name through at once", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);

    const made = await Promise.allSettled(
      Array.from({ length: 10 }, () => store.packages.create(userId, packageFiles("Hello"))),
    );

    assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
  }));

const SEARCHES = [
  ["", ["Alpha", "Beta Straße"]],
  ["alpha", ["Alpha"]],
  ["ABOUT beta", ["Beta Straße"]],
  ["greet", ["Alpha", "Beta Straße"]],
  ["straße", ["Beta Straße"]],
  ["gamma", []],
  ["%", []],
  ["_", []],
  ["' OR 1=1 --", []],
  ["\0", []],
  ["x ".repeat(1000), []],
] as const;

Deno.test("list() finds packages by all words of name, description and workflow titles", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    await store.packages.create(userId, packageFiles("Alpha"));
    await store.packages.create(userId, packageFiles("Beta Straße"));
    for (const [search, names] of SEARCHES) {
      const found = await store.packages.list(userId, { search });
      assert.deepEqual(found.map(({ name }) => name).sort(), names, search.slice(0, 20));
    }
  }));

Deno.test("list() puts what was changed last first", () =>
  withStore(async ({ store, clock }) => {
    const { userId } = await ownerOf(store);
    for (const name of ["One", "Two", "Three"]) {
      clock.forward(1000);
      await store.packages.create(userId, packageFiles(name));
    }

    const names = (await store.packages.list(userId)).map(({ name }) => name);
    assert.deepEqual(names, ["Three", "Two", "One"]);
  }));

Deno.test("delete() puts a package into the bin, where its name is free and restore() finds it", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    const { packageId } = await store.packages.create(userId, packageFiles("Hello"));
    await store.packages.delete(userId, packageId);

    const gone = { code: "PKG_NOT_FOUND" };
    assert.deepEqual(await store.packages.list(userId), []);
    assert.equal((await store.packages.list(userId, { from: "bin" }))[0]?.packageId, packageId);
    await assert.rejects(store.packages.get(userId, packageId), gone);
    await assert.rejects(store.packages.files(userId, packageId), gone);
    await assert.rejects(store.packages.delete(userId, packageId), gone);

    const second = await store.packages.create(userId, packageFiles("hello"));
    await assert.rejects(store.packages.restore(userId, packageId), { code: "PKG_NAME_TAKEN" });
    await store.packages.delete(userId, second.packageId);
    assert.equal((await store.packages.restore(userId, packageId)).deletedAt, null);
    assert.equal((await store.packages.files(userId, packageId)).files.size, 2);
    await assert.rejects(store.packages.restore(userId, packageId), gone);
  }));

Deno.test("What has been in the bin for 30 days is gone when the store is opened, contents too", () =>
  withStore(async ({ store, folder, clock }) => {
    const { userId } = await ownerOf(store);
    const keep = await store.packages.create(userId, packageFiles("Keep"));
    const old = await store.packages.create(userId, packageFiles("Old", { "old.md": "SECRET" }));
    await store.versions.create(userId, old.packageId, { label: "1", notes: "" });
    await store.packages.delete(userId, old.packageId);
    clock.forward(29 * DAY_MS);
    assert.equal(await store.packages.purge(), 0);
    clock.forward(DAY_MS);
    await store.close();

    const again = await openCheapStore(folder, { now: clock.now });

    assert.deepEqual(await again.packages.list(userId, { from: "bin" }), []);
    assert.equal((await again.packages.files(userId, keep.packageId)).files.size, 2);
    await assert.rejects(again.packages.restore(userId, old.packageId), { code: "PKG_NOT_FOUND" });
    await again.close();
  }));

Deno.test("A foreign package is not found, whatever is asked of it", () =>
  withStore(async ({ store }) => {
    const [ann, ben] = [await ownerOf(store), await memberOf(store)];
    const { packageId } = await store.packages.create(ann.userId, packageFiles("Hello"));
    const { versionId } = await store.versions.create(ann.userId, packageId, {
      label: "1",
      notes: "",
    });
    const { packages, versions, revisions } = store;
    const base = await packages.files(ann.userId, packageId);
    const changes = new Map([["notes.md", new Uint8Array([1])]]);
    const change = { base, scope: "package", summary: "Steal", changes } as const;
    await revisions.append(ann.userId, packageId, change);
    const state = { from: versionId, to: "draft" };
    const now = { base: { ...base, revision: 1 } };

    for (const [userId, id] of [[ben.userId, packageId], [ann.userId, "none"], ["", packageId]]) {
      const [user = "", pkg = ""] = [userId, id];
      const attempts = {
        get: () => packages.get(user, pkg),
        files: () => packages.files(user, pkg),
        delete: () => packages.delete(user, pkg),
        restore: () => packages.restore(user, pkg),
        append: () => revisions.append(user, pkg, { ...change, base: now.base }),
        undo: () => revisions.undo(user, pkg, now),
        redo: () => revisions.redo(user, pkg, now),
        history: () => revisions.list(user, pkg),
        steps: () => revisions.steps(user, pkg),
        changesBackTo: () => revisions.changesBackTo(user, pkg, { base: now.base, revision: 0 }),
        createVersion: () => versions.create(user, pkg, { label: "2", notes: "" }),
        listVersions: () => versions.list(user, pkg),
        getVersion: () => versions.get(user, pkg, versionId),
        versionFiles: () => versions.files(user, pkg, versionId),
        compare: () => versions.compare(user, pkg, state),
        deleteVersion: () => versions.delete(user, pkg, versionId),
      };
      for (const [name, attempt] of Object.entries(attempts)) {
        await assert.rejects(attempt, { code: "PKG_NOT_FOUND" }, `${name} of ${user} ${pkg}`);
      }
    }
    assert.deepEqual(await packages.list(ben.userId), []);
    assert.equal((await packages.get(ann.userId, packageId)).revision, 1);
  }));

Deno.test("A version keeps the files as they were, and compare() names what differs", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    const { packageId } = await store.packages.create(userId, packageFiles("Hello"));
    const first = await store.versions.create(userId, packageId, { label: " 1.0 ", notes: "One" });
    const base = await store.packages.files(userId, packageId);
    const changes = new Map([
      ["notes.md", new TextEncoder().encode("two\n")],
      ["new.md", new TextEncoder().encode("new")],
    ]);
    await store.revisions.append(userId, packageId, {
      base,
      scope: "package",
      summary: "Write",
      changes,
    });
    const second = await store.versions.create(userId, packageId, { label: "2.0", notes: "" });

    assert.deepEqual([first.label, first.notes, first.revision], ["1.0", "One", 0]);
    const files = await store.versions.files(userId, packageId, first.versionId);
    assert.equal(text(files.get("notes.md")), "one\n");
    for (const to of ["draft", second.versionId]) {
      const differences = await store.versions.compare(userId, packageId, {
        from: first.versionId,
        to,
      });
      assert.deepEqual(differences.map(({ path }) => path), ["new.md", "notes.md"]);
      assert.deepEqual(differences.map(({ before }) => before === null), [true, false]);
    }
    const labels = (await store.versions.list(userId, packageId)).map(({ label }) => label);
    assert.deepEqual(labels.sort(), ["1.0", "2.0"]);
    await store.versions.delete(userId, packageId, first.versionId);
    await assert.rejects(store.versions.get(userId, packageId, first.versionId), {
      code: "PKG_NOT_FOUND",
    });
  }));

Deno.test("versions.create() refuses a label that is empty, too long or taken", () =>
  withStore(async ({ store }) => {
    const { userId } = await ownerOf(store);
    const { packageId } = await store.packages.create(userId, packageFiles("Hello"));
    await store.versions.create(userId, packageId, { label: "1.0", notes: "" });
    for (
      const [code, ...labels] of [
        ["REQUEST_INVALID", "", "  ", "x".repeat(65)],
        ["VERSION_EXISTS", "1.0", " 1.0"],
      ]
    ) {
      for (const label of labels) {
        await assert.rejects(
          store.versions.create(userId, packageId, { label, notes: "" }),
          { code, details: { field: "label" } },
          label,
        );
      }
    }
  }));

Deno.test("openStore() refuses a folder that another process has, until that is killed", () =>
  withStore(async ({ store, folder }) => {
    const open = join(import.meta.dirname ?? "", "open_and_wait.ts");
    await store.close();
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-RWE", "--allow-ffi", open, folder],
      stdout: "piped",
    }).spawn();
    const output = holder.stdout.getReader();
    assert.match(text((await output.read()).value) ?? "", /open/);

    await assert.rejects(openCheapStore(folder), {
      code: "DATA_FOLDER_BUSY",
      message: /Another CrewAgent server uses the data folder .* --data DIR/,
    });
    holder.kill("SIGKILL");
    await holder.status;
    await output.cancel();

    const again = await openCheapStore(folder);
    assert.equal(await again.users.count(), 0);
    await again.close();
  }));
