// The options of a start: limits, and what is allowed without asking. Folded, since the usual ones are safe.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import type { StartOffer, StartWay, TypedStart } from "./start_offer.ts";

interface OptionsProps {
  readonly frame: Frame;
  readonly offer: StartOffer;
  readonly way: StartWay;
  readonly typed: TypedStart;
}

/** The folded options with what was typed. */
export function StartOptions(props: OptionsProps) {
  const { frame, typed } = props;
  const { run } = frame.texts;
  const select = (name: string, label: string, choices: readonly (readonly [string, string])[]) => (
    <div class="field">
      <label for={`option-${name}`}>{label}</label>
      <select class="select" id={`option-${name}`} name={name}>
        {choices.map(([value, text]) => (
          <option value={value} selected={typed[name] === value}>{text}</option>
        ))}
      </select>
    </div>
  );
  const number = (name: string, label: string, hint: string): Child => (
    <div class="field">
      <label for={`option-${name}`}>{label}</label>
      <input
        class="input"
        id={`option-${name}`}
        name={name}
        inputmode="decimal"
        value={typed[name] ?? ""}
        placeholder={hint}
      />
    </div>
  );
  const check = (name: string, label: string) => (
    <label class="check">
      <input type="checkbox" name={name} value="yes" checked={typed[name] === "yes"} />
      {label}
    </label>
  );
  return (
    <details class="fold panel-fold">
      <summary>{run.options}</summary>
      <div class="fold-body stack">
        <p class="hint">{frame.texts.start.optionsHint}</p>
        {check("allowAll", run.allowAll)}
        {check("bindConditions", run.bindConditions)}
        {frame.user?.isOwner && check("terminal", run.terminal)}
        <div class="option-grid">
          {select("context", run.context, [["node", run.contextNode], ["run", run.contextRun]])}
          {select("strictness", run.strictness, [["strict", run.strict], [
            "compatible",
            run.compatible,
          ]])}
          {select("outputs", run.outputs, [["required", run.outputsRequired], [
            "warn",
            run.outputsWarn,
          ]])}
          {number("maxTurns", run.maxTurns, "200")}
          {number("maxTokens", run.maxTokens, run.noLimit)}
          {number("maxCostUsd", run.maxCost, run.noLimit)}
          {number("maxMinutes", run.maxMinutes, run.noLimit)}
        </div>
        <Breaks {...props} />
      </div>
    </details>
  );
}

/** Where the run is to pause. A chat has no nodes. */
function Breaks({ frame, offer, way, typed }: OptionsProps) {
  const { start } = frame.texts;
  const field = (name: string, label: string, list: { hint: string; id?: string }) => (
    <div class="field">
      <label for={`option-${name}`}>{label}</label>
      <input
        class="input mono"
        id={`option-${name}`}
        name={name}
        value={typed[name] ?? ""}
        list={list.id}
        maxlength={2000}
        placeholder={list.hint}
        spellcheck={false}
      />
    </div>
  );
  const nodes = { id: "option-nodes", hint: start.breakNodeHint };
  const titles = new Map(
    offer.workflows.flatMap((workflow) => workflow.nodes.map(({ id, title }) => [id, title])),
  );
  return (
    <div class="stack-tight">
      <div class="option-grid">
        {way !== "chat" && field("beforeNodes", start.breakBefore, nodes)}
        {way !== "chat" && field("afterNodes", start.breakAfter, nodes)}
        {field("onTools", start.breakTools, { hint: start.breakToolHint })}
      </div>
      <p class="hint">{start.breakHint}</p>
      <datalist id={nodes.id}>
        {[...titles].map(([id, title]) => <option value={id}>{title}</option>)}
      </datalist>
    </div>
  );
}
