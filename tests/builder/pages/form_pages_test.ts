// The forms as the server answers them: what is stored, what is refused and stays, what others changed.
import assert from "node:assert/strict";
import { stepOf } from "../../../builder/edit/draft.ts";
import type { Fields } from "../http/app_under_test.ts";
import { change, formOf, HTMX, withPackage } from "./filled_form.ts";

const EVIL = `"><script>alert(1)</script>'&lt;`;

Deno.test("postNode() stores only what was changed, and shows the file it wrote", async () => {
  await withPackage(async ({ browser, node, workflowId, nodeId, draft }) => {
    const response = await change(browser, node, { title: "Read all", outputs: "artifacts/a.md" });
    assert.equal(response.status, 200);
    const page = await response.text();
    assert.match(page, /hx-swap-oob="true"/);
    assert.match(page, /- artifacts\/a\.md/);
    const after = await draft();
    assert.equal(after.workflow(workflowId)?.node(nodeId)?.title, "Read all");
    assert.deepEqual(stepOf(after, workflowId, nodeId)?.frontMatter.outputs, ["artifacts/a.md"]);
  });
});

Deno.test("postNode() leaves a form that was only looked at without a revision", async () => {
  await withPackage(async ({ browser, node, draft }) => {
    const before = await draft();
    await browser.post(node, await formOf(browser, node), HTMX);
    assert.equal(await draft(), before);
  });
});

Deno.test("postNode() writes checks item by item, and a button adds and removes them", async () => {
  await withPackage(async ({ browser, node, workflowId, nodeId, draft }) => {
    const checks = async () => stepOf(await draft(), workflowId, nodeId)?.frontMatter.checks;
    await change(browser, node, { outputs: "artifacts/a.md", setsVariables: "score" });
    await change(browser, node, { op: "checks add" });
    await change(browser, node, { op: "checks add" });
    await change(browser, node, {
      "checks.0.minBytes": "10",
      "checks.0.headings": "Goal\nScope",
      "checks.1.output": "",
      "checks.1.variable": "score",
      "checks.1.max": "7.5",
    });
    assert.deepEqual(await checks(), [
      { output: "artifacts/a.md", nonEmpty: true, headings: ["Goal", "Scope"], minBytes: 10 },
      { variable: "score", nonEmpty: true, range: { max: 7.5 } },
    ]);
    await change(browser, node, { op: "checks up 1" });
    await change(browser, node, { op: "checks remove 1" });
    assert.deepEqual(await checks(), [{ variable: "score", nonEmpty: true, range: { max: 7.5 } }]);
  });
});

Deno.test("postNode() keeps a refused value in the field, with the reason, and stores the rest", async () => {
  await withPackage(async ({ browser, node, workflowId, nodeId, draft }) => {
    await change(browser, node, { outputs: "artifacts/a.md" });
    await change(browser, node, { op: "checks add" });
    const fields = await formOf(browser, node);
    const sent = { ...fields, title: "Good", "checks.0.minBytes": "many" };
    const response = await browser.post(node, sent);
    assert.equal(response.status, 422);
    const page = await response.text();
    assert.match(page, /value="many"/);
    assert.match(page, /“many” is not a whole number/);
    assert.equal((await draft()).workflow(workflowId)?.node(nodeId)?.title, "Good");
  });
});

