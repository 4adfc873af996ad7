import assert from "node:assert/strict";
import { join } from "node:path";
import { stateDocumentPath } from "../../../runtime/run/active_workflow.ts";
import { lockRun, readRecord } from "../../../runtime/run/run_folder.ts";
import { readPlace } from "../../../runtime/run/run_place.ts";
import { editState, readRunState, type StateEdit } from "../../../runtime/run/state_edit.ts";
import { call, type ControlScene, withControls } from "./control_scene.ts";

const stopAtChoose = [{ at: "before", nodeId: "choose" }] as const;
const finishAsk = call("state_complete_node", {
  nodeId: "ask-wish",
  next: "choose",
  variables: { wish: "poem", topic: "rain" },
});

function edited({ run }: ControlScene, edit: Omit<StateEdit, "ifMatchSha256">) {
  const { folder, package: { workflows } } = run;
  const { sha256 } = readRunState(folder, workflows);
  return editState(folder, workflows, { ...edit, ifMatchSha256: sha256 } as StateEdit);
}

Deno.test("editState() changes variables, keeps the rest of the document, and logs before and after", () =>
  withControls({ replies: [finishAsk], breakpoints: stopAtChoose }, async (scene) => {
    const { drive, run, log } = scene;
    await drive();
    const path = stateDocumentPath(run.folder, "main");
    const body = (await Deno.readTextFile(path)).split("\n---\n")[1];
    const variables = { wish: "fact", depth: { "a: b": [1, null, true] } };
    const state = await edited(scene, { changes: { variables } } as never);
    assert.deepEqual(state.state.variables, variables);
    assert.equal((await Deno.readTextFile(path)).split("\n---\n")[1], body);
    const event = log().at(-1);
    assert.ok(event?.type === "state_edited");
    assert.deepEqual(event.changes, [
      { path: "variables.topic", before: "rain" },
      { path: "variables.wish", before: "poem", after: "fact" },
      { path: "variables.depth", after: { "a: b": [1, null, true] } },
    ]);
    assert.equal(event.movedFrom, undefined);
    assert.equal(readRecord(run.folder).code, "BREAKPOINT", "it stands as it stood");
  }));

Deno.test("the model is told once what a person changed, with the next prompt", () =>
  withControls({
    replies: [
      finishAsk,
      call("fs_read", { path: "@pkg/steps/choose.md" }),
      call("fs_read", { path: "@pkg/steps/choose.md" }),
    ],
    breakpoints: stopAtChoose,
  }, async (scene) => {
    await scene.drive();
    await edited(scene, { changes: { variables: { wish: "fact", topic: "snow" } } } as never);
    await scene.drive();
    const [, first, second] = scene.server.requests.map(({ body }) => JSON.stringify(body));
    assert.match(first ?? "", /STATE_EDITED_BY_PERSON.*variables\.topic.*snow/);
    assert.equal(first?.split("STATE_EDITED_BY_PERSON").length, 2);
    assert.equal(
      second?.split("STATE_EDITED_BY_PERSON").length,
      2,
      "it stays, but is not repeated",
    );
  }));

Deno.test("editState() moves the run to any node, drops what the old one asked, and goes on there", () =>
  withControls(
    { replies: [call("ui_ask_user", { question: "What?", kind: "text" })] },
    async (scene) => {
      const { drive, run, log, server } = scene;
      assert.equal((await drive()).code, "QUESTION");
      await edited(scene, { changes: { currentNodeId: "write-fact" } } as never);
      assert.deepEqual([readRecord(run.folder).phase, readRecord(run.folder).code], [
        "paused",
        "STATE_EDITED",
      ]);
      assert.equal(readPlace(run.folder, run.package.workflows).nodeId, "write-fact");
      await drive();
      const entered = log().flatMap((event) => event.type === "node_entered" ? event.node.id : []);
      assert.deepEqual(entered, ["ask-wish", "write-fact"]);
      assert.equal(log().filter(({ type }) => type === "node_completed").length, 0);
      const prompt = JSON.stringify(server.requests.at(-1)?.body);
      assert.match(prompt, /currentNodeId.*write-fact/);
      assert.doesNotMatch(prompt, /What\?/);
    },
  ));

