// The tool policy: what is usual, a person's rules, what was allowed for good.
import type { Frame } from "../frame.ts";
import { ActionButton, LinesInput, TextInput, type TypedForm } from "./fields.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

type Action = "allow" | "ask" | "deny";

/** A rule in the list. */
export interface RuleRow {
  readonly ruleId: string;
  readonly action: Action;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** A consent in the list. */
export interface ConsentRow {
  readonly consentId: string;
  readonly packageHash: string;
  readonly packageName: string | null;
  readonly agentId: string;
  readonly tool: string;
  readonly path: string | null;
}

/** The page of the policy. */
export interface PolicyPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly rules: readonly RuleRow[];
  readonly always: readonly ConsentRow[];
  /** Names of tools to choose from. */
  readonly tools: readonly string[];
  readonly form: TypedForm;
}

/** The policy. */
export function PolicyPage(props: PolicyPageProps) {
  const { frame, rules, always, tools, form, ...outcome } = props;
  const { policy } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="policy"
      title={policy.title}
      lead={policy.lead}
      {...outcome}
    >
      <section class="panel">
        <div class="panel-head">
          <h2>{policy.rulesTitle}</h2>
        </div>
        <div class="panel-body stack">
          <p class="muted">{policy.rulesLead}</p>
          {rules.length === 0 && <p>{policy.noRules}</p>}
        </div>
        {rules.length > 0 && <Rules frame={frame} rules={rules} />}
      </section>
      <Usual frame={frame} />
      <AddRule frame={frame} tools={tools} form={form} />
      <section class="panel">
        <div class="panel-head">
          <h2>{policy.alwaysTitle}</h2>
        </div>
        <div class="panel-body stack">
          <p class="muted">{policy.alwaysLead}</p>
          {always.length === 0 && <p>{policy.noAlways}</p>}
        </div>
        {always.length > 0 && <Consents frame={frame} always={always} />}
      </section>
    </SettingsFrame>
  );
}

function Usual({ frame }: { frame: Frame }) {
  const { policy } = frame.texts;
  const lines = [policy.usualRead, policy.usualWrite, policy.usualMcp, policy.usualTerminal];
  return (
    <section class="panel">
      <div class="panel-head">
        <h2>{policy.usualTitle}</h2>
      </div>
      <ul class="panel-body">
        <li>
          <ul class="plain-list">{lines.map((line) => <li>{line}</li>)}</ul>
        </li>
      </ul>
    </section>
  );
}

const MARKS: Readonly<Record<Action, string>> = {
  allow: "badge ok",
  ask: "badge warning",
  deny: "badge error",
};

function Rules({ frame, rules }: { frame: Frame; rules: readonly RuleRow[] }) {
  const { policy } = frame.texts;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{policy.columnOrder}</th>
            <th scope="col">{policy.columnTool}</th>
            <th scope="col">{policy.columnArguments}</th>
            <th scope="col">{policy.columnAction}</th>
            <th scope="col">{policy.columnFor}</th>
            <th scope="col">
              <span class="visually-hidden">{policy.columnActions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, index) => <RuleLine frame={frame} rule={rule} index={index} />)}
        </tbody>
      </table>
    </div>
  );
}

function RuleLine({ frame, rule, index }: { frame: Frame; rule: RuleRow; index: number }) {
  const { policy } = frame.texts;
  const { ruleId, action, tool } = rule;
  const patterns = Object.entries(rule.arguments).map(([name, value]) => `${name}=${value}`);
  const words = [policy[action], tool, ...patterns].join(" ");
  return (
    <tr>
      <td class="numeric">{index + 1}</td>
      <td class="cell-main">
        <code>{tool}</code>
      </td>
      <td class="cell-main">
        {patterns.length === 0
          ? <span class="muted">{policy.anyArguments}</span>
          : patterns.map((pattern) => <code class="small">{pattern}</code>)}
      </td>
      <td>
        <span class={MARKS[action]}>{policy[action]}</span>
      </td>
      <td class="muted">{policy.everyRun}</td>
      <td class="actions">
        {index > 0 && (
          <ActionButton
            frame={frame}
            action="/settings/policy/rules/raise"
            label={policy.raise}
            fullLabel={policy.raiseRule(words)}
            fields={{ ruleId }}
            kind="quiet"
            isSmall
          />
        )}
        <ActionButton
          frame={frame}
          action="/settings/policy/rules/remove"
          label={policy.remove}
          fullLabel={policy.removeRule(words)}
          fields={{ ruleId }}
          kind="danger"
          isSmall
        />
      </td>
    </tr>
  );
}

function Consents({ frame, always }: { frame: Frame; always: readonly ConsentRow[] }) {
  const { policy } = frame.texts;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{policy.columnTool}</th>
            <th scope="col">{policy.columnFor}</th>
            <th scope="col">
              <span class="visually-hidden">{policy.columnActions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {always.map(({ consentId, packageHash, packageName, agentId, tool, path }) => (
            <tr>
              <td class="cell-main">
                <code>{tool}</code>
                {path !== null && <code class="small">{path}</code>}
              </td>
              <td class="cell-main">
                {packageName ?? policy.packageUnknown(packageHash.slice(0, 12))}
                <span class="small muted">
                  {agentId === "" ? policy.noAgent : policy.agent(agentId)}
                </span>
              </td>
              <td class="actions">
                <ActionButton
                  frame={frame}
                  action="/settings/policy/consents/withdraw"
                  label={policy.withdraw}
                  fullLabel={policy.withdrawConsent(`${tool} ${path ?? ""}`.trim())}
                  fields={{ consentId }}
                  kind="danger"
                  isSmall
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AddRule(
  { frame, tools, form }: { frame: Frame; tools: readonly string[]; form: TypedForm },
) {
  const { policy } = frame.texts;
  const actions: readonly Action[] = ["allow", "ask", "deny"];
  return (
    <section class="panel" id="add">
      <div class="panel-head">
        <h2>{policy.addTitle}</h2>
      </div>
      <form class="panel-body stack form-wide" method="post" action="/settings/policy/rules">
        <Csrf frame={frame} />
        <TextInput
          form={form}
          name="tool"
          label={policy.addTool}
          hint={policy.addToolHint}
          list="tools"
          isRequired
          isMono
        />
        <datalist id="tools">{tools.map((tool) => <option value={tool}></option>)}</datalist>
        <LinesInput
          form={form}
          name="arguments"
          label={policy.addArguments}
          hint={policy.addArgumentsHint}
          rows={2}
        />
        <div class="field">
          <label for="action">{policy.addAction}</label>
          <select class="select" id="action" name="action">
            {actions.map((action) => (
              <option value={action} selected={(form.values.action ?? "ask") === action}>
                {policy[action]}
              </option>
            ))}
          </select>
        </div>
        <div>
          <button class="button primary" type="submit">{policy.add}</button>
        </div>
      </form>
    </section>
  );
}
