// A package as sources of a project: an agent for each node of its graphs, a flow for each workflow.
import { createHash } from "node:crypto";
import type { Finding } from "../../schemas/finding.ts";
import { readFrontMatter } from "../../schemas/front_matter.ts";
import { hasErrors } from "../../schemas/finding.ts";
import { isRecord } from "../../schemas/record.ts";
import { FindingList } from "../flow/finding_list.ts";
import type { FlowAgent, FlowDefinition, FlowWay } from "../flow/flow_source.ts";
import { readRuntimeConfig } from "../flow/read_runtime_config.ts";
import { checkPackage } from "../package/check.ts";
import type { LoadedPackage, LoadedWorkflow } from "../package/load.ts";
import { AppError } from "../../schemas/error.ts";
import type { GeneratedFrom } from "./generate_project.ts";
import { joinedGraph, type PlacedNode } from "./package_graph.ts";
import { stepAgent } from "./step_agent.ts";

/**
 * Reads a `.bmad` file or package folder. The settings are the usual ones: a package has none.
 * @throws AppError like `checkPackage`; `PKG_INVALID` for workflows that call each other without end
 */
export async function readPackageFlows(path: string): Promise<GeneratedFrom> {
  const { package: loaded, findings } = await checkPackage(path);
  const texts = { yaml: "", file: "config/runtime.yaml", env: {} };
  const { config, secrets } = readRuntimeConfig(texts, new FindingList());
  const base = { tools: [], modules: {}, config };
  if (!loaded || hasErrors(findings)) {
    return { source: { ...base, agents: [], flows: [], findings }, secrets, path };
  }
  const parts = loaded.workflows.map((workflow) => workflowParts(loaded, workflow));
  const agents = parts.flatMap((part) => part.agents);
  const flows = parts.map((part) => part.flow);
  return {
    source: { ...base, agents, flows, findings: [...findings, ...limits(loaded)] },
    secrets,
    path,
  };
}

interface WorkflowParts {
  readonly agents: readonly FlowAgent[];
  readonly flow: FlowDefinition;
}

function workflowParts(loaded: LoadedPackage, workflow: LoadedWorkflow): WorkflowParts {
  const nodes = joinedGraph(loaded, workflow);
  if (!nodes) {
    const message = `The workflow "${workflow.id}" has more than 5,000 nodes with those it calls`;
    throw new AppError("PKG_INVALID", message);
  }
  // Ids of one project are unique, those of nodes in their workflow only.
  const prefix = loaded.workflows.length > 1 ? `${workflow.id}.` : "";
  const idOf = (id: string) => flowIdOf(prefix + id);
  const ways = nodes.flatMap((placed) => waysOf(placed, idOf));
  const agents = nodes.map((placed) =>
    stepAgent(loaded, placed, {
      id: idOf(placed.id),
      ways: ways.filter(({ from }) => from === idOf(placed.id)),
    })
  );
  const flow = {
    name: flowIdOf(workflow.id),
    description: workflow.description ?? workflow.displayName ?? "",
    steps: agents.map(({ id }) => ({ name: "", agents: [id], parallel: false })),
    derived: false,
    ways,
    variables: variablesOf(workflow),
  };
  return { agents, flow };
}

function waysOf({ id, edges }: PlacedNode, idOf: (id: string) => string): FlowWay[] {
  const seen = new Map<string, number>();
  return edges.map(({ to, label, isDefault, conditionExpr }) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return {
      from: idOf(id),
      to: idOf(to),
      action: count === 1 ? label : `${label} (${count})`,
      isDefault: isDefault ?? false,
      condition: conditionExpr ?? null,
    };
  });
}

function variablesOf({ documentText }: LoadedWorkflow): Readonly<Record<string, unknown>> {
  const read = readFrontMatter(documentText);
  const variables = read.ok ? read.value.data.variables : undefined;
  return isRecord(variables) ? variables : {};
}

/** Ids of packages may hold ":" and be longer than those of flows. */
function flowIdOf(id: string): string {
  if (/^[A-Za-z0-9._-]{1,100}$/.test(id)) return id;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 12);
  return `${id.replaceAll(":", "-").slice(0, 80)}-${hash}`;
}

/** What a project cannot do that a run of the package can. */
function limits({ workflows, agents }: LoadedPackage): Finding[] {
  const isServed = agents.some(({ tools }) => tools?.mcp?.enabled || tools?.csv?.enabled);
  const first = workflows[0];
  if (!isServed || !first) return [];
  return [{
    severity: "warning",
    code: "FLOW_TOOLS_LEFT_OUT",
    file: "agents.json",
    message: "Agents use MCP servers or CSV tables, which a generated project does not have",
    hint: "Write such tools as functions of tools.ts, or run the package itself",
  }];
}
