import assert from "node:assert/strict";
import { Trials } from "../../../builder/settings/trials.ts";
import { until } from "../live_scene.ts";

/** A test that ends when it is told to, or when it is stopped. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const work = (signal: AbortSignal, report: (step: number) => void) => {
    report(1);
    signal.addEventListener("abort", () => reject(new Error("stopped")));
    return promise;
  };
  return { work, resolve, reject };
}

const newTrials = () => new Trials<number, string>((name) => name.toLowerCase());

Deno.test("Trials: a test runs once at a time under its name, and its result is kept", async () => {
  const trials = newTrials();
  const { work, resolve } = controlled();
  trials.start("One", work);
  const again = trials.start("one", () => Promise.reject(new Error("a second one")));
  assert.deepEqual([again.state, again.steps], ["running", [1]]);
  resolve("good");
  await until(() => trials.of("one")?.state !== "running");
  assert.deepEqual([trials.of("ONE")?.state, trials.of("one")?.result], ["done", "good"]);
});

Deno.test("Trials: what fails is kept as its words, and thrown to nobody", async () => {
  const trials = newTrials();
  const { work, reject } = controlled();
  trials.start("one", work);
  reject(new Error("no such server"));
  await until(() => trials.of("one")?.state !== "running");
  const { state, failure, result } = trials.of("one") ?? {};
  assert.deepEqual([state, failure, result], ["failed", "no such server", null]);
});

Deno.test("Trials: a test that is stopped has ended when stop() returns, and can be forgotten", async () => {
  const trials = newTrials();
  trials.start("one", controlled().work);
  await trials.stop("ONE");
  assert.equal(trials.of("one")?.state, "stopped");
  await trials.forget("one");
  assert.equal(trials.of("one"), undefined);
});

Deno.test("Trials: only so many run at once, and none after the end", async () => {
  const trials = newTrials();
  for (const name of ["a", "b", "c"]) trials.start(name, controlled().work);
  assert.throws(() => trials.start("d", controlled().work), { code: "TRIAL_BUSY" });
  await trials.close();
  assert.throws(() => trials.start("d", controlled().work), { code: "TRIAL_BUSY" });
});
