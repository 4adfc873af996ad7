// What a workflow wants to know from the person who starts it: the variables of its `workflow.md` that no step
// sets, and those that the paths of its entry node name. Pure.
import { AppError } from "../../schemas/error.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { findNode } from "../../schemas/graph.ts";
import type { PackageFiles } from "../package/archive.ts";
import type { LoadedWorkflow } from "../package/load.ts";

/** The kinds of fields, by the value that the package gives at first. */
export type InputKind = "text" | "number" | "yes-no" | "json";

/** One value to be given. */
export interface DeclaredInput {
  /** Of the variable. */
  readonly name: string;
  readonly kind: InputKind;
  /** The package gives no value, and no step sets one. */
  readonly isRequired: boolean;
  /** What it is if nothing is said; absent for a required one. */
  readonly preset?: unknown;
}

/** What a workflow declares of its start. */
export interface DeclaredStart {
  readonly inputs: readonly DeclaredInput[];
  /** Files of the project that its entry node reads, as they are declared. */
  readonly files: readonly string[];
}

/** A package and one of its workflows. */
export type DeclaringPackage = { readonly files: PackageFiles };

/** What is declared; documents that cannot be read declare nothing. */
export function declaredStart(
  { files }: DeclaringPackage,
  workflow: Pick<LoadedWorkflow, "graph" | "documentText" | "nodeFiles">,
): DeclaredStart {
  const { graph, documentText, nodeFiles } = workflow;
  const { variables, inputDocuments } = frontMatterOf(documentText);
  const stepOf = (nodeId: string) => {
    const content = files.get(nodeFiles.get(nodeId) ?? "");
    return content ? frontMatterOf(new TextDecoder().decode(content)) : {};
  };
  const steps = graph.nodes.map(({ id }) => stepOf(id));
  const setBySteps = new Set(steps.flatMap(({ setsVariables }) => strings(setsVariables)));
  const entry = findNode(graph, graph.entryNodeId);
  const paths = [
    ...strings(inputDocuments),
    ...entry?.inputs ?? [],
    ...strings(stepOf(graph.entryNodeId).inputs),
  ];
  const named = paths.flatMap((path) =>
    [...path.matchAll(PLACEHOLDER)].map(([, name = ""]) => name)
  );
  const values = new Map([
    ...named.map((name): [string, unknown] => [name, ""]),
    ...Object.entries(isMap(variables) ? variables : {}),
  ]);
  const inputs = [...values].filter(([name]) => !setBySteps.has(name)).map(inputOf);
  return { inputs, files: [...new Set(paths)].filter((path) => !path.startsWith("@pkg")) };
}

const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}/g;

function inputOf([name, value]: [string, unknown]): DeclaredInput {
  if (value === "" || value === null || value === undefined) {
    return { name, kind: "text", isRequired: true };
  }
  return { name, kind: kindOf(value), isRequired: false, preset: value };
}

function kindOf(value: unknown): InputKind {
  if (typeof value === "boolean") return "yes-no";
  if (typeof value === "number") return "number";
  return typeof value === "string" ? "text" : "json";
}

/**
 * The values as variables. Texts are read by the kind of their input; an empty one means the preset.
 * @throws AppError `INPUTS_INVALID`; `details.fields` has a message for each name that is wrong
 */
export function inputValues(
  loaded: DeclaringPackage,
  workflow: Pick<LoadedWorkflow, "graph" | "documentText" | "nodeFiles">,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { inputs } = declaredStart(loaded, workflow);
  const faults: [string, string][] = [];
  const values: [string, unknown][] = [];
  for (const input of inputs) {
    const read = readValue(input, Object.hasOwn(given, input.name) ? given[input.name] : undefined);
    if ("fault" in read) faults.push([input.name, read.fault]);
    else if (read.value !== undefined) values.push([input.name, read.value]);
  }
  const names = inputs.map(({ name }) => name);
  for (const name of Object.keys(given).filter((name) => !names.includes(name))) {
    faults.push([
      name,
      `"${name}" is no input of the workflow; it has: ${names.join(", ") || "none"}`,
    ]);
  }
  if (faults.length === 0) return Object.fromEntries(values);
  throw new AppError("INPUTS_INVALID", faults.map(([, message]) => message).join("; "), {
    details: { fields: Object.fromEntries(faults) },
  });
}

type ReadValue = { readonly value: unknown } | { readonly fault: string };

/** Longer texts belong into a file of the project. */
const MOST_CHARS = 100_000;

function readValue({ name, kind, isRequired }: DeclaredInput, given: unknown): ReadValue {
  const isEmpty = given === undefined || given === null ||
    (typeof given === "string" && given.trim() === "");
  if (isEmpty) return isRequired ? { fault: `"${name}" is needed to begin` } : { value: undefined };
  if (typeof given === "string" && given.length > MOST_CHARS) {
    return { fault: `"${name}" is longer than ${MOST_CHARS} characters; put it into a file` };
  }
  switch (kind) {
    case "number":
      return numberOf(name, given);
    case "yes-no":
      return yesNoOf(name, given);
    case "json":
      return typeof given === "string" ? jsonOf(name, given) : { value: given };
    default:
      return typeof given === "string"
        ? { value: given }
        : { fault: `"${name}" takes a text, not ${JSON.stringify(given)}` };
  }
}

function numberOf(name: string, given: unknown): ReadValue {
  const number = typeof given === "string" ? Number(given) : given;
  return typeof number === "number" && Number.isFinite(number)
    ? { value: number }
    : { fault: `"${name}" takes a number, not "${given}"` };
}

function yesNoOf(name: string, given: unknown): ReadValue {
  if (typeof given === "boolean") return { value: given };
  if (given === "yes" || given === "true") return { value: true };
  if (given === "no" || given === "false") return { value: false };
  return { fault: `"${name}" takes yes or no, not "${given}"` };
}

function jsonOf(name: string, given: string): ReadValue {
  try {
    return { value: JSON.parse(given) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return { fault: `"${name}" takes JSON such as ["a", "b"]: ${why}` };
  }
}

function frontMatterOf(text: string): Readonly<Record<string, unknown>> {
  const read = readFrontMatter(text);
  return read.ok ? read.value.data : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
