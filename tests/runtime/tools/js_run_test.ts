import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { ToolResult } from "../../../schemas/tool.ts";
import { CALCULATION_LIMITS } from "../../../runtime/tools/js_run.ts";
import { runCalculation } from "../../../runtime/tools/js_run_calculation.ts";
import type { CalculationEnd } from "../../../runtime/tools/js_run_protocol.ts";
import { codeOf, messageOf, openWorld } from "./tool_world.ts";
import { PATIENCE_MS } from "../../patience.ts";

type Answer = Readonly<Record<string, unknown>>;

async function runJs(code: string, input?: unknown): Promise<ToolResult & Answer> {
  await using world = await openWorld();
  return await world.call("js.run", { code, input }, { jsEnabled: true }) as ToolResult & Answer;
}

const RESULTS: readonly (readonly [string, string, unknown])[] = [
  ["the last expression", "const a = 20; a * 2 + 2", 42],
  ["a top-level return", "if (true) return 1; return 2", 1],
  ["a return behind a line comment", "return 7 // seven", 7],
  ["an object", "({ a: [1, { b: null }] })", { a: [1, { b: null }] }],
  ["a BigInt as text", "2n ** 100n", "1267650600228229401496703205376"],
  ["BigInts inside", "[1n, { a: -2n }]", ["1", { a: "-2" }]],
  ["exact fractions", "(1 * 10 + 2 * 10) / 100", 0.3],
  ["NaN and infinities as text", "[NaN, 1 / 0, -1 / 0]", ["NaN", "Infinity", "-Infinity"]],
  ["a Map and a Set", "new Map([['a', new Set([1, 2])]])", [["a", [1, 2]]]],
  ["a date that is given", "new Date('2026-02-28T12:00:00Z')", "2026-02-28T12:00:00.000Z"],
  ["what toJSON gives", "({ toJSON: () => 5 })", 5],
  ["holes and functions as JSON does", "[, () => 1, undefined]", [null, null, null]],
  ["a promise that settles", "(async () => (await 20) + 1)()", 21],
  ["null", "null", null],
  ["text of all planes", "'ü€😀\\u0000' + '\\ud800'.length", "ü€😀\u00001"],
];

for (const [title, code, result] of RESULTS) {
  Deno.test(`js.run answers ${title}`, async () => {
    const run = await runJs(code);
    ok(run.ok, messageOf(run));
    deepEqual(run.result, result);
  });
}

for (const input of [{ a: [1, "x"] }, [1, 2], "text", 5, false]) {
  Deno.test(`js.run hands ${JSON.stringify(input)} over as input`, async () => {
    deepEqual((await runJs("input", input)).result, input);
  });
}

Deno.test("js.run has no input where none is given", async () => {
  equal((await runJs("typeof input")).result, "undefined");
});

Deno.test("js.run says so when the code gives no value", async () => {
  const run = await runJs("let a = 1;");
  deepEqual([run.ok, "result" in run], [true, false]);
  match(String(run.hint), /return/);
});

Deno.test("js.run answers what was logged, in order", async () => {
  const run = await runJs("console.log('a', 1, { b: 2n }, null); console.error([undefined]); 3");
  deepEqual([run.result, run.logs], [3, ['a 1 {"b":"2"} null', "[null]"]]);
});

Deno.test("js.run answers what was logged before the code failed", async () => {
  const run = await runJs("console.log('before'); throw new Error('no')");
  ok(!run.ok);
  deepEqual(run.error.details, { logs: ["before"] });
});

Deno.test("js.run does not log twice where it had to run the code as a function", async () => {
  deepEqual((await runJs("console.log('once'); return 1")).logs, ["once"]);
});

Deno.test("js.run cuts a flood of logs", async () => {
  const run = await runJs("for (let i = 0; i < 1e5; i++) console.log('ü'.repeat(100)); 1");
  ok(JSON.stringify(run).length < 20_000);
  deepEqual([run.result, typeof run.logsCut], [1, "string"]);
});

Deno.test("js.run is deterministic: Math.random gives the same series in every call", async () => {
  const code = "Array.from({ length: 5 }, Math.random)";
  const [first, second] = [await runJs(code), await runJs(code)];
  deepEqual(first.result, second.result);
  ok((first.result as number[]).every((value) => value >= 0 && value < 1));
  equal(new Set(first.result as number[]).size, 5);
});

for (
  const code of ["new Date()", "Date()", "Date.now()", "new (new Date(0).constructor)()"]
) {
  Deno.test(`js.run is deterministic: ${code} fails with advice`, async () => {
    match(messageOf(await runJs(code)), /no clock here.*input.*line 1/);
  });
}

