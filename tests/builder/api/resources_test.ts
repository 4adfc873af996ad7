import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PASSWORD, withApp } from "../http/app_under_test.ts";
import { withApi } from "./api_under_test.ts";

Deno.test("auth: the one-time token makes the first account, once; it logs in and makes others", async () => {
  await withApp(async ({ store, send }) => {
    const post = (path: string, json: unknown, token?: string) =>
      send(`/api/v1${path}`, {
        method: "POST",
        body: JSON.stringify(json),
        headers: {
          "content-type": "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      });
    const { token: startToken } = await store.oneTimeTokens.create("first-start", null);
    const mina = { username: "mina", password: PASSWORD };
    strictEqual((await post("/auth/register", mina)).status, 401);
    strictEqual((await post("/auth/register", { ...mina, startToken: "x" })).status, 401);
    const weak = await post("/auth/register", { ...mina, password: "short", startToken });
    strictEqual(weak.status, 422);
    const made = await post("/auth/register", { ...mina, startToken });
    strictEqual(made.status, 201);
    strictEqual((await made.json()).data.role, "owner");
    const otto = { username: "otto", password: PASSWORD };
    strictEqual((await post("/auth/register", { ...otto, startToken })).status, 401);
    const { data: { token } } = await (await post("/auth/login", mina)).json();
    strictEqual((await post("/auth/register", otto, token)).status, 201);
    strictEqual((await post("/auth/register", otto, token)).status, 409);
    const member = (await (await post("/auth/login", otto)).json()).data.token;
    strictEqual((await post("/auth/register", { ...otto, username: "eve" }, member)).status, 403);
  });
});

Deno.test("auth/login: a wrong name and a wrong password get the same answer, and guessing is stopped", async () => {
  await withApi(async ({ call }) => {
    const attempt = (username: string) =>
      call("login", { token: null, json: { username, password: "wrong horse" } });
    const known = await attempt("mina");
    strictEqual(known.status, 401);
    strictEqual(known.headers.get("www-authenticate"), 'Bearer realm="crewagent"');
    deepStrictEqual((await attempt("nobody")).error, known.error);
    for (let count = 0; count < 10; count++) await attempt("mina");
    const limited = await attempt("mina");
    strictEqual(limited.status, 429);
    ok(Number(limited.headers.get("retry-after")) > 0);
  });
});

Deno.test("auth/password: needs the old one and ends the JWTs of the account", async () => {
  await withApi(async ({ call }) => {
    const json = { username: "otto", password: PASSWORD };
    const { data: { token } } = await call("login", { token: null, json });
    const change = (current: string) =>
      call("changePassword", { token, json: { current, next: "another horse" } });
    strictEqual((await change("wrong")).status, 401);
    strictEqual((await call("getMe", { token })).data.username, "otto");
    strictEqual((await change(PASSWORD)).status, 204);
    strictEqual((await call("getMe", { token })).code, "AUTH_TOKEN_INVALID");
  });
});

Deno.test("accounts: a shut account's tokens are worth nothing until it is opened again", async () => {
  await withApi(async ({ call, ottoToken, ottoId, minaId }) => {
    const shut = (userId: string, isDisabled: boolean) =>
      call("changeAccount", { params: { userId }, json: { isDisabled } });
    match((await shut(ottoId, true)).data.disabledAt, /Z$/);
    strictEqual((await call("getMe", { token: ottoToken })).status, 401);
    strictEqual((await shut(ottoId, false)).data.disabledAt, null);
    strictEqual((await call("getMe", { token: ottoToken })).status, 200);
    strictEqual((await shut(minaId, true)).code, "ACCOUNT_INVALID");
    deepStrictEqual(
      (await call("listAccounts")).data.map(({ username }: { username: string }) => username),
      ["mina", "otto"],
    );
  });
});

Deno.test("api-tokens: works until it is revoked, and is never shown again", async () => {
  await withApi(async ({ call }) => {
    const made = await call("createApiToken", { json: { name: "nightly", expiresAt: null } });
    const { token, tokenId } = made.data;
    strictEqual(made.headers.get("location"), `/api/v1/api-tokens/${tokenId}`);
    strictEqual((await call("getMe", { token })).data.username, "mina");
    ok(!JSON.stringify((await call("listApiTokens")).data).includes(token));
    strictEqual((await call("revokeApiToken", { params: { tokenId } })).status, 204);
    strictEqual((await call("getMe", { token })).code, "AUTH_TOKEN_INVALID");
    const past = { name: "late", expiresAt: "2020-01-01T00:00:00Z" };
    strictEqual((await call("createApiToken", { json: past })).status, 422);
  });
});

Deno.test("packages: made, found, renamed, copied, deleted and restored", async () => {
  await withApi(async ({ call, app }) => {
    const made = await call("createPackage", { json: { name: "Daily brief", template: null } });
    const params = { packageId: made.data.packageId };
    const location = made.headers.get("location") ?? "";
    strictEqual(location, `/api/v1/packages/${params.packageId}`);
    const taken = await call("createPackage", { json: { name: "daily BRIEF" } });
    strictEqual(taken.code, "PKG_NAME_TAKEN");
    strictEqual(taken.error.details.free, "daily BRIEF 2");
    const unknown = await call("createPackage", { json: { name: "x", template: "../etc" } });
    strictEqual(unknown.code, "PKG_TEMPLATE_UNKNOWN");
    const found = await call("listPackages", { query: "?search=DAILY%20bri" });
    deepStrictEqual(found.data.map(({ name }: { name: string }) => name), ["Daily brief"]);
    const fields = { name: "Weekly brief", author: "Mina" };
    const changed = await call("changePackage", { params, json: fields });
    deepStrictEqual([changed.data.name, changed.data.author], ["Weekly brief", "Mina"]);
    strictEqual(
      (await call("changePackage", { params, json: { author: null } })).data.author,
      null,
    );
    strictEqual((await call("duplicatePackage", { params })).data.name, "Weekly brief 2");
    strictEqual((await call("deletePackage", { params })).status, 204);
    strictEqual((await call("getPackage", { params })).status, 404);
    strictEqual((await call("listPackages", { query: "?from=bin" })).data.length, 1);
    strictEqual((await call("restorePackage", { params })).data.deletedAt, null);
    strictEqual((await app.send(location)).status, 401);
  });
});

Deno.test("packages: what is downloaded is imported again to the same bytes, raw and as a form", async () => {
  await withApi(async ({ call, packageId }) => {
    const { data: archive, headers } = await call("downloadPackage");
    match(headers.get("content-disposition") ?? "", /^attachment; filename=".+\.bmad"/);
    strictEqual((await call("deletePackage")).status, 204);
    const raw = await call("importPackage", {
      body: archive,
      headers: { "content-type": "application/zip" },
    });
    deepStrictEqual([raw.status, raw.data.renamedFrom], [201, null]);
    notStrictEqual(raw.data.package.packageId, packageId);
    const form = new FormData();
    form.set("file", new File([archive], "story.bmad"));
    const second = await call("importPackage", { body: form });
    strictEqual(second.data.renamedFrom, raw.data.package.name);
    const params = { packageId: raw.data.package.packageId };
    deepStrictEqual((await call("downloadPackage", { params })).data, archive);
  });
});

Deno.test("packages/import: what is no sound package is not kept, and the findings say why", async () => {
  await withApi(async ({ call, app, minaId }) => {
    const before = (await app.store.packages.list(minaId)).length;
    const headers = { "content-type": "application/octet-stream" };
    strictEqual((await call("importPackage", { body: "no zip", headers })).code, "PKG_ZIP_INVALID");
    strictEqual((await call("importPackage", { body: "", headers })).status, 422);
    await call("writeFile", { params: { path: "bmad.json" }, body: '{"name":"broken"}' });
    const text = new FormData();
    text.set("file", "a text, no file");
    strictEqual((await call("importPackage", { body: text })).code, "REQUEST_INVALID");
    strictEqual((await app.store.packages.list(minaId)).length, before);
  });
});

Deno.test("download: an error among the findings refuses it, with the findings", async () => {
  await withApi(async ({ call }) => {
    const { data: files } = await call("listFiles");
    const graph = files.find(({ role }: { role: string }) => role === "graph").path;
    const { data: bytes } = await call("readFile", { params: { path: graph } });
    const value = JSON.parse(new TextDecoder().decode(bytes));
    value.entryNodeId = "nowhere";
    await call("writeFile", { params: { path: graph }, body: JSON.stringify(value) });
    const refused = await call("downloadPackage");
    strictEqual(refused.code, "PKG_INVALID");
    const codes = refused.error.details.findings.map(({ code }: { code: string }) => code);
    const found = (await call("listFindings")).data.map(({ code }: { code: string }) => code);
    deepStrictEqual(codes, found);
    ok(codes.length > 0);
  });
});

Deno.test("edits: one corridor, with undo, redo and history", async () => {
  await withApi(async ({ call }) => {
    const edit = {
      kind: "edge.add",
      workflowId: "create-story",
      from: "summary",
      to: "gather-context",
    };
    const add = { kind: "node.add", workflowId: "create-story", type: "step", at: { x: 1, y: 2 } };
    const done = await call("applyEdit", {
      json: { baseRevision: 1, edit: { ...add, title: "New" } },
    });
    deepStrictEqual([done.data.revision, done.data.touched.newNodeIds], [2, ["new"]]);
    const refused = await call("applyEdit", {
      json: { baseRevision: 2, edit: { ...edit, to: "no-such-node" } },
    });
    strictEqual(refused.status, 409);
    const future = await call("applyEdit", { json: { baseRevision: 99, edit: add } });
    strictEqual(future.code, "EDIT_CONFLICT");
    const undone = await call("undo", { json: { scope: "workflow:create-story" } });
    strictEqual(undone.data.step.ofRevision, 2);
    strictEqual((await call("redo")).data.step.revision, 4);
    strictEqual((await call("undo", { json: { scope: "file:none" } })).code, "EDIT_REFUSED");
    const history = await call("listHistory", { query: "?limit=2&before=4" });
    deepStrictEqual(
      history.data.map((
        { revision, kind }: { revision: number; kind: string },
      ) => [revision, kind]),
      [[3, "undo"], [2, "edit"]],
    );
  });
});

Deno.test("versions: kept, compared, restored and forgotten", async () => {
  await withApi(async ({ call, versionId, packageId }) => {
    const made = await call("createVersion", { json: { label: "2" } });
    strictEqual(
      made.headers.get("location"),
      `/api/v1/packages/${packageId}/versions/${made.data.versionId}`,
    );
    strictEqual((await call("createVersion", { json: { label: "2" } })).code, "VERSION_EXISTS");
    const diff = await call("diffVersion", { query: `?to=${made.data.versionId}` });
    deepStrictEqual([diff.data[0].path, diff.data[0].kind], ["bmad.json", "changed"]);
    ok(diff.data[0].lines.some((line: string) => line.includes('+  "author": "Secret of Mina"')));
    strictEqual((await call("restoreVersion")).data.revision, 2);
    deepStrictEqual((await call("diffVersion")).data, []);
    strictEqual((await call("deleteVersion")).status, 204);
    strictEqual((await call("getVersion")).status, 404);
    ok(!JSON.stringify((await call("listVersions")).data).includes(versionId));
  });
});

Deno.test("workflows: added, shown with their graph, changed and deleted", async () => {
  await withApi(async ({ call }) => {
    const made = await call("createWorkflow", { json: { displayName: "Second" } });
    const params = { workflowId: made.data.workflowId };
    deepStrictEqual([made.status, made.data.nodes.length, made.data.edges.length], [201, 2, 1]);
    const changed = await call("changeWorkflow", {
      params,
      json: { displayName: "Other", variables: { depth: 3 } },
    });
    deepStrictEqual([changed.data.displayName, changed.data.variables], ["Other", { depth: 3 }]);
    const shown = await call("getWorkflow", { params });
    strictEqual(shown.headers.get("etag"), changed.headers.get("etag"));
    strictEqual((await call("listWorkflows")).data.length, 2);
    strictEqual((await call("deleteWorkflow", { params })).status, 204);
    strictEqual((await call("getWorkflow", { params })).code, "WORKFLOW_NOT_FOUND");
    strictEqual((await call("deleteWorkflow")).code, "EDIT_REFUSED");
  });
});

Deno.test("agents: PATCH keeps what it does not name, PUT does not; unknown keys are shown", async () => {
  await withApi(async ({ call }) => {
    const definition = { id: "scout", metadata: { name: "Scout" } };
    const made = await call("createAgent", { json: { definition } });
    const params = { agentId: "scout" };
    match(made.headers.get("location") ?? "", /\/agents\/scout$/);
    const patch = { metadata: { title: "Looks ahead" }, systemPrompt: "You scout." };
    const patched = (await call("changeAgent", { params, json: { definition: patch } })).data;
    deepStrictEqual(
      [patched.name, patched.title, patched.definition.systemPrompt],
      ["Scout", "Looks ahead", "You scout."],
    );
    const { systemPrompt: _gone, ...rest } = patched.definition;
    const put = (await call("replaceAgent", { params, json: { definition: rest } })).data;
    deepStrictEqual(put.definition, rest);
    const renamed = { ...rest, id: "other" };
    strictEqual(
      (await call("replaceAgent", { params, json: { definition: renamed } })).status,
      422,
    );
    const [first] = (await call("listAgents")).data;
    const used = { params: { agentId: first.agentId } };
    strictEqual((await call("deleteAgent", used)).code, "EDIT_REFUSED");
    strictEqual((await call("deleteAgent", { ...used, query: "?replaceBy=scout" })).status, 204);
    strictEqual((await call("getAgent", used)).code, "AGENT_NOT_FOUND");
    strictEqual((await call("getAgent", { params })).data.nodeCount, first.nodeCount);
  });
});

Deno.test("files and assets: bytes as they are, under a type that no browser runs", async () => {
  await withApi(async ({ call }) => {
    const params = { path: "notes/a b ü.md" };
    const html = "<script>alert(1)</script>";
    const made = await call("writeAsset", { params, body: html });
    deepStrictEqual([made.status, made.data.path], [201, "assets/notes/a b ü.md"]);
    strictEqual((await call("writeAsset", { params, body: `${html}2` })).status, 200);
    const read = await call("readAsset", { params });
    strictEqual(new TextDecoder().decode(read.data), `${html}2`);
    strictEqual(read.headers.get("content-type"), "text/plain; charset=utf-8");
    match(read.headers.get("content-disposition") ?? "", /^attachment/);
    match(read.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    const asFile = { path: "assets/notes/a b ü.md" };
    deepStrictEqual((await call("readFile", { params: asFile })).data, read.data);
    const binary = { params: { path: "x.exe" }, body: new Uint8Array([0, 255, 1]) };
    strictEqual((await call("writeAsset", binary)).code, "EDIT_REFUSED");
    strictEqual((await call("deleteAsset", { params })).status, 204);
    strictEqual((await call("readAsset", { params })).code, "FILE_NOT_FOUND");
    strictEqual((await call("deleteFile", { params: { path: "bmad.json" } })).code, "EDIT_REFUSED");
  });
});
