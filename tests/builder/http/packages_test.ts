import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readArchive, writeArchive } from "../../../runtime/package/archive.ts";
import { blankPackage, readTemplate } from "../../../runtime/package/template.ts";
import { type AppUnderTest, type Browser, packageIdOf, withApp } from "./app_under_test.ts";

async function signedInOwner({ store, signedIn }: AppUnderTest) {
  const browser = await signedIn("mina");
  return { browser, userId: (await store.users.findByName("mina"))?.userId ?? "" };
}

function archiveFile(files: ReadonlyMap<string, Uint8Array>, name = "x.bmad"): File {
  return new File([new Uint8Array(writeArchive(files, name))], name);
}

async function exported(browser: Browser, packageId: string): Promise<Uint8Array> {
  return new Uint8Array(await (await browser.get(`/packages/${packageId}/download`)).arrayBuffer());
}

Deno.test("a package of a template is the template under the name that was typed", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    const made = await browser.post("/packages", { name: " My tale ", template: "create-story" });
    const id = packageIdOf(made);
    const files = await readArchive(await exported(browser, id), "the export");
    const template = await readTemplate("create-story");
    deepStrictEqual([...files.keys()].sort(), [...template.keys()].sort());
    const manifest = new TextDecoder().decode(files.get("bmad.json"));
    strictEqual(JSON.parse(manifest).name, "My tale");
  });
});

Deno.test("a name that is taken is refused in the form, with one that is free", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    await browser.post("/packages", { name: "Tale", template: "" });
    const answer = await browser.post("/packages", { name: "TALE", template: "review-loop" });
    strictEqual(answer.status, 409);
    const page = await answer.text();
    match(page, /value="TALE"/);
    match(page, /value="review-loop" checked/);
    match(page, /TALE 2/i);
    for (const name of ["", "   ", "x".repeat(101)]) {
      strictEqual((await browser.post("/packages", { name, template: "" })).status, 422);
    }
    const unknown = await browser.post("/packages", { name: "New", template: "../secret" });
    strictEqual(unknown.status, 400);
    strictEqual((await app.store.packages.list((await signedInOwner(app)).userId)).length, 1);
  });
});

Deno.test("import and export give the same bytes back", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    const file = archiveFile(await readTemplate("two-workflows"));
    const id = packageIdOf(await browser.post("/packages/import", { file }));
    deepStrictEqual(await exported(browser, id), new Uint8Array(await file.arrayBuffer()));
    match(await (await browser.get(`/packages/${id}?notice=imported`)).text(), /Imported\./);
  });
});

Deno.test("an import takes a free name where its own is taken", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const file = archiveFile(blankPackage("Tale"));
    await browser.post("/packages/import", { file });
    const second = await browser.post("/packages/import", { file });
    match(second.headers.get("location") ?? "", /notice=imported-renamed$/);
    const names = (await app.store.packages.list(userId)).map(({ name }) => name);
    deepStrictEqual(names.sort(), ["Tale", "Tale 2"]);
    const page = await browser.get(second.headers.get("location") ?? "");
    match(await page.text(), /Imported as “Tale 2”/);
  });
});

Deno.test("an import with errors shows all of them and creates nothing", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const files = new Map(blankPackage("Broken"));
    files.delete("workflows/main/steps/first.md");
    files.set("agents.json", new TextEncoder().encode("{"));
    const answer = await browser.post("/packages/import", { file: archiveFile(files) });
    strictEqual(answer.status, 422);
    const page = await answer.text();
    match(page, /“x\.bmad” was not imported/);
    ok((page.match(/class="finding error"/g) ?? []).length >= 2);
    deepStrictEqual(await app.store.packages.list(userId), []);
  });
});

Deno.test("an import that is no package says so and creates nothing", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const text = (path: string) => new Map([[path, new TextEncoder().encode("x")]]);
    const escape = new Uint8Array(writeArchive(text("aa/x.txt"), "x")).map((byte, index, all) =>
      // Both names of the entry become "../x.txt", as no writer of ours would make them.
      byte === 97 && (all[index + 1] === 97 || all[index - 1] === 97) ? 46 : byte
    );
    const files = [
      new File([], "empty.bmad"),
      new File(["no archive"], "text.bmad"),
      archiveFile(text("readme.txt")),
      new File([escape], "escape.bmad"),
    ];
    for (const file of files) {
      const answer = await browser.post("/packages/import", { file });
      strictEqual(answer.status, 422, file.name);
      match(await answer.text(), /Nothing was created/);
    }
    deepStrictEqual(await app.store.packages.list(userId), []);
  });
});

