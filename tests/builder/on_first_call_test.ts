// A service that is loaded late behaves as the service.
import assert from "node:assert/strict";
import { onFirstCall } from "../../builder/on_first_call.ts";

interface Counter {
  add(amount: number): Promise<number>;
}

/** A counter with state of its own, and how often one was made. */
function newCounters() {
  const made = { count: 0 };
  const open = () => {
    made.count++;
    let sum = 0;
    return Promise.resolve<Counter>({ add: (amount) => Promise.resolve(sum += amount) });
  };
  return { made, open };
}

Deno.test("onFirstCall() opens nothing before a method is called", () => {
  const { made, open } = newCounters();
  const { opened } = onFirstCall<Counter>(open);
  assert.equal(made.count, 0);
  assert.equal(opened(), undefined);
});

Deno.test("onFirstCall() opens one service for calls at the same time", async () => {
  const { made, open } = newCounters();
  const { service, opened } = onFirstCall<Counter>(open);
  assert.deepEqual(await Promise.all([service.add(1), service.add(2)]), [1, 3]);
  assert.equal(await (await opened())?.add(4), 7);
  assert.equal(made.count, 1);
});

Deno.test("onFirstCall() returns a service that can itself be awaited, and stays unopened", async () => {
  const { service, opened } = onFirstCall<Counter>(newCounters().open);
  assert.equal(await Promise.resolve(service), service);
  assert.equal(opened(), undefined);
});

Deno.test("onFirstCall() fails each call of a service that cannot be opened", async () => {
  const { service } = onFirstCall<Counter>(() => Promise.reject(new RangeError("no module")));
  await assert.rejects(service.add(1), RangeError);
  await assert.rejects(service.add(1), RangeError);
});
