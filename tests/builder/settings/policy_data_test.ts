import assert from "node:assert/strict";
import {
  addRule,
  raiseRule,
  readRule,
  removeRule,
  shownPolicy,
  withdrawConsent,
} from "../../../builder/settings/policy_settings.ts";
import { inTemporaryFolder } from "../../runtime/commands/output.ts";
import { rememberConsent } from "../../../runtime/run/tool_policy_file.ts";
import { completedRun } from "../completed_run.ts";
import { withApp } from "../http/app_under_test.ts";

Deno.test("policy: a new rule comes first, moves up, and only the rule that was shown is removed", async () => {
  await inTemporaryFolder((dataDir) => {
    const tools = () => shownPolicy(dataDir).rules.map(({ tool }) => tool);
    const ids = ["fs.*", "js.run", "csv.read"].map((tool) =>
      addRule(dataDir, readRule("deny", tool, ["path=@project/a=b/**"]))
    );
    assert.deepEqual(tools(), ["csv.read", "js.run", "fs.*"]);
    raiseRule(dataDir, ids[0] ?? "");
    raiseRule(dataDir, ids[2] ?? "");
    assert.deepEqual(tools(), ["csv.read", "fs.*", "js.run"]);
    removeRule(dataDir, ids[0] ?? "");
    assert.throws(() => removeRule(dataDir, ids[0] ?? ""), { code: "POLICY_RULE_NOT_FOUND" });
    assert.deepEqual(tools(), ["csv.read", "js.run"]);
    for (const line of ["path", "=x", "a b=c"]) {
      assert.throws(() => readRule("allow", "fs.read", [line]), { code: "USAGE" }, line);
    }
    assert.throws(() => readRule("allow", "", []), { code: "USAGE" });
    return Promise.resolve();
  });
});

Deno.test("policy: a consent is told by its package's name, and withdrawn alone", async () => {
  await inTemporaryFolder((dataDir) => {
    const consent = { packageHash: "a".repeat(64), agentId: "host", tool: "fs.write" };
    rememberConsent(dataDir, { ...consent, path: "@project/a" });
    rememberConsent(dataDir, consent);
    const [first, second] = shownPolicy(dataDir).always;
    assert.deepEqual([first?.path, second?.path, first?.packageName], ["@project/a", null, null]);
    withdrawConsent(dataDir, first?.consentId ?? "");
    assert.deepEqual(shownPolicy(dataDir).always, [second]);
    return Promise.resolve();
  });
});

Deno.test("data: the owner tidies a member's run without seeing of what package it is", async () => {
  await withApp(async ({ store, services, signedIn }) => {
    const mina = await signedIn("mina");
    await signedIn("otto");
    const otto = await store.users.findByName("otto");
    const userId = otto?.userId ?? "";
    // Made as by an owner, who chooses the folder; whose it is stands in the store.
    const { runId } = await completedRun(services, { userId, role: "owner" });
    const found = await (await mina.get("/settings/data?days=0&which=ended")).text();
    assert.match(found, new RegExp(runId));
    assert.match(found, /of otto/);
    assert.doesNotMatch(found, /Hello branch/i);
    await mina.post("/settings/data/trash", { run: runId });
    assert.equal((await mina.get(`/runs/${runId}`)).status, 404);
    await mina.post("/settings/data/trash/restore", { run: runId });
    assert.equal(await store.runOwners.ownerOf(runId), userId);
    await mina.post("/settings/data/trash", { run: runId });
    const emptied = await (await mina.post("/settings/data/trash/empty")).text();
    assert.match(emptied, /1 run is deleted/);
    assert.equal(await store.runOwners.ownerOf(runId), undefined);
  });
});

Deno.test("profiles: no page and no answer of the API ever has a stored key or header", async () => {
  await withApp(async ({ signedIn, log }) => {
    const mina = await signedIn("mina");
    const key = "sk-very-secret-0123456789";
    const fields = {
      name: "work",
      preset: "custom",
      baseUrl: "http://127.0.0.1:1/v1",
      model: "m",
      key: "stored",
      keyValue: key,
      headers: "X-Team: header-very-secret",
    };
    const made = await mina.post("/settings/profiles/new", fields);
    assert.equal(made.status, 303);
    const faulty = await mina.post("/settings/profiles/new", { ...fields, name: "a b" });
    assert.equal(faulty.status, 422);
    const pages = await Promise.all([
      "/settings/profiles",
      "/settings/profiles/named/work",
      "/api/v1/settings/profiles",
      "/api/v1/settings/profiles/work/models",
    ].map(async (path) => await (await mina.get(path)).text()));
    const all = [await faulty.text(), ...pages, ...log].join("\n");
    assert.match(all, /A key is kept/);
    assert.doesNotMatch(all, /sk-very-secret/);
    assert.doesNotMatch(pages.join("\n"), /header-very-secret/);
  });
});
