// A node of a package's graph as an agent of a flow: the persona of its agent, its step file, the assets
// that the step names, and how to go on. Pure; the only prose for models in the generator.
import type { FlowAgent, FlowText, FlowWay } from "../flow/flow_source.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { describePersona } from "../package/describe_persona.ts";
import type { LoadedPackage } from "../package/load.ts";
import type { PlacedNode } from "./package_graph.ts";

const ASSET = /@pkg\/([A-Za-z0-9][A-Za-z0-9._/-]*)/g;
const MAX_ASSET_BYTES = 256 * 1024;

const FILES = ["fs_read", "fs_list", "fs_write"];

/** The agent of a node. */
export function stepAgent(
  loaded: LoadedPackage,
  { node, workflow }: PlacedNode,
  { id, ways }: { readonly id: string; readonly ways: readonly FlowWay[] },
): FlowAgent {
  const file = workflow.nodeFiles.get(node.id) ?? node.file;
  const body = bodyOf(textOf(loaded, file) ?? "");
  const person = loaded.agents.find((agent) => agent.id === node.agentId) ?? loaded.agents[0];
  return {
    id,
    file,
    description: node.description ?? node.title ?? "",
    formatVersion: "2.0",
    body: `${body.trim()}\n\n${rulesOf(ways)}`,
    persona: person ? describePersona(person) : "",
    tools: person?.tools?.fs?.enabled === false ? [] : FILES,
    memory: { kind: "isolated" },
    waitFor: { docs: [], agents: [] },
    parallel: false,
    tasks: assetsOf(loaded, body),
    checklists: [],
    templates: [],
    commands: [],
    creates: [],
    reads: [],
    updates: [],
  };
}

function rulesOf(ways: readonly FlowWay[]): string {
  const labels = ways.map(({ action }) => JSON.stringify(action)).join(", ");
  const choice = ways.length > 1 ? ` The ways on are ${labels}: name one as "label".` : "";
  return [
    "You run without a person and without a project folder. Where the step speaks of asking, look in the input; where it speaks of files, use your answer and your document tools; where it speaks of `state.complete_node`, simply end your answer.",
    `If the step sets variables or decides, end the answer with a fenced block "\`\`\`next" that holds JSON: {"label": "…", "variables": {"name": "value"}}, both optional.${choice}`,
  ].join("\n");
}

function bodyOf(text: string): string {
  const read = readFrontMatter(text);
  return read.ok ? read.value.body : text;
}

function assetsOf(loaded: LoadedPackage, body: string): FlowText[] {
  const paths = new Set([...body.matchAll(ASSET)].map(([, path = ""]) => path));
  return [...paths].flatMap((path) => {
    const text = textOf(loaded, path);
    return text === undefined ? [] : [{ name: path, file: path, text }];
  });
}

/** A text file of the package; `undefined` for what is missing, binary or large. */
function textOf({ files }: LoadedPackage, path: string): string | undefined {
  const bytes = files.get(path);
  if (!bytes || bytes.length > MAX_ASSET_BYTES) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
