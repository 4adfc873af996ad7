// Assets and raw files: upload and its limits, what a browser is given of a foreign file, conflicts.
import assert from "node:assert/strict";
import { fileHash } from "../../../builder/edit/file_edits.ts";
import { stepOf } from "../../../builder/edit/draft.ts";
import { HTMX, withPackage } from "./filled_form.ts";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 254]);
const fileOf = (name: string, content: string | Uint8Array<ArrayBuffer>) =>
  new File([content], name);
const upload = { folder: "assets/" };

Deno.test("uploadAssets() stores bytes as they are, and undo takes them back", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    const response = await browser.post(`${base}/assets`, {
      ...upload,
      file: fileOf("dot.png", PNG),
    });
    assert.equal(response.status, 303);
    assert.deepEqual((await draft()).files.get("assets/dot.png"), PNG);
    const page = await (await browser.get(response.headers.get("location") ?? "")).text();
    assert.match(page, /name="scope" value="file:assets\/dot\.png"/);
    const undo = { direction: "undo", scope: "file:assets/dot.png", then: `${base}/assets` };
    await browser.post(`${base}/step`, undo);
    assert.equal((await draft()).files.has("assets/dot.png"), false);
  });
});

const REFUSED: readonly (readonly [string, File, RegExp])[] = [
  ["a file over 1 MiB", fileOf("big.txt", "x".repeat((1 << 20) + 1)), /1 MiB/],
  [
    "a program",
    fileOf("tool.exe", new Uint8Array([0x4d, 0x5a, 0, 0, 0xff])),
    /neither text nor an image/,
  ],
  ["a hidden name", fileOf(".env", "A=1"), /cannot be a file&#39;s name|cannot be a file's name/],
  ["a reserved name", fileOf("CON.txt", "x"), /CON/],
];

for (const [what, file, reason] of REFUSED) {
  Deno.test(`uploadAssets() refuses ${what} in words, and stores nothing`, async () => {
    await withPackage(async ({ browser, base, draft }) => {
      const before = await draft();
      const response = await browser.post(`${base}/assets`, { ...upload, file });
      assert.equal(response.status, 422);
      assert.match(await response.text(), reason);
      assert.equal(await draft(), before);
    });
  });
}

Deno.test("uploadAssets() refuses folders outside the assets", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    const before = await draft();
    for (const folder of ["../", "workflows/", "/etc/", "assets/../", "assets\\x/"]) {
      const response = await browser.post(`${base}/assets`, { folder, file: fileOf("a.md", "x") });
      assert.equal(response.status, 422, folder);
    }
    assert.equal(await draft(), before);
  });
});

Deno.test("uploadAssets() replaces a file only if asked to", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    await browser.post(`${base}/assets`, { ...upload, file: fileOf("a.md", "one") });
    const again = { ...upload, file: fileOf("a.md", "two") };
    assert.equal((await browser.post(`${base}/assets`, again)).status, 422);
    assert.equal((await browser.post(`${base}/assets`, { ...again, replace: "on" })).status, 303);
    assert.equal(new TextDecoder().decode((await draft()).files.get("assets/a.md")), "two");
  });
});

Deno.test("sendRaw() gives foreign files nothing to run in", async () => {
  await withPackage(async ({ browser, base }) => {
    const html = "<script>alert(1)</script>";
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`;
    await browser.post(`${base}/assets`, { ...upload, file: fileOf("a.html", html) });
    await browser.post(`${base}/assets`, { ...upload, file: fileOf("a.svg", svg) });
    for (const [name, type] of [["a.html", "text/plain"], ["a.svg", "image/svg+xml"]]) {
      const response = await browser.get(`${base}/raw/assets/${name}`);
      const { headers } = response;
      assert.ok(headers.get("content-type")?.startsWith(type ?? ""));
      assert.match(headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
      assert.match(headers.get("content-disposition") ?? "", /^attachment/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      await response.body?.cancel();
    }
  });
});

Deno.test("renameAsset() and deleteAsset() change one file; a refusal keeps what was typed", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    await browser.post(`${base}/assets/new`, { path: "assets/a.md" });
    const refused = await browser.post(`${base}/assets/rename`, {
      path: "assets/a.md",
      newPath: "x/b.md",
    });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /value="x\/b\.md"/);
    await browser.post(`${base}/assets/rename`, { path: "assets/a.md", newPath: "assets/b.md" });
    assert.ok((await draft()).files.has("assets/b.md"));
    assert.equal((await browser.post(`${base}/assets/delete`, { path: "bmad.json" })).status, 422);
    await browser.post(`${base}/assets/delete`, { path: "assets/b.md" });
    assert.equal((await draft()).files.has("assets/b.md"), false);
  });
});

Deno.test("postFile() has the node follow a step file that was written as text", async () => {
  await withPackage(async ({ browser, base, workflowId, nodeId, draft }) => {
    const step = stepOf(await draft(), workflowId, nodeId);
    assert.ok(step);
    const path = `${base}/files/${step.path}`;
    const text = step.text.replace(/^title: .*$/m, "title: Written by hand");
    const baseSha256 = fileHash(new TextEncoder().encode(step.text));
    const response = await browser.post(path, { text, baseSha256 }, HTMX);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("hx-trigger"), "crewagent:reload");
    assert.equal((await draft()).workflow(workflowId)?.node(nodeId)?.title, "Written by hand");
    const old = await browser.post(path, { text: "mine", baseSha256 });
    assert.equal(old.status, 409);
    const page = await old.text();
    assert.match(page, /<textarea[^>]*>\s*mine<\/textarea>/);
    assert.match(page, /class="theirs"[^>]*>[\s\S]*Written by hand/);
  });
});

Deno.test("postFile() keeps a text with a fault and says line and column", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    const bytes = (await draft()).files.get("bmad.json") ?? new Uint8Array();
    const sent = { text: '{\n  "name": }', baseSha256: fileHash(bytes) };
    const response = await browser.post(`${base}/files/bmad.json`, sent);
    assert.equal(response.status, 422);
    const page = await response.text();
    assert.match(page, /data-line="2" data-column="\d+"/);
    assert.ok(page.includes("&quot;name&quot;: }"));
    assert.deepEqual((await draft()).files.get("bmad.json"), bytes);
  });
});

Deno.test("postFile() keeps the line endings of a file", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    const content = "one\r\ntwo\r\n";
    await browser.post(`${base}/assets`, { ...upload, file: fileOf("a.txt", content) });
    const baseSha256 = fileHash(new TextEncoder().encode(content));
    await browser.post(`${base}/files/assets/a.txt`, { text: "one\r\n2\r\n", baseSha256 });
    assert.equal(
      new TextDecoder().decode((await draft()).files.get("assets/a.txt")),
      "one\r\n2\r\n",
    );
  });
});
