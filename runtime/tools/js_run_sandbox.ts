// Runs a model's JavaScript in QuickJS, in WebAssembly: no file, network, clock or module inside.
// Belongs into a worker of its own: only ending the worker gives the memory back.
import variant from "@jitl/quickjs-singlefile-mjs-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from "quickjs-emscripten-core";
import { PRELUDE } from "./js_run_prelude.ts";
import type {
  Calculation,
  CalculationEnd,
  CalculationLimits,
  CalculationOutcome,
  ModuleCall,
} from "./js_run_protocol.ts";
import { resolveModule } from "./module_path.ts";

/** QuickJS stops deep recursion here, well before the stack of the worker ends. */
const STACK_BYTES = 128 * 1024;

/** Of WebAssembly. */
const PAGE_BYTES = 64 * 1024;

/** What QuickJS was built to begin with: 16 MiB. */
const INITIAL_PAGES = 256;

const MAX_MESSAGE_CHARS = 2000;

/** What the prelude hands out. */
interface Sandbox {
  readonly vm: QuickJSContext;
  readonly runtime: QuickJSRuntime;
  readonly serialize: QuickJSHandle;
  readonly describe: QuickJSHandle;
  /** True once the time was up. */
  isLate(): boolean;
}

/** Ends a calculation early. */
class Ended extends Error {
  readonly end: CalculationEnd;

  constructor(end: CalculationEnd) {
    super(end.kind);
    this.end = end;
  }
}

/**
 * Runs one calculation and never throws. The result is the value of the last expression, or of a
 * top-level `return`; a promise is awaited as far as that needs no timer. The instance is not disposed.
 */
export function calculate(calculation: Calculation): Promise<CalculationOutcome> {
  return inSandbox(calculation, (sandbox, log) => run(sandbox, calculation, log));
}

/**
 * Calls a function of a module and never throws. The result is what it returns; the rest is as with
 * `calculate`.
 */
export function callModule(call: ModuleCall): Promise<CalculationOutcome> {
  return inSandbox(call, (sandbox) => runModule(sandbox, call));
}

type Work = Pick<Calculation, "limits" | "inputJson">;

async function inSandbox(
  { limits, inputJson }: Work,
  work: (sandbox: Sandbox, log: Log) => string | undefined,
): Promise<CalculationOutcome> {
  const log = new Log(limits.maxLogBytes);
  try {
    const sandbox = await openSandbox(limits, log, inputJson);
    return { end: { kind: "done", resultJson: work(sandbox, log) }, ...log.lines() };
  } catch (thrown) {
    return { end: endOf(thrown), ...log.lines() };
  }
}

/** What overflows the stack of WebAssembly itself is a `RangeError` of the host. */
function endOf(thrown: unknown): CalculationEnd {
  if (thrown instanceof Ended) return thrown.end;
  if (thrown instanceof RangeError) return { kind: "depth" };
  if (thrown instanceof WebAssembly.RuntimeError) return { kind: "memory" };
  return { kind: "thrown", message: String(thrown).slice(0, MAX_MESSAGE_CHARS) };
}

async function openSandbox(
  { timeMs, memoryBytes }: CalculationLimits,
  log: Log,
  inputJson: string | undefined,
): Promise<Sandbox> {
  // QuickJS's own limit is no use: in WebAssembly it looks at single requests and forgets their sum.
  const pages = { initial: INITIAL_PAGES, maximum: Math.floor(memoryBytes / PAGE_BYTES) };
  const wasmMemory = new WebAssembly.Memory(pages);
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }));
  const runtime = quickjs.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  const vm = runtime.newContext();
  const emit = vm.newFunction("emit", (line) => {
    if (!log.isFull) log.add(vm.getString(line));
  });
  const prelude = vm.unwrapResult(vm.evalCode(PRELUDE, "prelude.js"));
  const parts = vm.unwrapResult(vm.callFunction(prelude, vm.undefined, emit));
  const part = (name: string) => vm.getProp(parts, name);
  const deadline = performance.now() + timeMs;
  let late = false;
  runtime.setInterruptHandler(() => late ||= performance.now() > deadline);
  const sandbox = {
    vm,
    runtime,
    serialize: part("serialize"),
    describe: part("describe"),
    isLate: () => late,
  };
  if (inputJson !== undefined) {
    valueOf(sandbox, vm.callFunction(part("setInput"), vm.undefined, vm.newString(inputJson)));
  }
  return sandbox;
}

