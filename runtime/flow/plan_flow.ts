// Makes the plan of a flow: the order of `workflow.yaml`, bent as little as `wait_for.agents` asks for,
// and groups of neighbours that may run side by side. Pure.
import { AppError } from "../../schemas/error.ts";
import { findCycles } from "./find_cycles.ts";
import type { FlowEdge, FlowPlan, FlowStage } from "./flow_plan.ts";
import type { FlowAgent, FlowDefinition, FlowSource } from "./flow_source.ts";
import { listed, quoted } from "./finding_list.ts";

/**
 * The plan of a flow by its name. Made once: the same source and name give the same plan.
 * @throws AppError `FLOW_NOT_FOUND` naming the flows there are, `FLOW_INVALID` for agents that wait for
 * each other
 */
export function planFlow(source: Pick<FlowSource, "agents" | "flows">, name: string): FlowPlan {
  const plans = plansOf.get(source) ?? new Map<string, FlowPlan>();
  const plan = plans.get(name) ?? makePlan(source, name);
  plans.set(name, plan);
  plansOf.set(source, plans);
  return plan;
}

function makePlan(source: Pick<FlowSource, "agents" | "flows">, name: string): FlowPlan {
  const flow = source.flows.find((flow) => flow.name === name);
  if (!flow) {
    const known = listed(source.flows.map(({ name }) => name));
    throw new AppError(
      "FLOW_NOT_FOUND",
      `There is no flow ${quoted(name)}. The flows are: ${known}`,
    );
  }
  const byId = new Map(source.agents.map((agent) => [agent.id, agent]));
  const slots = slotsOf(flow, byId);
  const order = inOrder(slots);
  return {
    flow: flow.name,
    description: flow.description,
    stages: groupsOf(order),
    edges: order.flatMap(edgesTo),
    ...(flow.ways && { ways: flow.ways.map(({ from, to }) => ({ from, to })) }),
  };
}

const plansOf = new WeakMap<object, Map<string, FlowPlan>>();

/** An agent's place in the flow as it was written. */
interface Slot {
  readonly agentId: string;
  /** Agents of this flow that it waits for. */
  readonly waitsFor: readonly string[];
  readonly isParallel: boolean;
  /** Neighbours of one block may share a group: a written one, or the loose agents between those. */
  readonly block: string;
}

function slotsOf(flow: FlowDefinition, byId: ReadonlyMap<string, FlowAgent>): Slot[] {
  const inside = new Set(flow.steps.flatMap((step) => step.agents));
  return flow.steps.flatMap((step, index) =>
    step.agents.flatMap((agentId): Slot[] => {
      const agent = byId.get(agentId);
      if (!agent) return [];
      return [{
        agentId,
        waitsFor: agent.waitFor.agents.filter((id) => inside.has(id)),
        isParallel: agent.parallel ?? step.parallel,
        block: step.parallel ? `step ${index}` : "loose",
      }];
    })
  );
}

/** Of all agents that can begin, always the one that was written first. */
function inOrder(slots: readonly Slot[]): Slot[] {
  const followers = new Map<string, number[]>();
  const waiting = slots.map(({ waitsFor }, index) => {
    for (const id of waitsFor) followers.set(id, [...followers.get(id) ?? [], index]);
    return waitsFor.length;
  });
  const ordered: Slot[] = [];
  const free = new FirstOf();
  waiting.forEach((count, index) => count === 0 && free.add(index));
  for (let index = free.take(); index !== undefined; index = free.take()) {
    const slot = slots[index];
    if (!slot) break;
    ordered.push(slot);
    for (const follower of followers.get(slot.agentId) ?? []) {
      const left = (waiting[follower] ?? 0) - 1;
      waiting[follower] = left;
      if (left === 0) free.add(follower);
    }
  }
  if (ordered.length === slots.length) return ordered;
  const [cycle = []] = findCycles(new Map(slots.map((slot) => [slot.agentId, slot.waitsFor])));
  throw new AppError("FLOW_INVALID", `These agents wait for each other: ${cycle.join(" → ")}`);
}

/** Numbers, of which the smallest is taken first. */
class FirstOf {
  readonly #numbers: number[] = [];

  add(number: number): void {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      // Kept from the largest down, so that taking the smallest is cheap.
      if ((this.#numbers[middle] ?? 0) > number) low = middle + 1;
      else high = middle;
    }
    this.#numbers.splice(low, 0, number);
  }

  take(): number | undefined {
    return this.#numbers.pop();
  }
}

function groupsOf(order: readonly Slot[]): FlowStage[] {
  const groups: Slot[][] = [];
  for (const slot of order) {
    const group = groups.at(-1);
    if (group && mayJoin(slot, group)) group.push(slot);
    else groups.push([slot]);
  }
  return groups.map((group) => ({ agents: group.map(({ agentId }) => agentId) }));
}

function mayJoin(slot: Slot, group: readonly Slot[]): boolean {
  return slot.isParallel &&
    group.every((member) =>
      member.isParallel && member.block === slot.block && !slot.waitsFor.includes(member.agentId)
    );
}

function edgesTo({ agentId, waitsFor }: Slot): FlowEdge[] {
  return waitsFor.map((from) => ({ from, to: agentId }));
}
