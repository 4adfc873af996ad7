// Reads `workflow.yaml` and `workflows/default.yaml`: flows as a sequence or as steps.
import { isRecord } from "../../schemas/record.ts";
import { type FieldReader, RULE_HINT } from "./field_reader.ts";
import { type FindingList, listed, quoted } from "./finding_list.ts";
import { isFlowId } from "./flow_id.ts";
import type { FlowDefinition, FlowStep } from "./flow_source.ts";
import type { SourceFolder } from "./source_folder.ts";
import { yamlFields } from "./yaml_fields.ts";

const WORKFLOW_FILES = [
  "workflow.yaml",
  "workflow.yml",
  "workflows/default.yaml",
  "workflows/default.yml",
];

const YAML_HINT = 'A workflow file is YAML such as "flows: {default: {sequence: [analyst]}}"';

/** The name of the flow that is meant when none is named. */
export const DEFAULT_FLOW = "default";

/** What reading needs: the agents that exist, by id. */
export interface WorkflowReading {
  readonly folder: SourceFolder;
  readonly findings: FindingList;
  readonly agentIds: ReadonlySet<string>;
}

/** All flows in order of their files; what names no known agent is a finding and left out. */
export function readWorkflows(reading: WorkflowReading): FlowDefinition[] {
  const flows = new Map<string, FlowDefinition>();
  for (const file of WORKFLOW_FILES) {
    const text = reading.folder.text(file);
    if (text !== undefined) readFile(text, file, { reading, flows });
  }
  return [...flows.values()];
}

interface Target {
  readonly reading: WorkflowReading;
  readonly flows: Map<string, FlowDefinition>;
}

function readFile(text: string, file: string, { reading, flows }: Target): void {
  const { findings } = reading;
  const top = yamlFields({ text, file, hint: YAML_HINT }, findings);
  const add = (name: string, fields: FieldReader) => {
    if (!isFlowId(name)) {
      fields.report(
        "FLOW_ID_INVALID",
        [],
        `The flow's name ${quoted(name)} cannot be used`,
        RULE_HINT,
      );
    } else if (flows.has(name)) {
      const message = `There are two flows named ${quoted(name)}`;
      fields.report("FLOW_ID_DUPLICATE", [], message, "Rename one, or take it out");
    } else flows.set(name, readFlow(name, fields, reading));
  };
  if (top.has("sequence") || top.has("steps")) add(DEFAULT_FLOW, top);
  const named = top.map("flows");
  for (const name of named.keys()) add(name, named.map(name));
  top.warnOfUnknownKeys();
}

function readFlow(name: string, fields: FieldReader, reading: WorkflowReading): FlowDefinition {
  const seen = new Set<string>();
  const steps = [
    ...readSequence(fields, { reading, seen }),
    ...readSteps(fields, { reading, seen }),
  ].filter(({ agents }) => agents.length > 0);
  const description = fields.text("description") ?? "";
  fields.raw("flows");
  if (steps.length === 0) {
    const hint = 'Name its agents, such as "sequence: [analyst, reviewer]"';
    fields.report("FLOW_VALUE_INVALID", [], `The flow ${quoted(name)} runs no agent`, hint);
  }
  fields.warnOfUnknownKeys();
  return { name, description, steps, derived: false };
}

interface FlowReading {
  readonly reading: WorkflowReading;
  /** Agents that the flow already has. */
  readonly seen: Set<string>;
}

function readSequence(fields: FieldReader, flow: FlowReading): FlowStep[] {
  return fields.entries("sequence").map(({ value, fields: item, index }): FlowStep => {
    if (isRecord(value)) {
      const agents = knownAgents(item, "parallel", flow);
      item.warnOfUnknownKeys();
      return { name: "", agents, parallel: true };
    }
    const isKnown = isAgent(value, { fields, path: ["sequence", index] }, flow);
    return { name: "", agents: isKnown ? [String(value)] : [], parallel: false };
  });
}

function readSteps(fields: FieldReader, flow: FlowReading): FlowStep[] {
  return fields.entries("steps").map(({ value, fields: item }): FlowStep => {
    if (!isRecord(value)) {
      const hint = 'Write "- agents: [analyst]"';
      fields.report("FLOW_VALUE_INVALID", ["steps"], `The step ${quoted(value)} is no map`, hint);
    }
    const step = {
      name: item.text("name") ?? "",
      agents: knownAgents(item, "agents", flow),
      parallel: item.flag("parallel") ?? false,
    };
    item.text("description");
    item.warnOfUnknownKeys();
    return step;
  });
}

function knownAgents(fields: FieldReader, key: string, flow: FlowReading): string[] {
  return fields.texts(key).filter((id, index) => isAgent(id, { fields, path: [key, index] }, flow));
}

interface ItemPlace {
  readonly fields: FieldReader;
  readonly path: readonly (string | number)[];
}

/** Whether an item names an agent that exists and that the flow does not have yet. */
function isAgent(id: unknown, { fields, path }: ItemPlace, flow: FlowReading): boolean {
  const { agentIds } = flow.reading;
  if (typeof id !== "string" || !agentIds.has(id)) {
    const hint = `The agents are ${listed([...agentIds])}`;
    fields.report("FLOW_AGENT_UNKNOWN", path, `There is no agent ${quoted(id)}`, hint);
    return false;
  }
  if (flow.seen.has(id)) {
    const message = `The agent ${quoted(id)} stands twice in this flow`;
    const hint = "An agent runs once in a flow; make a second agent file for a second turn";
    fields.report("FLOW_AGENT_REPEATED", path, message, hint);
    return false;
  }
  flow.seen.add(id);
  return true;
}
