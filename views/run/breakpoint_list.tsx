// The breakpoints of a run, and how to add one that is not about a node.
import type { Breakpoint } from "../../schemas/breakpoint.ts";
import type { Frame } from "../frame.ts";
import type { Texts } from "../text/texts.ts";
import { RunAction } from "./matter_form.tsx";

/** What the list shows. */
export interface BreakpointListProps {
  readonly frame: Frame;
  readonly runId: string;
  readonly breakpoints: readonly Breakpoint[];
  /** The run's cost is known. */
  readonly hasPrices: boolean;
}

/** The list with its forms. */
export function BreakpointList({ frame, runId, breakpoints, hasPrices }: BreakpointListProps) {
  const { control } = frame.texts;
  return (
    <section class="stack-tight" aria-labelledby="breakpoints-title">
      <h2 class="side-title" id="breakpoints-title">{control.breakpoints}</h2>
      {breakpoints.length === 0 && <p class="small muted">{control.noBreakpoints}</p>}
      <ul class="stack-none">
        {breakpoints.map((breakpoint) => (
          <li class="row breakpoint">
            <span class="grow">{wordsOf(breakpoint, frame.texts)}</span>
            <RunAction frame={frame} runId={runId} action="breakpoints/remove">
              <input type="hidden" name="breakpointId" value={breakpoint.breakpointId} />
              <button
                type="submit"
                class="button quiet small"
                aria-label={`${control.remove}: ${wordsOf(breakpoint, frame.texts)}`}
              >
                {control.remove}
              </button>
            </RunAction>
          </li>
        ))}
      </ul>
      <RunAction frame={frame} runId={runId} action="breakpoints" class="row break-form">
        <input type="hidden" name="at" value="tool" />
        <div class="field grow">
          <label for="break-tool">{control.onTool}</label>
          <input
            class="input"
            id="break-tool"
            name="tool"
            maxlength={200}
            required
            placeholder="fs.write"
            title={control.toolHint}
          />
        </div>
        <button type="submit" class="button">{control.add}</button>
      </RunAction>
      <RunAction frame={frame} runId={runId} action="breakpoints" class="row break-form">
        <div class="field grow">
          <label for="break-limit">{control.atBudget}</label>
          <input
            class="input"
            id="break-limit"
            name="limit"
            type="number"
            min="0"
            step="any"
            required
          />
        </div>
        <select class="select" name="at" aria-label={control.atBudget}>
          <option value="tokens">{control.tokens}</option>
          {hasPrices && <option value="cost">{control.cost}</option>}
          <option value="turns">{control.turns}</option>
        </select>
        <button type="submit" class="button">{control.add}</button>
      </RunAction>
    </section>
  );
}

function wordsOf(breakpoint: Breakpoint, { control }: Texts): string {
  switch (breakpoint.at) {
    case "before":
    case "after": {
      const words = control.breakNode(control[breakpoint.at], breakpoint.nodeId);
      return breakpoint.once ? `${words}, ${control.once}` : words;
    }
    case "tool":
      return control.breakTool(breakpoint.tool);
    case "tokens":
      return control.breakTokens(breakpoint.limit);
    case "cost":
      return control.breakCost(breakpoint.limit);
    case "turns":
      return control.breakTurns(breakpoint.limit);
  }
}
