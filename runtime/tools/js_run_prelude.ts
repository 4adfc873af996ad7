// What runs inside QuickJS before a model's code: `console`, no clock, a seeded `Math.random`, and the
// functions by which results leave. They keep the built-ins they need, since the code may replace them.

/**
 * A script whose value is a function: it takes `emit(line)`, sets up the globals and returns
 * `{ serialize, describe, setInput }`. All run inside the sandbox, under its limits.
 *
 * - `serialize(value)`: `"undefined"`, or `"json"` followed by JSON. BigInt, NaN and ±Infinity are
 *   texts, a Map is a list of pairs, a Set a list. Throws what a getter or a cycle throws.
 * - `describe(thrown)`: name, message and line of anything thrown; never throws of itself.
 * - `setInput(json)`: sets the global `input`.
 */
export const PRELUDE = `(emit) => {
  "use strict";
  const { parse, stringify } = JSON;
  const { isFinite } = Number;
  const { from } = Array;
  const text = String;
  const RealDate = Date, RealMap = Map, RealSet = Set, RealError = Error;
  const { construct } = Reflect;

  const plain = (key, value) => {
    if (typeof value === "bigint") return text(value);
    if (typeof value === "number") return isFinite(value) ? value : text(value);
    if (typeof value !== "object" || value === null) return value;
    return value instanceof RealMap || value instanceof RealSet ? from(value) : value;
  };
  const serialize = (value) => {
    const json = stringify(value, plain);
    return json === undefined ? "undefined" : "json" + json;
  };
  const describe = (thrown) => {
    try {
      if (!(thrown instanceof RealError)) return "Thrown: " + show(thrown);
      const line = /code\\.js:(\\d+)/.exec(text(thrown.stack));
      return thrown.name + ": " + thrown.message + (line ? " (line " + line[1] + ")" : "");
    } catch {
      return "An error that cannot be shown";
    }
  };
  const show = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof RealError) return describe(value);
    try {
      return stringify(value, plain) ?? text(value);
    } catch {
      return "[" + typeof value + "]";
    }
  };
  const log = (...values) => {
    let line = "";
    for (let at = 0; at < values.length; at++) line += (at > 0 ? " " : "") + show(values[at]);
    emit(line);
  };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };

  let seed = 0x2545f491;
  Math.random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const now = () => {
    throw new RealError("There is no clock here. Pass the time in as input");
  };
  globalThis.Date = new Proxy(RealDate, {
    apply: now,
    construct: (target, args, made) => args.length === 0 ? now() : construct(target, args, made),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = Date;
  if (typeof performance === "object") delete globalThis.performance;

  return { serialize, describe, setInput: (json) => { globalThis.input = parse(json); } };
}`;
