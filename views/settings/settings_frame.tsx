// The frame round every page of the settings: side navigation, heading, what a change came to.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { type Crumb, Page } from "../layout.tsx";

/** The pages of the settings, in the order of the navigation. */
export type Section =
  | "self"
  | "tokens"
  | "profiles"
  | "mcp"
  | "policy"
  | "limits"
  | "data"
  | "accounts";

/** What the change that was just asked for came to. */
export interface OutcomeProps {
  readonly fault?: string;
  readonly done?: string;
}

/** A page of the settings. */
export interface SettingsFrameProps extends OutcomeProps {
  readonly frame: Frame;
  readonly section: Section;
  readonly title: string;
  readonly lead?: string;
  /** Above a page that stands below one of the navigation. */
  readonly crumbs?: readonly Crumb[];
  readonly children?: Child;
}

/** A page of the settings; the owner's pages are in the navigation of the owner only. */
export function SettingsFrame(props: SettingsFrameProps) {
  const { frame, section, title, lead, crumbs = [], fault, done, children } = props;
  const { layout, account, token, profile, mcp, policy, limit, data } = frame.texts;
  const link = (href: string, name: Section, label: string) => (
    <a href={href} aria-current={section === name ? "page" : undefined}>{label}</a>
  );
  return (
    <Page
      frame={frame}
      title={title}
      active="settings"
      crumbs={crumbs}
      styles={["settings.css"]}
    >
      <div class="settings">
        <nav class="side-nav" aria-label={layout.settingsNavigation}>
          {link("/settings", "self", account.selfTitle)}
          {link("/settings/tokens", "tokens", token.title)}
          {frame.user?.isOwner && (
            <>
              {link("/settings/profiles", "profiles", profile.title)}
              {link("/settings/mcp", "mcp", mcp.title)}
              {link("/settings/policy", "policy", policy.title)}
              {link("/settings/limits", "limits", limit.title)}
              {link("/settings/data", "data", data.title)}
              {link("/settings/accounts", "accounts", account.title)}
            </>
          )}
          <a href="/api/v1/docs">{frame.texts.apiDocs.title}</a>
        </nav>
        <div class="stack">
          <header class="stack-tight">
            <h1>{title}</h1>
            {lead && <p class="lead">{lead}</p>}
          </header>
          {fault !== undefined && <Notice kind="error" text={fault} />}
          {done !== undefined && <Notice kind="ok" text={done} />}
          {children}
        </div>
      </div>
    </Page>
  );
}

/** A sentence about what was just done, or why it was not. */
export function Notice({ kind, text }: { kind: "error" | "ok"; text: string }) {
  return (
    <p class={`notice ${kind}`} role={kind === "error" ? "alert" : "status"}>
      <Icon name={kind === "ok" ? "check" : "error"} />
      <span>{text}</span>
    </p>
  );
}

/** The hidden field that every form needs. */
export function Csrf({ frame }: { frame: Frame }) {
  return <input type="hidden" name="csrf" value={frame.csrfToken} />;
}
