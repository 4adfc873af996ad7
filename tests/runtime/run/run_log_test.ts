import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { openRunLog, readRunLog } from "../../../runtime/run/run_log.ts";

const RUN_ID = "20261120-221530-abcdef";

async function inTemporaryFolder(work: (path: string) => void | Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await work(join(dir, "log.jsonl"));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("openRunLog() numbers events from 1 without gaps, also after it is opened again", () =>
  inTemporaryFolder((path) => {
    const first = openRunLog(path, RUN_ID);
    first.append({ type: "phase_changed", phase: "running" });
    first.append({ type: "nudge_sent", text: "go on" }, { nodeId: "a", turn: 2 });
    first.close();
    const second = openRunLog(path, RUN_ID);
    second.append({ type: "phase_changed", phase: "completed" });
    second.close();
    assert.deepEqual(readRunLog(path).map(({ seq }) => seq), [1, 2, 3]);
    assert.deepEqual(second.history.map(({ type }) => type), ["phase_changed", "nudge_sent"]);
    assert.equal(second.history[1]?.nodeId, "a");
    assert.equal(second.history[1]?.turn, 2);
  }));

Deno.test("openRunLog() cuts off a torn last line at every byte where it can be torn", () =>
  inTemporaryFolder((path) => {
    const log = openRunLog(path, RUN_ID);
    log.append({ type: "nudge_sent", text: "whole äöü 你好" });
    log.append({ type: "nudge_sent", text: "torn äöü 你好" });
    log.close();
    const bytes = Deno.readFileSync(path);
    const firstEnd = bytes.indexOf(0x0a) + 1;
    for (let end = firstEnd; end < bytes.length; end++) {
      Deno.writeFileSync(path, bytes.subarray(0, end));
      const opened = openRunLog(path, RUN_ID);
      opened.append({ type: "nudge_sent", text: "next" });
      opened.close();
      const texts = readRunLog(path).map((event) => event.type === "nudge_sent" ? event.text : "");
      assert.deepEqual(texts, ["whole äöü 你好", "next"], `torn at byte ${end}`);
    }
  }));

Deno.test("openRunLog() keeps a log that is broken before its last line beside it and goes on from there", async () => {
  const good = '{"seq":1,"at":"2026-11-20T22:15:30.000Z"}';
  const broken = ["not json", '{"seq":3}', "null", "", '"text"'];
  for (const line of broken) {
    await inTemporaryFolder((path) => {
      const text = `${good}\n${line}\n{"seq":3}\n`;
      Deno.writeTextFileSync(path, text);
      assert.throws(() => readRunLog(path), { code: "RUN_FOLDER_DAMAGED", message: /Line 2 / });
      const log = openRunLog(path, RUN_ID);
      log.append({ type: "nudge_sent", text: "next" });
      log.close();
      const types = readRunLog(path).map(({ seq, type }) => [seq, type]);
      assert.deepEqual(types.slice(1), [[2, "log_damaged"], [3, "nudge_sent"]]);
      const kept = [...Deno.readDirSync(dirname(path))].find(({ name }) =>
        name.includes("damaged")
      );
      assert.equal(Deno.readTextFileSync(join(dirname(path), kept!.name)), text);
    });
  }
});

Deno.test("openRunLog() never dates an event before the last one, whatever the clock says", () =>
  inTemporaryFolder((path) => {
    const future = "2999-01-01T00:00:00.000Z";
    Deno.writeTextFileSync(path, `{"seq":1,"at":"${future}","type":"nudge_sent"}\n`);
    const log = openRunLog(path, RUN_ID);
    assert.equal(log.append({ type: "nudge_sent", text: "next" }).at, future);
    log.close();
  }));

Deno.test("readRunLog() reads a log that does not exist as empty", () =>
  inTemporaryFolder((path) => assert.deepEqual(readRunLog(path), [])));
