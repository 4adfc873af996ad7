// The present value of an edge's `conditionExpr`. The only file that imports the JSONLogic library.
import { LogicEngine } from "json-logic-engine";

/** `unknown` if the expression cannot be evaluated: an unknown operator, or far too large. */
export type ConditionValue = boolean | "unknown";

/** A hand-written condition has a few dozen characters; a package is untrusted input. */
const MAX_EXPRESSION_LENGTH = 10_000;

let engine: LogicEngine | undefined;

/** Evaluates JSONLogic over the run's variables. Pure, never throws. */
export function evaluateCondition(
  expression: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>>,
): ConditionValue {
  if (JSON.stringify(expression).length > MAX_EXPRESSION_LENGTH) return "unknown";
  engine ??= new LogicEngine();
  try {
    return engine.truthy(engine.run(expression, variables));
  } catch {
    return "unknown";
  }
}
