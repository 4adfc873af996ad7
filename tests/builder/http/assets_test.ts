import { match, strictEqual, throws } from "node:assert/strict";
import { ASSET_FILES } from "../../../builder/http/asset_files.ts";
import { assetUrl } from "../../../builder/http/assets.ts";
import { withApp } from "./app_under_test.ts";

Deno.test("every static file is served under its hash, for ever, and known again by its tag", async () => {
  await withApp(async ({ send }) => {
    for (const [name, content] of Object.entries(ASSET_FILES)) {
      const answer = await send(assetUrl(name));
      strictEqual(await answer.text(), content, name);
      strictEqual(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
      const etag = answer.headers.get("etag") ?? "";
      for (const known of [etag, `W/${etag}`]) {
        const again = await send(assetUrl(name), { headers: { "if-none-match": known } });
        strictEqual(again.status, 304);
        strictEqual(await again.text(), "");
      }
    }
    match((await send(assetUrl("app.css"))).headers.get("content-type") ?? "", /^text\/css/);
    match((await send(assetUrl("page.js"))).headers.get("content-type") ?? "", /^text\/javascript/);
  });
});

Deno.test("there is no static file under another hash or name", async () => {
  await withApp(async ({ send }) => {
    const [, , hash = ""] = assetUrl("app.css").split("/");
    const names = [
      "/static/0000000000000000/app.css",
      `/static/${hash}`,
      `/static/${hash}/`,
      `/static/${hash}/constructor`,
      `/static/${hash}/__proto__`,
      `/static/${hash}/../app.ts`,
      `/static/${hash}/%2e%2e/%2e%2e/main.ts`,
      `/static/${hash}/app.css%00.js`,
      `/static/${hash}//app.css`,
      "/static/app.css",
    ];
    for (const path of names) strictEqual((await send(path)).status, 404, path);
    throws(() => assetUrl("nothing.js"), { code: "INTERNAL" });
  });
});
