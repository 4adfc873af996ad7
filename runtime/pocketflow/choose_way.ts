// Which edge a run takes from a step of a workflow's graph. Pure.
import { isRecord } from "../../schemas/record.ts";
import type { FlowWay } from "../flow/flow_source.ts";
import { evaluateCondition } from "../state/condition.ts";

/** What a step's answer says about the way on. */
export interface SaidNext {
  /** The label it names, if any. */
  readonly label: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const BLOCK = /```next\s*\n([^]*?)\n```\s*$/;

/** Reads the fenced block `next` at the end of an answer: `{"label": …, "variables": {…}}`. */
export function readNext(content: string): SaidNext {
  const [, json] = BLOCK.exec(content.slice(-20_000)) ?? [];
  const said = json === undefined ? undefined : parsed(json);
  if (!isRecord(said)) return { label: undefined, variables: {} };
  return {
    label: typeof said.label === "string" ? said.label : undefined,
    variables: isRecord(said.variables) ? said.variables : {},
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/**
 * The only way; else the first whose condition holds; else the one that the step named, unless its
 * condition does not hold; else the default; else the first. `undefined` where there is none.
 */
export function chooseWay(
  ways: readonly FlowWay[],
  said: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): FlowWay | undefined {
  if (ways.length < 2) return ways[0];
  const met = ways.find(({ condition }) =>
    condition !== null && evaluateCondition(condition, variables) === true
  );
  if (met) return met;
  const named = ways.find(({ action, condition }) => action === said && condition === null);
  return named ?? ways.find(({ isDefault }) => isDefault) ?? ways[0];
}
