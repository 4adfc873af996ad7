// The MCP servers: the list, what protects on this machine, pasting JSON.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { ActionButton, CheckInput, LinesInput, type TypedForm } from "./fields.tsx";
import { Csrf, type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** A server in the list. */
export interface McpRow {
  readonly serverId: string;
  readonly isEnabled: boolean;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly sandbox: "auto" | "on" | "off";
  readonly hasNetwork: boolean;
  /** Why it cannot start; `null` if nothing speaks against it. */
  readonly fault: string | null;
  /** Of its last test since the server started: its tools, `null` if it failed. */
  readonly toolCount?: number | null;
}

/** What protects on this machine. */
export interface ProtectionProps {
  readonly kind: string;
  readonly description: string;
  readonly advice: string | null;
}

/** The page of the servers. */
export interface McpPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly servers: readonly McpRow[];
  readonly protection: ProtectionProps;
  /** What was pasted, if it was refused. */
  readonly pasted?: TypedForm;
  /** What is wrong with it. */
  readonly pasteFaults?: readonly string[];
}

/** The address of a server's page. */
export function serverPath(serverId: string): string {
  return `/settings/mcp/servers/${encodeURIComponent(serverId)}`;
}

/** All servers. */
export function McpPage(props: McpPageProps) {
  const { frame, servers, protection, pasted, pasteFaults, ...outcome } = props;
  const { mcp } = frame.texts;
  return (
    <SettingsFrame frame={frame} section="mcp" title={mcp.title} lead={mcp.lead} {...outcome}>
      <Protection frame={frame} protection={protection} />
      {servers.length === 0 ? <Empty frame={frame} /> : (
        <section class="panel table-scroll">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{mcp.columnName}</th>
                <th scope="col">{mcp.columnCommand}</th>
                <th scope="col">{mcp.columnStatus}</th>
                <th scope="col">
                  <span class="visually-hidden">{mcp.columnActions}</span>
                </th>
              </tr>
            </thead>
            <tbody>{servers.map((row) => <ServerLine frame={frame} row={row} />)}</tbody>
          </table>
        </section>
      )}
      {servers.length > 0 && <AddLink frame={frame} />}
      <PasteForm frame={frame} pasted={pasted} faults={pasteFaults} />
      <p class="muted">{mcp.safe}</p>
    </SettingsFrame>
  );
}

function AddLink({ frame }: { frame: Frame }) {
  return (
    <div>
      <a class="button primary" href="/settings/mcp/new">
        <Icon name="plus" />
        {frame.texts.mcp.add}
      </a>
    </div>
  );
}

function Empty({ frame }: { frame: Frame }) {
  const { mcp } = frame.texts;
  return (
    <section class="panel empty">
      <Icon name="link" />
      <strong>{mcp.emptyTitle}</strong>
      <p>{mcp.empty}</p>
      <AddLink frame={frame} />
    </section>
  );
}

/** Which sandbox this machine has, and what to do about it. */
export function Protection(
  { frame, protection: { kind, description, advice } }: {
    frame: Frame;
    protection: ProtectionProps;
  },
) {
  const isBare = kind === "none";
  return (
    <div class={`notice ${isBare ? "warning" : "ok"}`}>
      <Icon name={isBare ? "warning" : "check"} />
      <div class="stack-tight">
        <strong>{frame.texts.mcp.protectionTitle}</strong>
        <span>{description}.</span>
        {advice !== null && <span>{advice}</span>}
      </div>
    </div>
  );
}

function ServerLine({ frame, row }: { frame: Frame; row: McpRow }) {
  const { mcp } = frame.texts;
  const { serverId, isEnabled, command, args, env, fault } = row;
  const path = serverPath(serverId);
  return (
    <tr>
      <td class="cell-main">
        <a class="strong-link" href={path}>{serverId}</a>
      </td>
      <td class="cell-main">
        <code class="command">{[command, ...args].join(" ")}</code>
        {env.length > 0 && <span class="small muted">{env.join(", ")}</span>}
      </td>
      <td>
        <span class="row">
          <Status frame={frame} row={row} />
        </span>
        {fault !== null && <span class="small muted">{fault}</span>}
      </td>
      <td class="actions">
        {isEnabled
          ? (
            <ActionButton
              frame={frame}
              action={`${path}/disable`}
              label={mcp.disable}
              fullLabel={mcp.disableNamed(serverId)}
              kind="quiet"
              isSmall
            />
          )
          : (
            <ActionButton
              frame={frame}
              action={`${path}/enable`}
              label={mcp.enable}
              fullLabel={mcp.enableNamed(serverId)}
              kind="quiet"
              isSmall
            />
          )}
      </td>
    </tr>
  );
}

function Status({ frame, row }: { frame: Frame; row: McpRow }) {
  const { mcp } = frame.texts;
  const { isEnabled, fault, sandbox, hasNetwork, toolCount } = row;
  return (
    <>
      <span class={isEnabled ? "badge accent" : "badge"}>
        {isEnabled ? mcp.enabled : mcp.disabled}
      </span>
      {fault !== null && <span class="badge error">{mcp.cannotStart}</span>}
      {toolCount === null && <span class="badge error">{mcp.fails}</span>}
      {typeof toolCount === "number" && <span class="badge ok">{mcp.works(toolCount)}</span>}
      {sandbox === "off" && <span class="badge warning">{mcp.noSandbox}</span>}
      {sandbox === "on" && <span class="badge">{mcp.onlySandbox}</span>}
      {!hasNetwork && <span class="badge">{mcp.noNetwork}</span>}
    </>
  );
}

function PasteForm(
  { frame, pasted = { values: {}, faults: {} }, faults = [] }: {
    frame: Frame;
    pasted: TypedForm | undefined;
    faults: readonly string[] | undefined;
  },
) {
  const { mcp } = frame.texts;
  return (
    <section class="panel" id="paste">
      <div class="panel-head">
        <h2>{mcp.pasteTitle}</h2>
      </div>
      <form class="panel-body stack" method="post" action="/settings/mcp/import">
        <Csrf frame={frame} />
        {faults.length > 0 && (
          <div class="notice error" role="alert">
            <Icon name="error" />
            <div>
              <strong>{mcp.pasteFaults}</strong>
              <ul class="plain-list">{faults.map((fault) => <li>{fault}</li>)}</ul>
            </div>
          </div>
        )}
        <LinesInput
          form={pasted}
          name="json"
          label={mcp.pasteField}
          hint={mcp.pasteLead}
          placeholder='{"mcpServers": {"files": {"command": "npx", "args": ["-y", "…"]}}}'
          rows={6}
        />
        <CheckInput form={pasted} name="replace" label={mcp.pasteReplace} />
        <div>
          <button class="button" type="submit">{mcp.paste}</button>
        </div>
      </form>
    </section>
  );
}
