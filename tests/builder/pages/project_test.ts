// The pages of projects over one application: what they show, what they refuse, and that nothing is lost.
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { projectIdOf } from "../../../builder/project_id.ts";
import { completedRun } from "../completed_run.ts";
import { type AppUnderTest, type Browser, withApp } from "../http/app_under_test.ts";

interface Scene {
  readonly app: AppUnderTest;
  readonly mina: Browser;
  readonly otto: Browser;
  /** Real path of mina's project. */
  readonly dir: string;
  readonly base: string;
  readonly get: (part: string, query?: Record<string, string>) => Promise<Response>;
  readonly page: (part: string, query?: Record<string, string>) => Promise<string>;
  readonly put: (path: string, content: string | Uint8Array) => void;
  readonly read: (path: string) => string;
}

const tests: [name: string, test: (scene: Scene) => Promise<void>][] = [];

/** Each has a project of its own; all share an application, which costs more than they do. */
function projectTest(name: string, test: (scene: Scene) => Promise<void>): void {
  tests.push([name, test]);
}

function sceneOf(app: AppUnderTest, { mina, otto }: Pick<Scene, "mina" | "otto">): Scene {
  const dir = Deno.realPathSync(Deno.makeTempDirSync({ dir: join(app.dataDir, "..") }));
  const base = `/projects/${projectIdOf(dir)}`;
  const get: Scene["get"] = (part, query = {}) =>
    mina.get(`${base}${part}?${new URLSearchParams(query)}`);
  return {
    app,
    mina,
    otto,
    dir,
    base,
    get,
    page: async (part, query) => await (await get(part, query)).text(),
    put(path, content) {
      Deno.mkdirSync(join(dir, path, ".."), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      Deno.writeFileSync(join(dir, path), bytes);
    },
    read: (path) => Deno.readTextFileSync(join(dir, path)),
  };
}

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

const PNG = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4////fwAJ+wP9KobjigAAAABJRU5ErkJggg==",
);

const SCRIPT = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