Deno.test("rename is an edit that undo takes back", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const id = packageIdOf(await browser.post("/packages", { name: "Tale", template: "" }));
    await browser.post("/packages", { name: "Other", template: "" });
    strictEqual((await browser.post(`/packages/${id}/rename`, { name: "other" })).status, 409);
    strictEqual((await browser.post(`/packages/${id}/rename`, { name: " " })).status, 422);
    strictEqual((await browser.post(`/packages/${id}/rename`, { name: "Saga" })).status, 303);
    match(await (await browser.get("/packages")).text(), />Saga</);
    await app.services.liveDrafts.undo(userId, id);
    strictEqual((await app.store.packages.get(userId, id)).name, "Tale");
  });
});

Deno.test("delete puts a package into the bin, from where it comes back whole", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    const id = packageIdOf(await browser.post("/packages", { name: "Tale", template: "" }));
    const before = await exported(browser, id);
    const deleted = await browser.post(`/packages/${id}/delete`);
    strictEqual(deleted.headers.get("location"), `/packages?deleted=${id}`);
    const list = await (await browser.get(`/packages?deleted=${id}`)).text();
    match(list, /“Tale” is in the bin/);
    match(list, /No packages yet/);
    strictEqual((await browser.get(`/packages/${id}`)).status, 404);
    match(await (await browser.get("/packages/bin")).text(), /Tale/);
    strictEqual((await browser.post(`/packages/${id}/restore`)).status, 303);
    deepStrictEqual(await exported(browser, id), before);
  });
});

Deno.test("export is refused for errors, which it lists, and not for warnings", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const files = new Map(blankPackage("Broken"));
    files.delete("workflows/main/steps/first.md");
    const { packageId } = await app.store.packages.create(userId, files);
    const answer = await browser.get(`/packages/${packageId}/download`);
    strictEqual(answer.status, 422);
    match(await answer.text(), /cannot be exported yet[\s\S]*first\.md/);
    match(await (await browser.get(`/packages/${packageId}`)).text(), /class="badge error"/);
  });
});

Deno.test("a download has the package's name, whatever it is made of", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    const name = 'Ärger/"x"\\..\n日本';
    const id = packageIdOf(await browser.post("/packages", { name, template: "" }));
    const { headers } = await browser.get(`/packages/${id}/download`);
    const disposition = headers.get("content-disposition") ?? "";
    match(
      disposition,
      /^attachment; filename="_rger__x__\.\. __\.bmad"; filename\*=UTF-8''%C3%84rger_/,
    );
    strictEqual(headers.get("content-type"), "application/zip");
  });
});

Deno.test("a copy has a name of its own and nothing of the history", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const id = packageIdOf(await browser.post("/packages", { name: "Tale", template: "" }));
    const copyId = packageIdOf(await browser.post(`/packages/${id}/duplicate`));
    const copy = await app.store.packages.get(userId, copyId);
    strictEqual(copy.revision, 0);
    ok(copy.name !== "Tale");
  });
});

Deno.test("the search looks at names, and says when it finds nothing", async () => {
  await withApp(async (app) => {
    const { browser } = await signedInOwner(app);
    await browser.post("/packages", { name: "First tale", template: "" });
    await browser.post("/packages", { name: "Report", template: "" });
    const found = await (await browser.get("/packages?search=TALE")).text();
    match(found, /First tale/);
    ok(!found.includes(">Report<"));
    match(await (await browser.get("/packages?search=zzz")).text(), /Nothing found for “zzz”/);
  });
});

Deno.test("a version keeps the files, shows what changed since, and comes back", async () => {
  await withApp(async (app) => {
    const { browser, userId } = await signedInOwner(app);
    const id = packageIdOf(await browser.post("/packages", { name: "Tale", template: "" }));
    const before = await exported(browser, id);
    await browser.post(`/packages/${id}/versions`, { label: "1", notes: "first" });
    const taken = await browser.post(`/packages/${id}/versions`, { label: "1", notes: "again" });
    match(await taken.text(), /<textarea[^>]*>again/);
    await browser.post(`/packages/${id}/rename`, { name: "Saga" });
    const [version] = await app.store.versions.list(userId, id);
    const path = `/packages/${id}/versions/${version?.versionId}`;
    const page = await (await browser.get(path)).text();
    match(page, /class="removed">-[^<]*Tale/);
    match(page, /class="added">\+[^<]*Saga/);
    strictEqual((await browser.post(`${path}/restore`)).status, 303);
    deepStrictEqual(await exported(browser, id), before);
  });
});
