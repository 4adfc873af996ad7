// The frame round every page: head, navigation, breadcrumb, notices. Not here: what stands inside.
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import type { Texts } from "./text/texts.ts";

/** A step of the breadcrumb; the last one is the page itself and needs no `href`. */
export interface Crumb {
  readonly label: string;
  readonly href?: string;
}

/** What a page says about itself. */
export interface PageProps {
  readonly frame: Frame;
  /** Plain text; the product's name is added. */
  readonly title: string;
  /** Which entry of the main navigation is current. */
  readonly active?: "packages" | "projects" | "runs" | "inbox" | "settings";
  readonly crumbs?: readonly Crumb[];
  /** Names of browser modules such as `editor/main.js`, loaded besides htmx. */
  readonly scripts?: readonly string[];
  /** Names of style sheets such as `editor.css`, loaded after the one of all pages. */
  readonly styles?: readonly string[];
  /**
   * `document` scrolls and has margins; `workspace` fills the window below the top bar, and its
   * content (one `<div>`) scrolls inside; `plain` is one narrow column without navigation.
   */
  readonly shape?: "document" | "workspace" | "plain";
  readonly children?: Child;
}

/** A whole HTML document. */
export function Page(props: PageProps) {
  const { frame, title, scripts = [], styles = [], shape = "document", children } = props;
  const { texts } = frame;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={texts.language} data-theme={frame.theme}>
        <head>
          <meta charset="utf-8" />
          <title>{texts.layout.title(title)}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="csrf" content={frame.csrfToken} />
          <meta name="htmx-config" content='{"includeIndicatorCSS":false,"extensions":"sse"}' />
          <link rel="icon" href={frame.assetUrl("icon.svg")} type="image/svg+xml" />
          <link rel="stylesheet" href={frame.assetUrl("app.css")} />
          {styles.map((name) => <link rel="stylesheet" href={frame.assetUrl(name)} />)}
          <script src={frame.assetUrl("htmx.js")} defer></script>
          <script src={frame.assetUrl("page.js")} type="module"></script>
          {frame.user && <script src={frame.assetUrl("inbox.js")} type="module"></script>}
          {scripts.map((name) => <script src={frame.assetUrl(name)} type="module"></script>)}
        </head>
        <body
          class={`shape-${shape}`}
          hx-headers:inherited={JSON.stringify({ "X-CSRF-Token": frame.csrfToken })}
        >
          <a class="skip" href="#content">{texts.layout.skip}</a>
          {shape === "plain" ? "" : <TopBar {...props} />}
          <main id="content" tabindex={-1}>{children}</main>
          <div id="toasts" class="toasts" role="status" aria-live="polite"></div>
        </body>
      </html>
    </>
  );
}

function TopBar({ frame, active, crumbs = [] }: PageProps) {
  const { texts, user } = frame;
  return (
    <header class="topbar">
      <a class="brand" href="/packages" aria-label={texts.layout.product}>
        <Icon name="brand" />
        <span>{texts.layout.product}</span>
      </a>
      {user && (
        <nav class="topnav" aria-label={texts.layout.mainNavigation}>
          <NavLink href="/packages" isCurrent={active === "packages"}>
            {texts.layout.packages}
          </NavLink>
          <NavLink href="/projects" isCurrent={active === "projects"}>
            {texts.layout.projects}
          </NavLink>
          <NavLink href="/runs" isCurrent={active === "runs"}>{texts.layout.runs}</NavLink>
          <NavLink href="/inbox" isCurrent={active === "inbox"}>
            {texts.layout.inbox}
            <span id="inbox-count" class="nav-count numeric" hidden></span>
          </NavLink>
          <NavLink href="/settings" isCurrent={active === "settings"}>
            {texts.layout.settings}
          </NavLink>
        </nav>
      )}
      <Crumbs crumbs={crumbs} texts={texts} />
      {user && <Account frame={frame} />}
    </header>
  );
}

function NavLink(props: { href: string; isCurrent: boolean; children?: Child }) {
  return (
    <a href={props.href} aria-current={props.isCurrent ? "true" : undefined}>{props.children}</a>
  );
}

function Crumbs({ crumbs, texts }: { crumbs: readonly Crumb[]; texts: Texts }) {
  if (crumbs.length === 0) return <div class="crumbs"></div>;
  return (
    <nav class="crumbs" aria-label={texts.layout.breadcrumb}>
      <ol>
        {crumbs.map(({ label, href }) => (
          <li>{href ? <a href={href}>{label}</a> : <span aria-current="page">{label}</span>}</li>
        ))}
      </ol>
    </nav>
  );
}

function Account({ frame }: { frame: Frame }) {
  const { texts, user, csrfToken } = frame;
  return (
    <form class="account" method="post" action="/logout">
      <input type="hidden" name="csrf" value={csrfToken} />
      <span class="account-name" title={texts.layout.signedInAs(user?.username ?? "")}>
        <Icon name="user" />
        {user?.username}
      </span>
      <button class="button quiet icon-only" type="submit" title={texts.layout.signOut}>
        <Icon name="leave" label={texts.layout.signOut} />
      </button>
    </form>
  );
}