Deno.test("editState() of what somebody changed since is refused, and so is one while the run is driven", () =>
  withControls({ breakpoints: stopAtChoose }, async (scene) => {
    const { drive, run } = scene;
    const { folder, package: { workflows } } = run;
    await drive();
    const { sha256 } = readRunState(folder, workflows);
    const edit = { ifMatchSha256: sha256, changes: { variables: { wish: "poem" } } };
    await editState(folder, workflows, edit);
    await assert.rejects(editState(folder, workflows, edit), { code: "STATE_CHANGED" });
    using _lock = lockRun(folder);
    await assert.rejects(edited(scene, edit), { code: "RUN_BUSY" });
  }));

Deno.test("editState() refuses what is no state, byte for byte unchanged", () =>
  withControls({ breakpoints: stopAtChoose }, async (scene) => {
    const { drive, run, log } = scene;
    const { folder, package: { workflows } } = run;
    await drive();
    const path = stateDocumentPath(folder, "main");
    const before = await Deno.readTextFile(path);
    const { yaml } = readRunState(folder, workflows);
    const logged = log().length;
    const hostile: readonly (readonly [object, RegExp])[] = [
      [{ yaml: "" }, /schemaVersion|must/i],
      [{ yaml: "a: [" }, /broken/],
      [{ yaml: `${yaml}---\nrunId: x\n` }, /"---"/],
      [{ yaml: `${yaml}x: &a 1\ny: *a\n` }, /Anchors/],
      [{ yaml: yaml.replace(/runId: .*/, "runId: other") }, /"runId" belongs to the run/],
      [{ yaml: yaml.replace(/schemaVersion: .*/, 'schemaVersion: "1.2"') }, /"schemaVersion"/],
      [{ yaml: yaml.replace(/currentNodeId: .*/, "currentNodeId: nowhere") }, /no node "nowhere"/],
      [{ yaml: `variables: ${"x".repeat(3 << 20)}` }, /characters/],
      [{ changes: { currentNodeId: "../../etc" } }, /no node/],
      [{ changes: { stepsCompleted: ["nowhere"] } }, /no node "nowhere"/],
      [{ changes: { variables: "text" } }, /variables/],
    ];
    for (const [edit, message] of hostile) {
      await assert.rejects(
        edited(scene, edit as never),
        { code: "STATE_INVALID", message },
        JSON.stringify(edit).slice(0, 200),
      );
    }
    assert.equal(await Deno.readTextFile(path), before);
    assert.equal(log().length, logged);
  }));

Deno.test("editState() takes raw YAML with its comments, and variables named like a prototype", () =>
  withControls({ breakpoints: stopAtChoose }, async (scene) => {
    await scene.drive();
    const { folder, package: { workflows } } = scene.run;
    const { yaml } = readRunState(folder, workflows);
    const text = `# mine\n${yaml.replace(/variables:[\s\S]*?(?=^\w)/m, "")}`;
    const state = await edited(scene, { yaml: `${text}variables:\n  toString: 1\n` } as never);
    assert.match(state.yaml, /^# mine$/m);
    assert.deepEqual(Object.entries(state.state.variables ?? {}), [["toString", 1]]);
    assert.equal((await scene.drive()).phase, "completed");
  }));

Deno.test("an edit that a crash kept from the disk is finished when the run is taken up", () =>
  withControls({ breakpoints: stopAtChoose }, async (scene) => {
    const { drive, run } = scene;
    await drive();
    const path = stateDocumentPath(run.folder, "main");
    const before = await Deno.readTextFile(path);
    await edited(scene, { changes: { currentNodeId: "goodbye" } } as never);
    // As it is when the program dies between the log and the document.
    await Deno.writeTextFile(path, before);
    assert.equal((await drive()).phase, "completed");
    await assert.rejects(Deno.stat(join(scene.project, "artifacts", "fact.md")));
  }));
