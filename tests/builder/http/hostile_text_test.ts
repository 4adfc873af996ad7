import { match, ok, strictEqual } from "node:assert/strict";
import type { Edit } from "../../../schemas/edit.ts";
import { packageIdOf, withApp } from "./app_under_test.ts";

const SCRIPT = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;

/** Fails if any text of ours stands in a page as markup. */
async function assertEscaped(response: Response, what: string): Promise<void> {
  const page = await response.text();
  ok(!page.includes("<script>alert"), what);
  ok(!page.includes("<img src=x"), what);
}

Deno.test("pages show scripts in package names, versions, notes and searches as text", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    const id = packageIdOf(await mina.post("/packages", { name: SCRIPT, template: "" }));
    const label = SCRIPT.slice(0, 60);
    await mina.post(`/packages/${id}/versions`, { label, notes: SCRIPT });
    const versions = await (await mina.get(`/packages/${id}/versions`)).text();
    const version = /\/packages\/[a-z0-9]+\/versions\/[a-z0-9]+/.exec(versions)?.[0] ?? "";
    const paths = [
      "/packages",
      `/packages?search=${encodeURIComponent(SCRIPT)}`,
      `/packages?search=${encodeURIComponent("nothing " + SCRIPT)}`,
      `/packages/new?template=${encodeURIComponent(SCRIPT)}`,
      `/packages/${id}`,
      `/packages/${id}?notice=${encodeURIComponent(SCRIPT)}`,
      `/packages/${id}/rename`,
      `/packages/${id}/versions`,
      version,
      `/${encodeURIComponent(SCRIPT)}`,
      `/login?next=${encodeURIComponent("/" + SCRIPT)}`,
    ];
    for (const path of paths) await assertEscaped(await mina.get(path), path);
    match(await (await mina.get(`/packages/${id}`)).text(), /&lt;script&gt;alert/);
    await mina.post(`/packages/${id}/delete`);
    await assertEscaped(await mina.get(`/packages?deleted=${id}`), "deleted");
    await assertEscaped(await mina.get("/packages/bin"), "bin");
  });
});

Deno.test("pages show scripts in refused fields as text", async () => {
  await withApp(async ({ signedIn, browser }) => {
    const mina = await signedIn("mina");
    const file = new File(["nothing"], `${SCRIPT}.bmad`);
    const answers = [
      await mina.post("/settings/tokens", { name: SCRIPT }),
      await mina.post("/settings/accounts", { username: SCRIPT, password: "correct horse" }),
      await mina.post("/packages", { name: SCRIPT.repeat(9), template: SCRIPT }),
      await mina.post("/packages", { name: "x", template: SCRIPT }),
      await mina.post("/packages/import", { file }),
      await mina.get("/settings/tokens"),
    ];
    for (const answer of answers) await assertEscaped(answer, answer.url);
    const visitor = browser();
    await visitor.get("/login");
    await assertEscaped(
      await visitor.post("/login", { username: SCRIPT, password: SCRIPT, next: SCRIPT }),
      "login",
    );
  });
});

Deno.test("a package's texts from an archive are shown as text", async () => {
  await withApp(async ({ store, services, signedIn }) => {
    const mina = await signedIn("mina");
    const id = packageIdOf(await mina.post("/packages", { name: "Plain", template: "" }));
    const edits: Edit[] = [
      { kind: "manifest.change", fields: { description: SCRIPT, author: SCRIPT } },
      { kind: "workflow.change", workflowId: "main", fields: { displayName: SCRIPT } },
      {
        kind: "agent.change",
        agentId: "assistant",
        fields: { metadata: { name: SCRIPT, title: SCRIPT, icon: SCRIPT } },
      },
    ];
    const userId = (await store.users.findByName("mina"))?.userId ?? "";
    for (const edit of edits) {
      const { revision } = await services.liveDrafts.read(userId, id);
      await services.liveDrafts.edit(userId, id, { baseRevision: revision, edit });
    }
    await assertEscaped(await mina.get("/packages"), "list");
    const overview = await mina.get(`/packages/${id}`);
    strictEqual((await overview.clone().text()).split("&lt;script&gt;alert").length > 4, true);
    await assertEscaped(overview, "overview");
  });
});

Deno.test("paths of hostile shapes are not found, and name no file", async () => {
  await withApp(async ({ signedIn }) => {
    const mina = await signedIn("mina");
    const ids = [
      "..",
      "%2e%2e",
      "..%2f..%2fetc%2fpasswd",
      "%00",
      "a".repeat(3_000),
      "%E0%A4%A",
      "__proto__",
      "constructor",
      "' OR 1=1 --",
      "<script>",
      "\u202e",
    ];
    for (const id of ids) {
      for (
        const path of [
          `/packages/${id}/download`,
          `/packages/x/versions/${id}/`,
          `/static/x/${id}/`,
        ]
      ) {
        const answer = await mina.get(path);
        strictEqual(answer.status, 404, path);
      }
    }
  });
});