Deno.test("postNode() says beside the field which rule refused it", async () => {
  await withPackage(async ({ browser, node }) => {
    await change(browser, node, { outputs: "artifacts/a.md" });
    await change(browser, node, { op: "checks add" });
    const response = await change(browser, node, { "checks.0.matches": "(a" });
    assert.equal(response.status, 422);
    const note = /<div class="field-note" id="note-checks"[\s\S]*?<\/div>/.exec(
      await response.text(),
    );
    assert.match(note?.[0] ?? "", /\(a/);
  });
});

Deno.test("postNode() shows theirs and mine where two changed one field, and takes the choice", async () => {
  await withPackage(async ({ browser, node, workflowId, nodeId, draft }) => {
    const title = async () => (await draft()).workflow(workflowId)?.node(nodeId)?.title;
    const old = await formOf(browser, node);
    await change(browser, node, { title: "Theirs" });
    const refused = await browser.post(node, { ...old, title: "Mine", goal: "A goal" }, HTMX);
    assert.equal(refused.status, 409);
    assert.match(await refused.text(), /<pre class="theirs"[^>]*>Theirs<\/pre>/);
    assert.equal(await title(), "Theirs");
    assert.equal(stepOf(await draft(), workflowId, nodeId)?.goal, "A goal");
    const kept = { ...old, title: "Mine", choose: "title theirs" };
    assert.equal((await browser.post(node, kept, HTMX)).status, 200);
    assert.equal(await title(), "Theirs");
    await browser.post(node, { ...old, title: "Mine", choose: "title mine" }, HTMX);
    assert.equal(await title(), "Mine");
  });
});

Deno.test("postNode() does not bring back what an old page shows of other fields", async () => {
  await withPackage(async ({ browser, node, workflowId, nodeId, draft }) => {
    const old = await formOf(browser, node);
    await change(browser, node, { title: "Newer" });
    assert.equal(
      (await browser.post(node, { ...old, goal: "From the old page" }, HTMX)).status,
      200,
    );
    const after = await draft();
    assert.equal(after.workflow(workflowId)?.node(nodeId)?.title, "Newer");
    assert.equal(stepOf(after, workflowId, nodeId)?.goal, "From the old page");
  });
});

Deno.test("every form escapes what people wrote", async () => {
  await withPackage(async ({ browser, base, node, workflowId, agentId }) => {
    const pages: readonly (readonly [string, Fields])[] = [
      [node, { title: EVIL, description: EVIL, goal: EVIL, outputs: EVIL, setsVariables: EVIL }],
      [`${base}/workflows/${workflowId}/settings`, {
        displayName: EVIL,
        description: EVIL,
        tags: EVIL,
        workflowType: EVIL,
        variables: `${EVIL} = ${EVIL}`.replaceAll("=", "is").replace(" is ", " = "),
        goal: EVIL,
      }],
      [`${base}/manifest`, { description: EVIL, author: EVIL }],
      [`${base}/agents/${agentId}`, {
        "metadata.name": EVIL,
        "metadata.icon": EVIL,
        "persona.role": EVIL,
        systemPrompt: EVIL,
        "tools.mcp.allowedServers": EVIL,
      }],
    ];
    for (const [path, fields] of pages) {
      assert.equal((await change(browser, path, fields)).status, 200, path);
      const page = await (await browser.get(path)).text();
      assert.ok(page.includes("&lt;script&gt;alert(1)"), path);
      assert.ok(!page.includes("<script>alert"), path);
    }
    const inspector = await browser.get(`${base}/workflows/${workflowId}/inspector`);
    assert.ok(!(await inspector.text()).includes("<script>alert"));
    for (const path of ["/agents", "/assets", "/files/bmad.json", "/files/agents.json"]) {
      assert.ok(!(await (await browser.get(base + path)).text()).includes("<script>alert"), path);
    }
  });
});

Deno.test("forms of another user's package are not found, and change nothing", async () => {
  await withPackage(async ({ app, base, node, workflowId, agentId, draft }) => {
    const before = await draft();
    const other = await app.signedIn("eve");
    const workflow = `${base}/workflows/${workflowId}`;
    const paths = [
      node,
      `${workflow}/settings`,
      `${base}/agents/${agentId}`,
      `${base}/manifest`,
      `${base}/files/bmad.json`,
    ];
    for (const path of paths) {
      assert.equal((await other.get(path)).status, 404, path);
      assert.equal(
        (await other.post(path, { "was.title": "", title: "Mine", text: "" })).status,
        404,
        path,
      );
    }
    for (
      const path of [
        `${workflow}/inspector`,
        `${base}/agents`,
        `${base}/assets`,
        `${base}/raw/bmad.json`,
      ]
    ) {
      assert.equal((await other.get(path)).status, 404, path);
    }
    for (const path of ["/assets/new", "/assets/rename", "/assets/delete", "/step"]) {
      const fields = { path: "assets/x.md", newPath: "assets/y.md", scope: "package" };
      assert.equal((await other.post(base + path, fields)).status, 404, path);
    }
    assert.equal(await draft(), before);
  });
});

Deno.test("postEdge() stores label, default and expression, and builds a comparison", async () => {
  await withPackage(async ({ browser, base, workflowId, draft }) => {
    const edge = async () => (await draft()).workflow(workflowId)?.edges[0];
    const ref = (await edge())?.ref ?? "";
    const path = `${base}/workflows/${workflowId}/edge?edge=${encodeURIComponent(ref)}`;
    await change(browser, path, {
      label: "go on",
      isDefault: "on",
      conditionText: "If it is good",
    });
    const compare = {
      compare: "use",
      "compare.variable": "score",
      "compare.operator": ">=",
      "compare.value": "8",
    };
    await change(browser, path, compare);
    const { label, isDefault, conditionText, conditionExpr } = await edge() ?? {};
    assert.deepEqual({ label, isDefault, conditionText, conditionExpr }, {
      label: "go on",
      isDefault: true,
      conditionText: "If it is good",
      conditionExpr: { ">=": [{ var: "score" }, 8] },
    });
    const refused = await change(browser, path, { conditionExpr: '{"==": [1,}' });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /Line 1, column 11/);
  });
});

Deno.test("postWorkflow() takes variables as lines, with numbers and lists as such", async () => {
  await withPackage(async ({ browser, base, workflowId, draft }) => {
    const path = `${base}/workflows/${workflowId}/settings`;
    const variables = 'language = English\nlimit = 3\ntopics = ["a","b"]\nversion = "1.0"';
    await change(browser, path, { variables, tags: "draft, long" });
    const workflow = (await draft()).workflow(workflowId);
    assert.deepEqual(workflow?.listing.tags, ["draft", "long"]);
    assert.deepEqual(workflow?.document?.state.variables, {
      language: "English",
      limit: 3,
      topics: ["a", "b"],
      version: "1.0",
    });
    assert.equal((await formOf(browser, path)).variables, variables);
    assert.equal((await change(browser, path, { variables: "no equals sign" })).status, 422);
  });
});

Deno.test("postManifest() refuses a version that is none, and keeps it in the field", async () => {
  await withPackage(async ({ browser, base, draft }) => {
    const path = `${base}/manifest`;
    const sent = { ...await formOf(browser, path), version: "one" };
    const response = await browser.post(path, sent);
    assert.equal(response.status, 422);
    assert.match(await response.text(), /name="version"[^>]*|value="one"/);
    assert.equal((await draft()).manifest.version, "0.1.0");
    await change(browser, path, { version: "2.0.0", requiresNetwork: "on" });
    assert.equal((await draft()).manifest.runtime?.requiresNetwork, true);
  });
});