projectTest(
  "raw bytes of a project run nowhere: sandbox, nosniff, and an attachment but for pictures",
  async ({ get, put }) => {
    const kinds: [name: string, content: string | Uint8Array, type: string, shown: boolean][] = [
      ["a.html", SCRIPT, "text/plain; charset=utf-8", false],
      ["a.js", "alert(1)", "text/plain; charset=utf-8", false],
      ["a.svg", `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`, "image/svg+xml", false],
      ["a.xml", "<a/>", "text/plain; charset=utf-8", false],
      ["a.pdf", "%PDF-1.7\0", "application/octet-stream", false],
      ["a.png", PNG, "image/png", true],
      ["a.ico", new Uint8Array([0, 0, 1, 0, 1, 0]), "image/x-icon", true],
      ["html.png", `<html>${SCRIPT}`, "text/plain; charset=utf-8", false],
      ["png.html", PNG, "application/octet-stream", false],
      ["gif.jpg", "GIF89a\0", "application/octet-stream", false],
      ["empty", "", "text/plain; charset=utf-8", false],
    ];
    for (const [path, content, type, shown] of kinds) {
      put(path, content);
      for (const query of [{ path }, { path, download: "yes" }]) {
        const answer = await get("/raw", query);
        const { headers } = answer;
        strictEqual(headers.get("content-type"), type, path);
        match(headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
        strictEqual(headers.get("x-content-type-options"), "nosniff");
        const isInline = headers.get("content-disposition") === "inline";
        strictEqual(isInline, shown && !("download" in query), path);
        const sent = new Uint8Array(await answer.arrayBuffer());
        deepStrictEqual(
          sent,
          typeof content === "string" ? new TextEncoder().encode(content) : content,
        );
      }
    }
  },
);

projectTest(
  "no page of a project opens what leads out of it, nor hidden or closed places",
  async ({ app, mina, get, page, base, dir, put, read }) => {
    put("ok.txt", "ok");
    put(".env", "KEY=1");
    put(".git/config", "git");
    Deno.writeTextFileSync(join(dir, "..", "outside.txt"), "OUTSIDE");
    Deno.symlinkSync("../outside.txt", join(dir, "link.txt"));
    for (const path of ["../outside.txt", "link.txt", ".git/config", "a\0", "CON", "missing"]) {
      for (const part of ["", "/file", "/raw", "/edit", "/rename", "/tree"]) {
        const answer = await get(part, { path, state: "open" });
        const text = await answer.text();
        ok([404, 422].includes(answer.status), `${part} ${path}: ${answer.status}`);
        doesNotMatch(text, /OUTSIDE|\[core\]/);
      }
      for (
        const [part, fields] of [
          [`/edit?path=${encodeURIComponent(path)}`, { text: "x", baseSha256: hashOf("OUTSIDE") }],
          [`/rename?path=${encodeURIComponent(path)}`, { to: "taken.txt" }],
          ["/rename?path=ok.txt", { to: path.replace("missing", "../missing") }],
          ["/delete", { path }],
          ["/new", { name: path.replace("missing", "../missing") }],
        ] as const
      ) {
        const { status } = await mina.post(base + part, fields);
        ok([404, 409, 422].includes(status), `${part} ${path}: ${status}`);
      }
    }
    strictEqual(Deno.readTextFileSync(join(dir, "..", "outside.txt")), "OUTSIDE");
    strictEqual(read("ok.txt"), "ok");
    const shown = await page("");
    match(shown, /ok\.txt/);
    doesNotMatch(shown, /\.env|\.git/);
    for (const path of [app.dataDir, join(app.dataDir, "store")]) {
      strictEqual((await mina.get(`/projects/${projectIdOf(path)}`)).status, 404);
      strictEqual((await mina.post("/projects", { path })).status, 404);
    }
    for (const projectId of ["x", "..", projectIdOf("/nowhere at all"), projectIdOf("relative")]) {
      strictEqual((await mina.get(`/projects/${projectId}/bin`)).status, 404, projectId);
    }
  },
);

projectTest(
  "a member sees no project that is not shared, nor whether it is there",
  async ({ mina, otto, base, dir, put }) => {
    put("deep/a.txt", "mine");
    const there = await otto.post("/projects", { path: dir });
    const missing = await otto.post("/projects", { path: `${dir}-missing` });
    deepStrictEqual([there.status, missing.status], [403, 403]);
    const words = async (answer: Response) =>
      /role="alert"[^]*?<\/p>/.exec(await answer.text())?.[0];
    strictEqual(await words(there), await words(missing));
    strictEqual((await otto.get(`${base}/file?path=deep/a.txt`)).status, 403);
    await mina.post("/projects/shared", { share: dir });
    strictEqual((await otto.get(`${base}/file?path=deep/a.txt`)).status, 200);
    match(await (await otto.get("/projects")).text(), new RegExp(base));
    const inside = `/projects/${projectIdOf(join(dir, "deep"))}`;
    strictEqual((await otto.get(inside)).status, 200);
    strictEqual((await otto.get(`/projects/${projectIdOf(join(dir, ".."))}`)).status, 403);
    await mina.post("/projects/shared", { unshare: dir });
    strictEqual((await otto.get(base)).status, 403);
    doesNotMatch(await (await otto.get("/projects")).text(), new RegExp(base));
  },
);

projectTest(
  "the list tells when a project was used and how to forget it",
  async ({ mina, dir, base }) => {
    const opened = await mina.post("/projects", { path: `${dir}/.` });
    strictEqual(opened.headers.get("location"), base);
    const listed = await (await mina.get("/projects")).text();
    match(listed, new RegExp(`href="${base}"`));
    match(listed, /<time [^>]*>just now/);
    Deno.renameSync(dir, `${dir}-moved`);
    match(await (await mina.get("/projects")).text(), /Not found/);
    await mina.post(`${base}/forget`);
    doesNotMatch(await (await mina.get("/projects")).text(), new RegExp(base));
    ok(Deno.statSync(`${dir}-moved`).isDirectory);
  },
);

projectTest(
  "a file is shown by what it is, and its text never becomes markup",
  async ({ get, page, put }) => {
    put("a.txt", `${SCRIPT}\nsecond\n`);
    match(await page("/file", { path: "a.txt" }), /<li id="L1">&lt;script&gt;alert\(1\)/);
    put("a.md", `# Title\n\n${SCRIPT}\n\n[x](javascript:alert(1)) ![p](pic.png)`);
    const rendered = await page("/file", { path: "a.md" });
    match(rendered, /<h2>Title<\/h2>/);
    match(rendered, /<img src="\/projects\/[\w-]+\/raw\?path=pic\.png"/);
    match(await page("/file", { path: "a.md", as: "text" }), /<li id="L1"># Title/);
    put("a.csv", `name;"x"\n${SCRIPT.replaceAll('"', "'")};2\n`);
    match(await page("/file", { path: "a.csv" }), /<td>&lt;script&gt;/);
    put("a.json", '{"a":1.0,"b":["</script>"]}');
    match(await page("/file", { path: "a.json" }), /<li id="L2"> {2}&quot;a&quot;: 1\.0,<\/li>/);
    put("broken.json", "{");
    match(await page("/file", { path: "broken.json" }), /no JSON/);
    put("a.bin", new Uint8Array([0, 1, 2]));
    match(await page("/file", { path: "a.bin" }), /binary data, not text/);
    put("utf16.txt", new Uint8Array([0xff, 0xfe, 0x61, 0]));
    match(await page("/file", { path: "utf16.txt" }), /UTF-16/);
    put("latin.txt", new Uint8Array([0x61, 0xe9, 0x0a]));
    const latin = await page("/file", { path: "latin.txt" });
    match(latin, /not UTF-8/);
    doesNotMatch(latin, /\/edit\?path/);
    strictEqual((await get("/edit", { path: "latin.txt" })).status, 422);
    for (const path of ["a.txt", "a.md", "a.csv", "a.json"]) {
      doesNotMatch(
        await page("/file", { path }),
        /<script>alert|onerror=alert\(1\)>"?<\/|javascript:/,
      );
    }
  },
);

projectTest("a big text and a big table are shown a window at a time", async ({ page, put }) => {
  put("big.txt", Array.from({ length: 20_000 }, (_, at) => `line ${at + 1}\n`).join(""));
  const second = await page("/file", { path: "big.txt", from: "501" });
  match(second, /Lines 501 to 1,000 of 20,000/);
  match(second, /<ol class="code-lines" start="501"/);
  match(second, /as=text&amp;from=1001/);
  doesNotMatch(second, />line 1001</);
  match(await page("/file", { path: "big.txt", from: "999999" }), /Lines 1 to 500/);
  put("long.txt", "x".repeat(3 << 20));
  match(await page("/file", { path: "long.txt" }), /too long to be shown whole/);
  put("big.csv", `a,b\n${Array.from({ length: 5_000 }, (_, at) => `${at},x\n`).join("")}`);
  match(await page("/file", { path: "big.csv", from: "101" }), /Rows 101 to 200 of 5,000/);
});

projectTest(
  "the tree opens a folder at a time, as a page and as a piece of one",
  async ({ page, put }) => {
    put("docs/deep/a.md", "a");
    for (let at = 0; at < 250; at++) put(`many/${at}.txt`, "");
    match(
      await page("", { path: "docs" }),
      /aria-expanded="true"[^>]*aria-label="Hide what is in docs"/,
    );
    match(
      await page("/file", { path: "docs/deep/a.md" }),
      /aria-current="page"><svg[^]*?<span>a\.md/,
    );
    const open = await page("/tree", { path: "docs", state: "open" });
    match(open, /^<li class="tree-item">[^]*deep[^]*<\/li>$/);
    const closed = await page("/tree", { path: "docs", state: "closed" });
    doesNotMatch(closed, /deep/);
    match(await page("", { path: "many" }), /50 more/);
    const more = await page("/tree", { path: "many", from: "200" });
    strictEqual(more.match(/<li class="tree-item">/g)?.length, 50);
    match(await page("", { path: "many", from: "200" }), /201 to 250 of 250/);
  },
);

projectTest(
  "saving refuses what was changed meanwhile, shows the difference, and keeps both",
  async ({ mina, base, put, read, page }) => {
    put("a.txt", "one\r\ntwo\r\n");
    match(await page("/edit", { path: "a.txt" }), />\none\ntwo\n</);
    const edit = `${base}/edit?path=a.txt`;
    const baseSha256 = hashOf("one\r\ntwo\r\n");
    put("a.txt", "one\r\nTHEIRS\r\n");
    const refused = await mina.post(edit, { text: "one\ntwo\nmine\n", baseSha256 });
    const text = await refused.text();
    strictEqual(refused.status, 409);
    match(text, /\+two[^]*\+mine/);
    match(text, />\none\ntwo\nmine\n</);
    strictEqual(read("a.txt"), "one\r\nTHEIRS\r\n");
    const over = /name="over" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? "";
    put("a.txt", "one\r\nTHEIRS AGAIN\r\n");
    const again = await mina.post(edit, { text: "one\ntwo\nmine\n", baseSha256, over });
    strictEqual(again.status, 409);
    const newest = hashOf("one\r\nTHEIRS AGAIN\r\n");
    const saved = await mina.post(edit, { text: "one\ntwo\nmine\n", baseSha256, over: newest });
    strictEqual(saved.status, 303);
    strictEqual(read("a.txt"), "one\r\ntwo\r\nmine\r\n");
  },
);

projectTest(
  "saving a file that is gone keeps the text, and makes the file again if asked",
  async ({ mina, base, dir, put, read }) => {
    put("sub/a.txt", "one");
    Deno.removeSync(join(dir, "sub"), { recursive: true });
    const edit = `${base}/edit?path=sub/a.txt`;
    const refused = await mina.post(edit, { text: "mine", baseSha256: hashOf("one") });
    strictEqual(refused.status, 409);
    match(await refused.text(), /name="over" value="none"[^]*>\nmine</);
    const saved = await mina.post(edit, { text: "mine", baseSha256: hashOf("one"), over: "none" });
    strictEqual(saved.status, 303);
    strictEqual(read("sub/a.txt"), "mine");
  },
);

projectTest(
  "a new file, a new folder and a rename refuse a name that is taken, and keep what was typed",
  async ({ mina, base, put, read }) => {
    put("a.txt", "a");
    const made = await mina.post(`${base}/new?folder=notes`, { name: "today.md" });
    strictEqual(made.headers.get("location"), `${base}/edit?path=notes%2Ftoday.md&done=made`);
    strictEqual(read("notes/today.md"), "");
    const again = await mina.post(`${base}/new?folder=notes`, { name: "today.md" });
    strictEqual(again.status, 409);
    match(await again.text(), /value="today\.md"/);
    const folder = await mina.post(`${base}/new?kind=folder`, { name: "x/y" });
    strictEqual(folder.headers.get("location"), `${base}?path=x%2Fy&done=made`);
    strictEqual((await mina.post(`${base}/new?kind=folder`, { name: "a.txt" })).status, 409);
    strictEqual(
      (await mina.post(`${base}/rename?path=a.txt`, { to: "notes/today.md" })).status,
      409,
    );
    const renamed = await mina.post(`${base}/rename?path=a.txt`, { to: "x/b.txt" });
    strictEqual(renamed.headers.get("location"), `${base}?path=x%2Fb.txt&done=renamed`);
    strictEqual(read("x/b.txt"), "a");
  },
);

projectTest(
  "deleting offers a way back at once and from the bin",
  async ({ mina, base, put, read, page }) => {
    put("dir/a.txt", "a");
    const deleted = await mina.post(`${base}/delete`, { path: "dir/a.txt", sha256: hashOf("a") });
    const shown = await (await mina.get(deleted.headers.get("location") ?? "")).text();
    const deletedId = /name="deletedId" value="([^"]+)"/.exec(shown)?.[1] ?? "";
    match(shown, /“dir\/a\.txt” is in the bin/);
    match(await page("/bin"), /Restore dir\/a\.txt/);
    const back = await mina.post(`${base}/restore`, { deletedId });
    match(back.headers.get("location") ?? "", /\/file\?path=dir%2Fa\.txt&done=restored/);
    strictEqual(read("dir/a.txt"), "a");
    for (const wrong of ["", "x", "../../store", deletedId]) {
      strictEqual((await mina.post(`${base}/restore`, { deletedId: wrong })).status, 404);
    }
    const stale = await mina.post(`${base}/delete`, { path: "dir/a.txt", sha256: hashOf("b") });
    strictEqual(stale.status, 409);
    strictEqual(read("dir/a.txt"), "a");
  },
);

projectTest(
  "a file names the run that wrote it last, and the project its runs",
  async ({ app, mina }) => {
    const user = await app.store.users.findByName("mina");
    const { runId, projectDir } = await completedRun(app.services, {
      userId: user?.userId ?? "",
      role: "owner",
    });
    const base = `/projects/${projectIdOf(projectDir)}`;
    const project = await (await mina.get(base)).text();
    match(project, new RegExp(`href="/runs/${runId}"`));
    const artifact = /href="([^"]+file\?path=artifacts[^"]+)"/.exec(project)?.[1] ?? "";
    const shown = await (await mina.get(artifact)).text();
    match(shown, new RegExp(`Last written by <a href="/runs/${runId}"`));
    doesNotMatch(shown, /changed since/);
    const path = new URL(artifact, "http://x").searchParams.get("path") ?? "";
    Deno.writeTextFileSync(join(projectDir, path), "mine");
    match(await (await mina.get(artifact)).text(), /changed since/);
  },
);

Deno.test("pages of projects", async (t) => {
  await withApp(async (app) => {
    const browsers = { mina: await app.signedIn("mina"), otto: await app.signedIn("otto") };
    for (const [name, test] of tests) await t.step(name, () => test(sceneOf(app, browsers)));
  });
});
