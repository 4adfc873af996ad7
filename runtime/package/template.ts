// What a new package starts from: one of the examples in the executable, or a blank one.
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../schemas/error.ts";
import { writeFrontMatter } from "../../schemas/front_matter.ts";
import type { AgentsDocument, Manifest, WorkflowGraph } from "../../schemas/package.ts";
import type { PackageFiles } from "./archive.ts";
import { comparePaths } from "./entry_path.ts";
import { embeddedUrl } from "./embedded.ts";
import { readFolder } from "./folder.ts";
import { MANIFEST_PATH } from "./integrity.ts";
import { writeNewFolder } from "./write_folder.ts";

/** A template that `createPackage` knows by name. */
export interface Template {
  readonly name: string;
  readonly description: string;
}

const TEMPLATES = "examples/";

/** The templates in the executable, sorted by name. */
export async function listTemplates(): Promise<Template[]> {
  const templates: Template[] = [];
  for await (const { name, isDirectory } of Deno.readDir(embeddedUrl(TEMPLATES))) {
    const manifest = isDirectory ? await readManifest(name) : undefined;
    if (manifest) templates.push({ name, description: manifest.description ?? "" });
  }
  return templates.sort((a, b) => comparePaths(a.name, b.name));
}

async function readManifest(template: string): Promise<Manifest | undefined> {
  try {
    const url = embeddedUrl(`${TEMPLATES}${template}/${MANIFEST_PATH}`);
    return JSON.parse(await Deno.readTextFile(url)) as Manifest;
  } catch (error) {
    // A folder among the examples that is no package, such as a BMAD module.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Makes a package in a new or empty folder: a copy of a template, or a blank package named after the
 * folder.
 * @throws AppError `PKG_TEMPLATE_UNKNOWN`, `FILE_EXISTS`, `FILE_WRITE_FAILED`
 */
export async function createPackage(dir: string, template?: string): Promise<void> {
  const target = resolve(dir);
  const files = template === undefined
    ? blankPackage(basename(target))
    : await readTemplate(template);
  await writeNewFolder(target, files);
}

/** The files of a template. @throws AppError `PKG_TEMPLATE_UNKNOWN` */
export async function readTemplate(name: string): Promise<PackageFiles> {
  const known = (await listTemplates()).map((template) => template.name);
  if (known.includes(name)) {
    const url = embeddedUrl(`${TEMPLATES}${name}/`);
    return readFolder(fileURLToPath(url), `The template "${name}"`);
  }
  const message = `There is no template "${name}". There are: ${known.join(", ")}`;
  throw new AppError("PKG_TEMPLATE_UNKNOWN", message);
}

/** The smallest package that is of use: one agent, one step, one end; it passes every check. */
export function blankPackage(name: string): PackageFiles {
  const folder = "workflows/main/";
  const entry = { workflow: `${folder}workflow.md`, graph: `${folder}workflow.graph.json` };
  const manifest: Manifest = {
    schemaVersion: "1.1",
    name: name || "package",
    version: "0.1.0",
    entry: { ...entry, agents: "agents.json", assetsDir: "assets/" },
    workflows: [{ id: "main", ...entry, displayName: "Main" }],
  };
  const workflow = { folder, workflowType: "main", title: "Main", agentId: "assistant" };
  return new Map([
    [MANIFEST_PATH, json(manifest)],
    ["agents.json", json(blankAgents())],
    ...blankWorkflow(workflow),
  ]);
}

/** What a blank workflow is called, and who works in it. */
export interface BlankWorkflow {
  /** With a slash at its end. */
  readonly folder: string;
  readonly workflowType: string;
  /** One line. */
  readonly title: string;
  readonly agentId: string | undefined;
}

/** The files of a workflow of one step and one end. */
export function blankWorkflow(workflow: BlankWorkflow): PackageFiles {
  const { folder } = workflow;
  return new Map([
    [`${folder}workflow.graph.json`, json(blankGraph(workflow))],
    [`${folder}workflow.md`, utf8(blankDocument(workflow))],
    [`${folder}steps/first.md`, utf8(blankStep(workflow))],
    [`${folder}steps/done.md`, utf8(blankEnd(workflow))],
  ]);
}

function blankAgents(): AgentsDocument {
  return {
    schemaVersion: "1.1",
    agents: [{
      id: "assistant",
      metadata: { name: "Assistant", title: "Assistant", icon: "🤖" },
      persona: {
        role: "Assistant who works through a workflow step by step.",
        identity: "Careful and experienced; reads before writing.",
        communication_style: "Plain and brief.",
        principles: ["Do what the step says, no more and no less."],
      },
      menu: [{ trigger: "start", description: "[ST] Start the workflow", workflow: "main" }],
    }],
  };
}

function blankGraph({ folder, agentId }: BlankWorkflow): WorkflowGraph {
  const agent = agentId === undefined ? {} : { agentId };
  return {
    schemaVersion: "1.1",
    entryNodeId: "first",
    nodes: [
      { id: "first", type: "step", file: `${folder}steps/first.md`, title: "First step", ...agent },
      { id: "done", type: "end", file: `${folder}steps/done.md`, title: "Done", ...agent },
    ],
    edges: [{ from: "first", to: "done", label: "finished" }],
    metadata: { layout: { first: { x: 60, y: 180 }, done: { x: 320, y: 180 } } },
  };
}

function blankDocument({ workflowType, title }: BlankWorkflow): string {
  const state = {
    schemaVersion: "1.1",
    workflowType,
    currentNodeId: "",
    stepsCompleted: [],
    variables: {},
    decisionLog: [],
    artifacts: [],
  };
  return writeFrontMatter(
    state,
    `
# ${title}

## Goal

Say here what a run of this workflow achieves.

## How to execute

1. Work on one node at a time, in the order the graph allows. The step file of the node says what to do.
2. Write files under \`artifacts/\` only.

## Steps

1. [First step](steps/first.md)
2. [Done](steps/done.md)
`,
  );
}

function blankStep({ agentId }: BlankWorkflow): string {
  const front = {
    schemaVersion: "1.1",
    nodeId: "first",
    type: "step",
    title: "First step",
    ...(agentId !== undefined && { agentId }),
    outputs: ["artifacts/result.md"],
    transitions: [{ to: "done", label: "finished" }],
  };
  return writeFrontMatter(
    front,
    `
# First step

## Goal

A short answer to what the user asked for, saved as a file.

## Instructions

1. If there is no USER_INPUT message, ask the user once what they need, with \`ui.ask_user\`.
2. Write the answer to \`artifacts/result.md\` with \`fs.write\`.

## Completion

\`artifacts/result.md\` exists. Complete the node with \`next\` = \`done\`.
`,
  );
}

function blankEnd({ agentId }: BlankWorkflow): string {
  const front = {
    schemaVersion: "1.1",
    nodeId: "done",
    type: "end",
    title: "Done",
    ...(agentId !== undefined && { agentId }),
    transitions: [],
  };
  return writeFrontMatter(
    front,
    `
# Done

## Goal

The user knows where the result is.

## Instructions

1. Name the file that was written and say in one sentence what is in it.

## Completion

Complete this node; the workflow is then finished.
`,
  );
}

function json(value: unknown): Uint8Array {
  return utf8(`${JSON.stringify(value, null, 2)}\n`);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