Deno.test("js.run is deterministic: the time zone is UTC", async () => {
  const code =
    "[new Date(0).getTimezoneOffset(), +new Date('2026-07-01T00:00'), +new Date(2026, 0)]";
  deepEqual((await runJs(code)).result, [0, Date.UTC(2026, 6), Date.UTC(2026, 0)]);
});

const FAILURES: readonly (readonly [string, string, string, RegExp])[] = [
  ["an error", "let a = 1;\n\na.b.c", "E_TOOL_ARGS", /TypeError.*line 3/],
  [
    "an error behind a return",
    "let a = 1;\nif (a) nope();\nreturn 2",
    "E_TOOL_ARGS",
    /nope.*line 2/,
  ],
  ["a syntax error", "let a = ;", "E_TOOL_ARGS", /SyntaxError.*line 1/],
  ["a thrown value", "throw { a: 1 }", "E_TOOL_ARGS", /Thrown: \{"a":1\}/],
  ["a rejected promise", "Promise.reject(new RangeError('r'))", "E_TOOL_ARGS", /RangeError: r/],
  ["a promise that never settles", "new Promise(() => {})", "E_TOOL_ARGS", /never settles/],
  ["a result that is too large", "'x'.repeat(70000)", "E_READ_LIMIT", /70002 bytes/],
  ["a result that is too large in UTF-8", "'€'.repeat(30000)", "E_READ_LIMIT", /90002 bytes/],
  ["a cycle", "const a = {}; a.a = a; a", "E_TOOL_ARGS", /circular/i],
];

for (const [title, code, errorCode, message] of FAILURES) {
  Deno.test(`js.run explains ${title}`, async () => {
    const run = await runJs(code);
    equal(codeOf(run), errorCode, JSON.stringify(run).slice(0, 200));
    match(messageOf(run), message);
  });
}

const HOSTILE: readonly (readonly [string, string, CalculationEnd["kind"]])[] = [
  ["an endless loop", "while (true);", "time"],
  [
    "an endless loop that catches",
    "for (;;) { try { for (;;); } catch {} finally { for (;;); } }",
    "time",
  ],
  ["an endless chain of promises", "(async () => { for (;;) await 0; })()", "time"],
  ["a regular expression that explodes", "/(a+)+$/.test('a'.repeat(50) + 'b')", "time"],
  ["a getter that never ends", "({ get a() { for (;;); } })", "time"],
  ["a huge text", "let s = 'x'; for (;;) s += s;", "thrown"],
  ["many large texts", "const a = []; for (;;) a.push('x'.repeat(1e6) + a.length);", "memory"],
  ["a huge array buffer", "new ArrayBuffer(2 ** 31)", "thrown"],
  ["a huge sparse array", "const a = []; a[2 ** 32 - 2] = 1; a", "memory"],
  ["a huge BigInt", "10n ** 1000000000n", "thrown"],
  ["deep recursion", "(function f() { return f(); })()", "depth"],
  [
    "deep recursion that catches",
    "let n = 0; (function f() { n++; try { f(); } catch { f(); } })()",
    "time",
  ],
  ["a deeply nested result", "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a", "depth"],
  ["deeply nested code", "eval('['.repeat(1e5))", "depth"],
  ["deeply nested JSON", "JSON.parse('['.repeat(1e6))", "depth"],
  [
    "a proxy without end",
    "const p = () => new Proxy({}, { get: (t, k) => k === 'toJSON' ? 1 : p(), ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }); p()",
    "depth",
  ],
  [
    "a proxy that throws",
    "new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } })",
    "thrown",
  ],
  ["a revoked proxy", "const r = Proxy.revocable({}, {}); r.revoke(); r.proxy", "thrown"],
  [
    "an error that cannot be shown",
    "throw Object.assign(new Error(), { get message() { throw 1 } }, { toString: null, name: Symbol() })",
    "thrown",
  ],
  [
    "an error whose message never ends",
    "throw Object.defineProperty(new Error(), 'message', { get() { for (;;); } })",
    "time",
  ],
  ["an error with a huge message", "throw new Error('x'.repeat(1e7))", "thrown"],
  [
    "a thrown proxy",
    "throw new Proxy(function () {}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
    "thrown",
  ],
  ["the import of a module", "import('node:fs')", "thrown"],
  ["a static import", "import fs from 'node:fs'; fs", "thrown"],
  ["what the host calls itself", "Deno.readTextFileSync('x')", "thrown"],
  ["the network", "fetch('https://example.org')", "thrown"],
  ["node", "require('fs')", "thrown"],
  ["the process", "process.exit(0)", "thrown"],
  ["the worker", "postMessage({ ok: true }); close()", "thrown"],
  ["a timer", "setTimeout(() => 1, 1)", "thrown"],
  [
    "the host through a constructor",
    "console.log.constructor.constructor('return Deno')()",
    "thrown",
  ],
];

