import assert from "node:assert/strict";
import type { LiveDrafts } from "../../builder/live_drafts.ts";
import { openLiveDrafts } from "../../builder/open_live_drafts.ts";
import type { Store } from "../../builder/store/store.ts";
import { blankPackage } from "../../runtime/package/template.ts";
import type { Edit } from "../../schemas/edit.ts";
import { AppError } from "../../schemas/error.ts";
import { memberOf, openCheapStore, ownerOf, text, withStore } from "./store/temporary_store.ts";

interface Drawing {
  readonly store: Store;
  readonly folder: string;
  readonly drafts: LiveDrafts;
  readonly userId: string;
  readonly packageId: string;
}

/** Runs a test on a blank package of the owner's. */
function withDrawing(test: (drawing: Drawing) => Promise<void>): Promise<void> {
  return withStore(async ({ store, folder }) => {
    const { userId } = await ownerOf(store);
    const { packageId } = await store.packages.create(userId, blankPackage("Hello"));
    await test({ store, folder, drafts: openLiveDrafts(store), userId, packageId });
  });
}

function write(path: string, content: string, baseSha256: string | null = null): Edit {
  return { kind: "file.write", path, text: content, baseSha256 };
}

function rename(name: string): Edit {
  return { kind: "manifest.change", fields: { name } };
}

Deno.test("edit() answers with the new revision, which read() and a later server see", () =>
  withDrawing(async ({ store, folder, drafts, userId, packageId }) => {
    const before = await drafts.read(userId, packageId);

    const stored = await drafts.edit(userId, packageId, {
      baseRevision: before.revision,
      edit: write("assets/a.txt", "one"),
    });

    assert.deepEqual([before.revision, stored.revision], [0, 1]);
    const { draft, revision } = await drafts.read(userId, packageId);
    assert.deepEqual([text(draft.files.get("assets/a.txt")), revision], ["one", 1]);
    assert.equal(before.draft.files.has("assets/a.txt"), false);
    await store.close();
    const reopened = await openCheapStore(folder);
    const later = await openLiveDrafts(reopened).read(userId, packageId);
    assert.deepEqual([text(later.draft.files.get("assets/a.txt")), later.revision], ["one", 1]);
    await reopened.close();
  }));

Deno.test("edit() applies a hundred edits at once, all built on the same revision, one after another", () =>
  withDrawing(async ({ drafts, userId, packageId }) => {
    const numbers = Array.from({ length: 100 }, (_, number) => number);

    const stored = await Promise.all(
      numbers.map((number) =>
        drafts.edit(userId, packageId, {
          baseRevision: 0,
          edit: write(`assets/${number}.txt`, `${number}`),
        })
      ),
    );

    assert.deepEqual(stored.map(({ revision }) => revision), numbers.map((number) => number + 1));
    const { draft } = await drafts.read(userId, packageId);
    for (const number of numbers) {
      assert.equal(text(draft.files.get(`assets/${number}.txt`)), `${number}`);
    }
    const history = await drafts.history(userId, packageId, { limit: 1000 });
    assert.equal(history.length, 100);
  }));

Deno.test("edit() never overwrites: of many writes of one file that saw the same, one is stored", () =>
  withDrawing(async ({ drafts, userId, packageId }) => {
    const edits = Array.from(
      { length: 50 },
      (_, number) =>
        drafts.edit(userId, packageId, {
          baseRevision: 0,
          edit: write("assets/a.txt", `${number}`),
        }),
    );

    const outcomes = await Promise.allSettled(edits);

    const codes = outcomes.map((outcome) =>
      outcome.status === "rejected" ? (outcome.reason as AppError).code : "stored"
    );
    assert.deepEqual(codes, ["stored", ...Array(49).fill("EDIT_CONFLICT")]);
    const { draft } = await drafts.read(userId, packageId);
    assert.equal(text(draft.files.get("assets/a.txt")), "0");
  }));

Deno.test("edit() takes an edit that builds on a revision from before a restart", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    for (const number of [1, 2, 3]) {
      await drafts.edit(userId, packageId, {
        baseRevision: number - 1,
        edit: write(`assets/${number}.txt`, "x"),
      });
    }
    const later = openLiveDrafts(store);

    const stored = await later.edit(userId, packageId, {
      baseRevision: 1,
      edit: write("assets/4.txt", "x"),
    });

    assert.equal(stored.revision, 4);
    const paths = [...(await later.read(userId, packageId)).draft.files.keys()];
    assert.deepEqual(paths.filter((path) => path.startsWith("assets/")).sort(), [
      "assets/1.txt",
      "assets/2.txt",
      "assets/3.txt",
      "assets/4.txt",
    ]);
  }));

for (const baseRevision of [1, -1, 0.5, NaN, Infinity]) {
  Deno.test(`edit() refuses an edit that builds on revision ${baseRevision} of a new package`, () =>
    withDrawing(async ({ drafts, userId, packageId }) => {
      await assert.rejects(
        drafts.edit(userId, packageId, { baseRevision, edit: write("assets/a.txt", "x") }),
        { code: "EDIT_CONFLICT", details: { revision: 0 } },
      );
    }));
}