/** The result as JSON; throws `Ended` for everything else. */
function run(sandbox: Sandbox, { code, limits }: Calculation, log: Log): string | undefined {
  const { vm } = sandbox;
  let evaluated = vm.evalCode(code, "code.js", { type: "global" });
  if (evaluated.error && isStrayReturn(vm, evaluated.error)) {
    log.clear();
    evaluated = vm.evalCode(`(function () {${code}\n})()`, "code.js", { type: "global" });
  }
  return resultOf(sandbox, settled(sandbox, valueOf(sandbox, evaluated)), limits);
}

function runModule(
  sandbox: Sandbox,
  { modules, module, call, limits }: ModuleCall,
): string | undefined {
  const { vm, runtime } = sandbox;
  runtime.setModuleLoader(
    (path) => modules[path] ?? { error: new Error(`There is no module "${path}" here`) },
    (importer, specifier) => {
      if (importer === ENTRY) return specifier;
      const path = resolveModule(importer, specifier);
      return path ?? { error: new Error(`"${specifier}" is no module of these sources`) };
    },
  );
  // The name is a plain identifier and the path plain names; JSON quotes both all the same.
  const entry = `import * as all from ${JSON.stringify(module)};
    export const found = all[${JSON.stringify(call)}];
    export const input = globalThis.input;`;
  const exports = settled(sandbox, valueOf(sandbox, vm.evalCode(entry, ENTRY, { type: "module" })));
  const found = vm.getProp(exports, "found");
  if (vm.typeof(found) !== "function") {
    const message = `The module "${module}" exports no function "${call}"`;
    throw new Ended({ kind: "thrown", message });
  }
  const input = vm.getProp(exports, "input");
  const value = valueOf(sandbox, vm.callFunction(found, vm.undefined, input));
  return resultOf(sandbox, settled(sandbox, value), limits);
}

const ENTRY = "code.js";

/** A value as JSON; throws `Ended` if it is too large. */
function resultOf(
  sandbox: Sandbox,
  value: QuickJSHandle,
  limits: CalculationLimits,
): string | undefined {
  const { vm } = sandbox;
  const text = vm.getString(
    valueOf(sandbox, vm.callFunction(sandbox.serialize, vm.undefined, value)),
  );
  if (!text.startsWith("json")) return undefined;
  const json = text.slice("json".length);
  const resultBytes = new TextEncoder().encode(json).length;
  if (resultBytes > limits.maxResultBytes) throw new Ended({ kind: "too large", resultBytes });
  return json;
}

/** Code of a function's body is a syntax error, found before any of it ran. */
function isStrayReturn(vm: QuickJSContext, error: QuickJSHandle): boolean {
  const message = vm.getProp(error, "message");
  return vm.typeof(message) === "string" &&
    vm.getString(message) === "return not in a function";
}

function settled(sandbox: Sandbox, value: QuickJSHandle): QuickJSHandle {
  const { vm, runtime } = sandbox;
  // Promises that nobody returned may still have something to log.
  const jobs = runtime.executePendingJobs();
  if (jobs.error) throw new Ended(describe(sandbox, jobs.error as QuickJSHandle));
  const state = vm.getPromiseState(value);
  if (state.type === "pending") throw new Ended({ kind: "unsettled" });
  if (state.type === "rejected") throw new Ended(describe(sandbox, state.error));
  return state.value;
}

type Evaluated = ReturnType<QuickJSContext["evalCode"]>;

function valueOf(sandbox: Sandbox, evaluated: Evaluated): QuickJSHandle {
  if (evaluated.error) throw new Ended(describe(sandbox, evaluated.error));
  return evaluated.value;
}

function describe({ vm, ...sandbox }: Sandbox, error: QuickJSHandle): CalculationEnd {
  if (sandbox.isLate()) return { kind: "time" };
  const described = vm.callFunction(sandbox.describe, vm.undefined, error);
  if (described.error) return { kind: sandbox.isLate() ? "time" : "memory" };
  const message = vm.getString(described.value);
  if (/^\w+: out of memory/.test(message)) return { kind: "memory" };
  if (/^\w+: stack overflow/.test(message)) return { kind: "depth" };
  return { kind: "thrown", message: message.slice(0, MAX_MESSAGE_CHARS) };
}

/** Lines that were logged, up to a size. */
class Log {
  readonly #maxBytes: number;
  #lines: string[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#isCut;
  }

  add(line: string): void {
    const room = this.#maxBytes - this.#bytes;
    const bytes = new TextEncoder().encode(line.slice(0, room + 1)).length + 1;
    this.#isCut = bytes > room;
    this.#lines.push(this.#isCut ? `${line.slice(0, Math.floor(room / 4))}…` : line);
    this.#bytes += bytes;
  }

  clear(): void {
    this.#lines = [];
    this.#bytes = 0;
    this.#isCut = false;
  }

  lines(): { logs: readonly string[]; logsCut: boolean } {
    return { logs: this.#lines, logsCut: this.#isCut };
  }
}
