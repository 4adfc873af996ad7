import assert from "node:assert/strict";
import { gather } from "../../../builder/pages/gathering.ts";

/** Resolves `times[n]` when `send` is called for the n-th time. */
function sendings(count: number) {
  const calls = Array.from({ length: count }, () => Promise.withResolvers<void>());
  let called = 0;
  return {
    count: () => called,
    send: () => calls[called++]?.resolve(),
    nth: (index: number) => calls[index]?.promise,
  };
}

Deno.test("gather() sends once what is planned in one turn", async () => {
  const sent = sendings(2);
  const gathering = gather({ restMs: 1, send: sent.send, onFailure: () => {} });
  gathering.plan();
  gathering.plan();
  await sent.nth(0);
  assert.equal(sent.count(), 1);
  gathering.plan();
  await sent.nth(1);
  assert.equal(sent.count(), 2);
});

Deno.test("gather() sends again what was planned while it sent, and never twice at once", async () => {
  const [first, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const second = Promise.withResolvers<void>();
  let [sent, open, atOnce] = [0, 0, 0];
  const gathering = gather({
    restMs: 0,
    onFailure: () => {},
    async send() {
      sent += 1;
      atOnce = Math.max(atOnce, ++open);
      (sent === 1 ? first : second).resolve();
      await gate.promise;
      open -= 1;
    },
  });
  gathering.plan();
  await first.promise;
  gathering.plan();
  gathering.plan();
  gate.resolve();
  await second.promise;
  assert.deepEqual([sent, atOnce], [2, 1]);
});

Deno.test("gather() sends nothing after its end, nor after a failure, which it tells once", async () => {
  const failed = Promise.withResolvers<void>();
  let sent = 0;
  const failing = gather({
    restMs: 0,
    onFailure: () => failed.resolve(),
    send() {
      sent += 1;
      throw new Error("gone");
    },
  });
  failing.plan();
  await failed.promise;
  failing.plan();
  const ended = gather({ restMs: 0, send: () => void sent++, onFailure: () => {} });
  ended.plan();
  ended.end();
  // A timer that was planned later runs later.
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(sent, 1);
});
