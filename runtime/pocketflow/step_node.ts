// A node of a workflow's graph as a PocketFlow node: it runs its agent and takes one of its edges.
import { BaseNode } from "pocketflow";
import { AppError } from "../../schemas/error.ts";
import { isRecord } from "../../schemas/record.ts";
import type { NamedText } from "../flow/compose_prompt.ts";
import type { FlowAgent, FlowWay } from "../flow/flow_source.ts";
import { type FlowRun, runMember } from "../flow/run_stage.ts";
import { chooseWay, readNext } from "./choose_way.ts";

/** The action of a step that did not complete or has no way on. */
export const STOP = "stop";

/** A loop that has not ended by then does not end. */
const MAX_VISITS = 25;

/** How far a run is: agents in the order of their last visit, and how often each was visited. */
interface Course {
  readonly visits: Map<string, number>;
  variables: Readonly<Record<string, unknown>>;
}

// By run: PocketFlow copies nodes, and one node serves many runs at a time.
const courses = new WeakMap<FlowRun, Course>();

/**
 * Runs its agent with the results of all steps so far. On the first visit of a run, a result that the
 * story has counts; a loop runs the agent again. Throws AppError `ENGINE_LOOP_DETECTED` at the 26th
 * visit, and what `runMember` throws.
 */
export class StepNode extends BaseNode<FlowRun> {
  readonly agent: FlowAgent;
  ways: readonly FlowWay[] = [];

  constructor(agent: FlowAgent) {
    super();
    this.agent = agent;
  }

  override prep(run: FlowRun): Promise<{ run: FlowRun; earlier: readonly NamedText[] }> {
    const { visits } = courseOf(run);
    const count = (visits.get(this.agent.id) ?? 0) + 1;
    if (count > MAX_VISITS) throw endless(this.agent.id);
    if (count > 1) run.story.results.delete(this.agent.id);
    const earlier = [...visits.keys()].flatMap((name) => {
      const result = run.story.results.get(name);
      return result?.status === "completed" ? [{ name, text: result.content }] : [];
    });
    // Taken out and put back, so that it comes last.
    visits.delete(this.agent.id);
    visits.set(this.agent.id, count);
    return Promise.resolve({ run, earlier });
  }

  override async exec(
    { run, earlier }: { readonly run: FlowRun; readonly earlier: readonly NamedText[] },
  ): Promise<void> {
    run.signal.throwIfAborted();
    await runMember(run, this.agent, earlier);
  }

  override post(run: FlowRun): Promise<string> {
    const result = run.story.results.get(this.agent.id);
    if (result?.status !== "completed") return Promise.resolve(STOP);
    const course = courseOf(run);
    const { label, variables } = readNext(result.content);
    course.variables = { ...course.variables, ...variables };
    const way = chooseWay(this.ways, label, course.variables);
    return Promise.resolve(way?.action ?? STOP);
  }
}

function courseOf(run: FlowRun): Course {
  const known = courses.get(run);
  if (known) return known;
  const { input } = run.story.record;
  const definition = run.source.flows.find(({ name }) => name === run.plan.flow);
  const variables = { ...definition?.variables, ...(isRecord(input) && input) };
  const course = { visits: new Map(), variables };
  courses.set(run, course);
  return course;
}

function endless(id: string): AppError {
  return new AppError(
    "ENGINE_LOOP_DETECTED",
    `The flow came to "${id}" more than ${MAX_VISITS} times; an edge that leads out of the loop is never taken`,
  );
}