for (const [title, code, kind] of HOSTILE) {
  Deno.test(`js.run survives ${title}`, async () => {
    const timeMs = kind === "time" ? 200 : PATIENCE_MS;
    const limits = { ...CALCULATION_LIMITS, timeMs };
    const { signal } = new AbortController();
    const outcome = await runCalculation({ code, inputJson: undefined, limits }, signal);
    ok("end" in outcome);
    equal(outcome.end.kind, kind, JSON.stringify(outcome.end).slice(0, 200));
    ok(JSON.stringify(outcome).length < 5000);
    doesNotMatch(JSON.stringify(outcome), /file:|wasm|prelude|\/tools\//);
  });
}

Deno.test("js.run stops an endless loop after 5 seconds and says so", async () => {
  const run = await runJs("console.log('before'); for (;;);");
  ok(!run.ok);
  match(run.error.message, /longer than 5 s/);
  deepEqual([run.error.code, run.error.details], ["E_TOOL_TIMEOUT", { logs: ["before"] }]);
});

Deno.test("js.run stops a loop that eats memory and says so", async () => {
  const run = await runJs("const a = []; for (;;) a.push('x'.repeat(1e7) + a.length);");
  equal(codeOf(run), "E_TOOL_ARGS");
  match(messageOf(run), /more than the 64 MiB/);
});

const FORGERIES: readonly (readonly [string, string, unknown])[] = [
  [
    "a replaced JSON",
    "JSON.stringify = () => 'json{\"ok\":false}'; JSON.parse = null; ({ a: 1 })",
    { a: 1 },
  ],
  [
    "replaced built-ins",
    "String = Number = Map = Set = Error = Reflect = null; Array.from = null; [1n]",
    ["1"],
  ],
  [
    "a poisoned Object.prototype",
    "Object.prototype.x = 1; Object.prototype.toJSON = undefined; ({ a: 1 })",
    { a: 1 },
  ],
  [
    "a poisoned Array.prototype",
    "Array.prototype.map = Array.prototype.join = () => 'no'; [1, 2]",
    [1, 2],
  ],
  ["a frozen global", "Object.freeze(globalThis); 1", 1],
  ["a replaced console", "console = { log() { throw 1 } }; 1", 1],
];

for (const [title, code, result] of FORGERIES) {
  Deno.test(`js.run answers the truth after ${title}`, async () => {
    deepEqual((await runJs(code)).result, result);
  });
}

Deno.test("js.run does not let a result reach the prototypes of the host", async () => {
  const run = await runJs(
    `JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}')`,
  );
  equal(
    JSON.stringify(run.result),
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"p":1}}}',
  );
  equal(({} as Answer).polluted, undefined);
  equal(Object.getPrototypeOf(run.result), Object.prototype);
});

Deno.test("js.run keeps nothing from one call to the next", async () => {
  await using world = await openWorld();
  const call = (code: string) => world.call("js.run", { code }, { jsEnabled: true });
  await call("globalThis.kept = 1; Array.prototype.kept = 1");
  const run = await call("[typeof kept, typeof [].kept]");
  deepEqual(run.ok && run.result, ["undefined", "undefined"]);
});

Deno.test("js.run can be called several times at once", async () => {
  await using world = await openWorld();
  const call = (code: string) => world.call("js.run", { code }, { jsEnabled: true });
  const runs = await Promise.all([call("1"), call("throw 2"), call("3")]);
  deepEqual(runs.map((run) => run.ok && run.result), [1, false, 3]);
});

Deno.test("js.run ends with the run", async () => {
  await using world = await openWorld();
  const stop = new AbortController();
  const options = { ...world.options({ jsEnabled: true }), signal: stop.signal };
  setTimeout(() => stop.abort(), 200);
  const started = performance.now();
  equal(codeOf(await world.host.call("js.run", { code: "for (;;);" }, options)), "E_INTERRUPTED");
  ok(performance.now() - started < PATIENCE_MS);
  equal(codeOf(await world.host.call("js.run", { code: "1" }, options)), "E_INTERRUPTED");
});

Deno.test("js.run refuses code that is empty or too long", async () => {
  equal(codeOf(await runJs("")), "E_TOOL_ARGS");
  equal(codeOf(await runJs(`1${" ".repeat(1024 * 1024)}`)), "E_TOOL_ARGS");
});

Deno.test("js.run has no effect that needs consent", async () => {
  await using world = await openWorld();
  const plan = await world.host.plan("js.run", { code: "1" }, world.options({ jsEnabled: true }));
  deepEqual(plan, { effect: "none" });
});
