import assert from "node:assert/strict";
import { openLogTail } from "../../../runtime/run/log_tail.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";

const event = (seq: number, text = "ä") => ({ seq, type: "user_input", text }) as RunEvent;
const line = (seq: number) => `${JSON.stringify(event(seq))}\n`;

async function withLog(
  test: (log: { path: string; add: (text: string) => void }) => void,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-tail-" });
  const path = `${dir}/log.jsonl`;
  try {
    test({ path, add: (text) => Deno.writeTextFileSync(path, text, { append: true }) });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const seqs = (events: readonly RunEvent[]) => events.map(({ seq }) => seq);

Deno.test("catchUp() tells nothing of a log that is not there yet, then what is added, whole lines only", () =>
  withLog(({ path, add }) => {
    const tail = openLogTail(path);
    tail.catchUp();
    assert.deepEqual(tail.events, []);
    add(line(1) + line(2).slice(0, 9));
    tail.catchUp();
    assert.deepEqual(seqs(tail.events), [1]);
    add(line(2).slice(9) + line(3));
    tail.catchUp();
    tail.catchUp();
    assert.deepEqual(tail.events, [event(1), event(2), event(3)]);
  }));

Deno.test("add() takes the next event only, and catchUp() does not tell it again", () =>
  withLog(({ path, add }) => {
    const tail = openLogTail(path);
    add(line(1) + line(2) + line(3));
    tail.add(event(3));
    tail.add(event(1));
    tail.add(event(1));
    assert.deepEqual(seqs(tail.events), [1]);
    tail.catchUp();
    assert.deepEqual(seqs(tail.events), [1, 2, 3]);
    add(line(4));
    tail.add(event(4));
    add(line(5));
    tail.catchUp();
    assert.deepEqual(seqs(tail.events), [1, 2, 3, 4, 5]);
  }));

Deno.test("catchUp() names a damaged line and goes on where the log was cut off before it", () =>
  withLog(({ path, add }) => {
    const tail = openLogTail(path);
    add(line(1) + "{]\n" + line(3));
    assert.throws(() => tail.catchUp(), { code: "RUN_FOLDER_DAMAGED", message: /^Line 2 of / });
    assert.deepEqual(seqs(tail.events), [1]);
    Deno.truncateSync(path, new TextEncoder().encode(line(1)).length);
    add(line(2));
    tail.catchUp();
    assert.deepEqual(seqs(tail.events), [1, 2]);
  }));

Deno.test("catchUp() reads a log anew that was cut shorter than it was read", () =>
  withLog(({ path, add }) => {
    const tail = openLogTail(path);
    add(line(1) + line(2));
    tail.catchUp();
    Deno.writeTextFileSync(path, line(1));
    tail.catchUp();
    assert.deepEqual(seqs(tail.events), [1]);
  }));