Deno.test("edit() leaves the draft as it was where the edit is refused or its name is taken", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    await store.packages.create(userId, blankPackage("Other"));
    const before = await drafts.read(userId, packageId);

    await assert.rejects(
      drafts.edit(userId, packageId, { baseRevision: 0, edit: rename("other") }),
      {
        code: "PKG_NAME_TAKEN",
      },
    );
    await assert.rejects(
      drafts.edit(userId, packageId, { baseRevision: 0, edit: write("../../etc/passwd", "x") }),
      { code: "EDIT_REFUSED" },
    );

    const after = await drafts.read(userId, packageId);
    assert.deepEqual(after.draft.files, before.draft.files);
    assert.equal(after.revision, 0);
  }));

Deno.test("edit() stores no revision for an edit that changes nothing", () =>
  withDrawing(async ({ drafts, userId, packageId }) => {
    const stored = await drafts.edit(userId, packageId, { baseRevision: 0, edit: rename("Hello") });

    assert.equal(stored.revision, 0);
    assert.deepEqual(await drafts.history(userId, packageId), []);
  }));

Deno.test("undo() and redo() go on after a restart, and tell what they did", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    const edits = [rename("One"), rename("Two"), write("assets/a.txt", "x")];
    for (const [baseRevision, edit] of edits.entries()) {
      await drafts.edit(userId, packageId, { baseRevision, edit });
    }
    const later = openLiveDrafts(store);

    const undone = await later.undo(userId, packageId);
    assert.deepEqual([undone.revision, undone.step.kind, undone.step.ofRevision], [4, "undo", 3]);
    assert.deepEqual(undone.changedPaths, ["assets/a.txt"]);
    assert.equal(undone.draft.files.has("assets/a.txt"), false);
    assert.equal((await later.undo(userId, packageId)).draft.manifest.name, "One");
    assert.equal((await store.packages.get(userId, packageId)).name, "One");
    assert.equal((await later.redo(userId, packageId)).draft.manifest.name, "Two");
    const redone = await later.redo(userId, packageId);
    assert.equal(text(redone.draft.files.get("assets/a.txt")), "x");
    await assert.rejects(later.redo(userId, packageId), { code: "EDIT_REFUSED" });
    assert.deepEqual((await later.read(userId, packageId)).draft.files, redone.draft.files);
  }));

Deno.test("subscribe() tells of each change after it is stored, until it is ended", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    const heard: unknown[] = [];
    await drafts.subscribe(userId, packageId, () => {
      throw new Error("this tab has gone");
    });
    const end = await drafts.subscribe(userId, packageId, ({ revision, changedPaths }) => {
      heard.push([revision.revision, revision.kind, changedPaths]);
    });

    await drafts.edit(userId, packageId, { baseRevision: 0, edit: write("assets/a.txt", "x") });
    await drafts.undo(userId, packageId);
    end();
    await drafts.redo(userId, packageId);

    assert.deepEqual(heard, [[1, "edit", ["assets/a.txt"]], [2, "undo", ["assets/a.txt"]]]);
    assert.equal((await store.packages.get(userId, packageId)).revision, 3);
  }));

Deno.test("restoreVersion() brings the files of a version back, and can be undone", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    const version = await store.versions.create(userId, packageId, { label: "1.0", notes: "" });
    const first = await drafts.read(userId, packageId);
    await drafts.edit(userId, packageId, { baseRevision: 0, edit: write("assets/a.txt", "x") });

    const restored = await drafts.restoreVersion(userId, packageId, version.versionId);

    assert.deepEqual(restored.draft.files, first.draft.files);
    assert.equal((await drafts.history(userId, packageId))[0]?.summary, "Go back to version 1.0");
    const { draft } = await drafts.undo(userId, packageId);
    assert.equal(text(draft.files.get("assets/a.txt")), "x");
  }));

Deno.test("duplicate() copies the files under a free name", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    const [first, second] = [
      await drafts.duplicate(userId, packageId),
      await drafts.duplicate(userId, packageId),
    ];

    assert.deepEqual([first.name, second.name], ["Hello 2", "Hello 3"]);
    const { files } = await store.packages.files(userId, first.packageId);
    const original = (await drafts.read(userId, packageId)).draft.files;
    assert.deepEqual([...files.keys()].sort(), [...original.keys()].sort());
  }));

Deno.test("Drafts of a foreign or deleted package are not found, whatever is asked of them", () =>
  withDrawing(async ({ store, drafts, userId, packageId }) => {
    const ben = await memberOf(store);
    await drafts.edit(userId, packageId, { baseRevision: 0, edit: write("assets/a.txt", "x") });
    const { versionId } = await store.versions.create(userId, packageId, { label: "1", notes: "" });
    const attempts = (user: string) => ({
      read: () => drafts.read(user, packageId),
      edit: () => drafts.edit(user, packageId, { baseRevision: 1, edit: rename("Stolen") }),
      undo: () => drafts.undo(user, packageId),
      redo: () => drafts.redo(user, packageId),
      history: () => drafts.history(user, packageId),
      restoreVersion: () => drafts.restoreVersion(user, packageId, versionId),
      duplicate: () => drafts.duplicate(user, packageId),
      subscribe: () => drafts.subscribe(user, packageId, () => {}),
    });
    for (const [name, attempt] of Object.entries(attempts(ben.userId))) {
      await assert.rejects(attempt, { code: "PKG_NOT_FOUND" }, `foreign ${name}`);
    }
    await store.packages.delete(userId, packageId);
    for (const [name, attempt] of Object.entries(attempts(userId))) {
      await assert.rejects(attempt, { code: "PKG_NOT_FOUND" }, `deleted ${name}`);
    }
  }));
