// What the journeys do with an exported package: read its graph by titles, and give the file to the
// command line.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Download, Page } from "playwright-core";
import { readArchive } from "../../runtime/package/archive.ts";
import { readFolder } from "../../runtime/package/folder.ts";
import type { WorkflowGraph } from "../../schemas/package.ts";
import { runBinary } from "./binary.ts";

/** A graph as a person sees it: nothing of ids, files and places. */
export interface DrawnGraph {
  readonly entry: string;
  /** `type: title`, sorted. */
  readonly nodes: readonly string[];
  /** One JSON text for each edge, sorted. */
  readonly edges: readonly string[];
}

/** The graph of a package's workflow file. */
export function drawnGraph(file: Uint8Array | undefined): DrawnGraph {
  assert.ok(file, "The package has no such graph");
  const graph = JSON.parse(new TextDecoder().decode(file)) as WorkflowGraph;
  const titles = new Map(graph.nodes.map(({ id, title }) => [id, title ?? id]));
  return {
    entry: titles.get(graph.entryNodeId) ?? "",
    nodes: graph.nodes.map(({ type, title }) => `${type}: ${title}`).sort(),
    edges: graph.edges.map((edge) =>
      JSON.stringify({
        from: titles.get(edge.from),
        to: titles.get(edge.to),
        label: edge.label,
        isDefault: edge.isDefault ?? false,
        conditionText: edge.conditionText ?? null,
        conditionExpr: edge.conditionExpr ?? null,
      })
    ).sort(),
  };
}

/** The graph of `examples/hello-branch`. */
export async function helloBranch(): Promise<DrawnGraph> {
  const files = await readFolder("examples/hello-branch", "The example");
  return drawnGraph(files.get("workflow.graph.json"));
}

/** The graph of the first workflow of an exported package that began as a blank one. */
export async function exportedGraph(bytes: Uint8Array): Promise<DrawnGraph> {
  const files = await readArchive(bytes, "The exported package");
  return drawnGraph(files.get("workflows/main/workflow.graph.json"));
}

/** The bytes of a download that `start` begins. */
export async function downloaded(page: Page, start: () => Promise<void>): Promise<Uint8Array> {
  const [download] = await Promise.all([page.waitForEvent("download"), start()]);
  return await Deno.readFile(await pathOf(download));
}

async function pathOf(download: Download): Promise<string> {
  assert.equal(await download.failure(), null);
  return await download.path();
}

/** Gives an exported file to `check` and to a simulated run, which have to be content with it. */
export async function checkAndRun(bytes: Uint8Array): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-exported-" });
  try {
    const file = join(dir, "drawn.bmad");
    await Deno.writeFile(file, bytes);
    const check = await runBinary(["check", file]);
    assert.equal(check.exitCode, 0, check.stdout + check.stderr);
    const project = join(dir, "project");
    await Deno.mkdir(project);
    const run = await runBinary(["run", file, "--project", project, "--simulate", "--yes"]);
    assert.equal(run.exitCode, 0, run.stdout + run.stderr);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
