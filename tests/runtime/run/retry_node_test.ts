import assert from "node:assert/strict";
import { join } from "node:path";
import { retryNode } from "../../../runtime/run/retry_node.ts";
import { editState, readRunState } from "../../../runtime/run/state_edit.ts";
import { openProjectFiles } from "../../../runtime/tools/project_files.ts";
import { call, type ControlScene, withControls } from "./control_scene.ts";

const write = call("fs_write", { path: "@project/artifacts/a.md", content: "first\n" });
const note = call("fs_apply_patch", {
  path: "@state/workflow.md",
  operation: "updateFrontmatter",
  update: { "variables.set": { mood: "odd" } },
});
const ask = call("ui_ask_user", { question: "Sun or moon?", kind: "text" });
const finishAsk = call("state_complete_node", {
  nodeId: "ask-wish",
  next: "choose",
  variables: { wish: "poem", topic: "rain" },
});

async function reverted({ run, project }: ControlScene, force = false) {
  const files = openProjectFiles(project, run.dataDir);
  try {
    const { folder, package: { workflows } } = run;
    return await retryNode({ folder, workflows, revert: { files, force } });
  } finally {
    files.close();
  }
}

for (const context of ["node", "run"] as const) {
  Deno.test(`retryNode() begins the node with a new conversation, what it did stays (context ${context})`, () =>
    withControls({ replies: [finishAsk, write, ask], options: { context } }, async (scene) => {
      const { drive, run, log, server, project } = scene;
      assert.equal((await drive()).code, "QUESTION");
      const { folder, package: { workflows } } = run;
      assert.deepEqual(await retryNode({ folder, workflows }), []);
      assert.equal((await drive()).phase, "failed", "the script is at its end");
      const visits = log().flatMap((event) => event.type === "node_entered" ? event.node.id : []);
      assert.deepEqual(visits, ["ask-wish", "choose", "choose"]);
      const text = JSON.stringify(server.requests.at(-1)?.body);
      assert.doesNotMatch(text, /Sun or moon|first/);
      assert.equal(text.includes('"tool_calls"'), context === "run", "what came before the node");
      assert.equal(await Deno.readTextFile(join(project, "artifacts", "a.md")), "first\n");
      assert.ok(log().some(({ type, nodeId }) => type === "node_retried" && nodeId === "choose"));
    }));
}

Deno.test("retryNode() puts project and state back to the node's beginning first, if asked", () =>
  withControls({ replies: [finishAsk, write, note, ask] }, async (scene) => {
    const { drive, run, project } = scene;
    await drive();
    const { folder, package: { workflows } } = run;
    assert.equal(readRunState(folder, workflows).state.variables?.mood, "odd");
    assert.deepEqual(await reverted(scene), ["@project/artifacts/a.md"]);
    await assert.rejects(Deno.stat(join(project, "artifacts", "a.md")));
    const { state, currentNodeId } = readRunState(folder, workflows);
    assert.deepEqual([state.variables?.mood, state.variables?.topic, currentNodeId], [
      undefined,
      "rain",
      "choose",
    ]);
  }));

Deno.test("retryNode() with revert keeps what a person wrote into the state meanwhile", () =>
  withControls({ replies: [finishAsk, write, ask] }, async (scene) => {
    await scene.drive();
    const { folder, package: { workflows } } = scene.run;
    const { sha256 } = readRunState(folder, workflows);
    const changes = { variables: { topic: "snow" } };
    await editState(folder, workflows, { ifMatchSha256: sha256, changes });
    await reverted(scene);
    assert.deepEqual(readRunState(folder, workflows).state.variables, { topic: "snow" });
  }));

Deno.test("retryNode() does nothing where others changed a file since, unless it is forced", () =>
  withControls({ replies: [write, ask] }, async (scene) => {
    const { drive, project, log } = scene;
    await drive();
    const path = join(project, "artifacts", "a.md");
    await Deno.writeTextFile(path, "mine\n");
    const logged = log().length;
    await assert.rejects(reverted(scene), { code: "FILE_EXISTS" });
    assert.deepEqual([log().length, await Deno.readTextFile(path)], [logged, "mine\n"]);
    assert.deepEqual(await reverted(scene, true), ["@project/artifacts/a.md"]);
  }));

Deno.test("retryNode() is not stopped by a breakpoint before the node it stands in", () =>
  withControls({
    replies: [finishAsk, ask],
    breakpoints: [{ at: "before", nodeId: "choose" }],
  }, async ({ drive, run: { folder, package: { workflows } } }) => {
    assert.equal((await drive()).code, "BREAKPOINT");
    assert.equal((await drive()).code, "QUESTION");
    await retryNode({ folder, workflows });
    assert.equal((await drive()).phase, "failed");
  }));

Deno.test("retryNode() refuses a run that is completed", () =>
  withControls({}, async ({ drive, run: { folder, package: { workflows } } }) => {
    await drive();
    await assert.rejects(retryNode({ folder, workflows }), { code: "RUN_PHASE" });
  }));
