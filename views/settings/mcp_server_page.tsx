// The pages of one MCP server: new, or known with its test.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { ActionButton } from "./fields.tsx";
import { McpForm, type McpFormProps } from "./mcp_form.tsx";
import { serverPath } from "./mcp_page.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** What a test showed. */
export interface McpTrialResult {
  readonly isGood: boolean;
  readonly sandbox: string;
  readonly hasNetwork: boolean;
  readonly durationMs: number;
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  readonly failure: string | null;
  readonly stderr: string;
  readonly skippedLines: number;
}

/** A test as it stands. */
export interface McpTrialProps {
  readonly frame: Frame;
  readonly serverId: string;
  readonly state: "none" | "running" | "done" | "stopped" | "failed";
  readonly result: McpTrialResult | null;
  /** Why there is no result. */
  readonly failure: string | null;
  /** Folders that runs worked on last. */
  readonly projects: readonly string[];
}

/** A new server. */
export function NewMcpPage({ frame, edit, ...outcome }: OutcomeProps & {
  readonly frame: Frame;
  readonly edit: McpFormProps;
}) {
  const { mcp } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="mcp"
      title={mcp.addTitle}
      lead={mcp.safe}
      crumbs={[{ label: mcp.title, href: "/settings/mcp" }, { label: mcp.addTitle }]}
      {...outcome}
    >
      <section class="panel">
        <McpForm {...edit} />
      </section>
    </SettingsFrame>
  );
}

/** A server: its test, its settings. */
export function McpServerPage({ frame, edit, trial, ...outcome }: OutcomeProps & {
  readonly frame: Frame;
  readonly edit: McpFormProps;
  readonly trial: McpTrialProps;
}) {
  const { mcp } = frame.texts;
  const { serverId } = trial;
  return (
    <SettingsFrame
      frame={frame}
      section="mcp"
      title={serverId}
      crumbs={[{ label: mcp.title, href: "/settings/mcp" }, { label: serverId }]}
      {...outcome}
    >
      <McpTrial {...trial} />
      <section class="panel">
        <div class="panel-head">
          <h2>{mcp.edit}</h2>
          <ActionButton
            frame={frame}
            action={`${serverPath(serverId)}/remove`}
            label={mcp.remove}
            fullLabel={mcp.removeNamed(serverId)}
            kind="danger"
            isSmall
          />
        </div>
        <McpForm {...edit} />
      </section>
    </SettingsFrame>
  );
}

/** The test of a server; asks for itself again while one is running. */
export function McpTrial(props: McpTrialProps) {
  const { frame, serverId, state, result, failure } = props;
  const { mcp } = frame.texts;
  const path = `${serverPath(serverId)}/test`;
  const isRunning = state === "running";
  const poll = isRunning
    ? { "hx-get": path, "hx-trigger": "every 1s", "hx-swap": "outerHTML" }
    : {};
  return (
    <section class="panel" id="trial" data-state={state} {...poll}>
      <div class="panel-head">
        <h2>{mcp.testTitle}</h2>
        {isRunning && (
          <ActionButton
            frame={frame}
            action={`${path}/stop`}
            label={mcp.testStop}
            isSmall
            replaces="trial"
          />
        )}
      </div>
      <div class="panel-body stack">
        {!isRunning && <TrialForm {...props} />}
        <div role="status" class="stack">
          {isRunning && <p>{mcp.testRunning}</p>}
          {state === "stopped" && <p class="muted">{mcp.testStopped}</p>}
          {failure !== null && <p class="notice error">{failure}</p>}
          {result && <Result frame={frame} result={result} />}
        </div>
      </div>
    </section>
  );
}

function TrialForm({ frame, serverId, state, projects }: McpTrialProps) {
  const { mcp } = frame.texts;
  const action = `${serverPath(serverId)}/test`;
  return (
    <form
      class="stack form-wide"
      method="post"
      action={action}
      hx-post={action}
      hx-target="#trial"
      hx-swap="outerHTML"
    >
      <Csrf frame={frame} />
      <p class="muted">{mcp.testLead}</p>
      <div class="field">
        <label for="project">{mcp.project}</label>
        <div class="with-button">
          <input
            class="input mono"
            id="project"
            name="project"
            list="projects"
            autocomplete="off"
            spellcheck={false}
            maxlength={4096}
          />
          <button class="button primary" type="submit">
            {state === "none" ? mcp.test : mcp.testAgain}
          </button>
        </div>
        <datalist id="projects">
          {projects.map((path) => <option value={path}></option>)}
        </datalist>
      </div>
    </form>
  );
}

function Result({ frame, result }: { frame: Frame; result: McpTrialResult }) {
  const { mcp } = frame.texts;
  const { isGood, sandbox, hasNetwork, durationMs, tools, failure, stderr, skippedLines } = result;
  const wall = sandbox === "none"
    ? mcp.wallNone
    : hasNetwork
    ? mcp.wallSandbox(sandbox)
    : mcp.wallNoNetwork(sandbox);
  return (
    <>
      <div class={`notice ${isGood ? "ok" : "error"}`}>
        <Icon name={isGood ? "check" : "error"} />
        <div>
          {isGood
            ? mcp.testGood(tools.length, (durationMs / 1000).toFixed(1))
            : `${mcp.testBad} ${failure ?? ""}`} {wall}
        </div>
      </div>
      {skippedLines > 0 && <p class="muted">{mcp.skippedLines(skippedLines)}</p>}
      {tools.length > 0 && <Tools frame={frame} tools={tools} />}
      {stderr.trim() !== "" && (
        <details class="more" open={!isGood}>
          <summary>{mcp.stderrTitle}</summary>
          <pre class="stderr" tabindex={0} aria-label={mcp.stderrTitle}>{stderr}</pre>
        </details>
      )}
    </>
  );
}

function Tools({ frame, tools }: { frame: Frame; tools: McpTrialResult["tools"] }) {
  const { mcp } = frame.texts;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{mcp.columnTool}</th>
            <th scope="col">{mcp.columnDescription}</th>
          </tr>
        </thead>
        <tbody>
          {tools.map(({ name, description }) => (
            <tr>
              <td>
                <code>{name}</code>
              </td>
              <td class="cell-main">{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
