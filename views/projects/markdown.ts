// Markdown as HTML. The only importer of markdown-it. What comes out is built from the parser's tokens
// alone: HTML in the text is shown as text, links lead only to the web, to mail or into the project, and
// no picture is fetched from elsewhere.
import MarkdownIt from "markdown-it";

/** Where a text stands, for what it links to. */
export interface MarkdownPlace {
  /** The address of a file of the project; `undefined` for one that leads out of it. */
  readonly linkTo: (path: string) => string | undefined;
  /** The address of a picture of the project; `undefined` for what is no picture. */
  readonly imageFrom: (path: string) => string | undefined;
  /** Words for a picture that is not shown. */
  readonly pictureText: (alt: string) => string;
}

/** HTML that holds no script, no markup of the text itself and no address but those allowed. */
export function markdownHtml(text: string, place: MarkdownPlace): string {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  // All addresses are let through here; which of them become links is decided below.
  markdown.validateLink = () => true;
  const { rules } = markdown.renderer;
  const escape = markdown.utils.escapeHtml;
  const open: boolean[] = [];
  rules.link_open = (tokens, at) => {
    const href = hrefOf(String(tokens[at]?.attrGet("href") ?? ""), place);
    open.push(href !== undefined);
    if (href === undefined) return "<span>";
    return `<a href="${escape(href)}" rel="noopener noreferrer nofollow">`;
  };
  rules.link_close = () => open.pop() ? "</a>" : "</span>";
  rules.image = (tokens, at) => {
    const alt = tokens[at]?.content ?? "";
    const src = pathOf(String(tokens[at]?.attrGet("src") ?? ""));
    const from = src === undefined ? undefined : place.imageFrom(src);
    if (from !== undefined) return `<img src="${escape(from)}" alt="${escape(alt)}">`;
    return `<span class="muted">${escape(place.pictureText(alt))}</span>`;
  };
  // The class would be one of ours, and styles in a table would be inline ones.
  rules.fence = rules.code_block = (tokens, at) =>
    `<pre class="code-block" tabindex="0"><code>${
      escape(tokens[at]?.content ?? "")
    }</code></pre>\n`;
  rules.table_open = () =>
    '<div class="table-scroll" tabindex="0" role="group"><table class="table">';
  rules.table_close = () => "</table></div>";
  rules.th_open = () => "<th>";
  rules.td_open = () => "<td>";
  // Headings begin below the one of the page.
  rules.heading_open = (tokens, at) => `<${lower(tokens[at]?.tag)}>`;
  rules.heading_close = (tokens, at) => `</${lower(tokens[at]?.tag)}>`;
  return markdown.render(text);
}

function lower(tag = "h6"): string {
  return `h${Math.min(6, Number(tag.slice(1)) + 1)}`;
}

function hrefOf(address: string, { linkTo }: MarkdownPlace): string | undefined {
  if (/^(https?:\/\/|mailto:)[^\s]/i.test(address)) return address;
  const path = pathOf(address);
  return path === undefined ? undefined : linkTo(path);
}

/** The path of an address that names no scheme, no host and no part of a page. */
function pathOf(address: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || /^[/\\]{2}|[\x00-\x1f]/.test(address)) {
    return undefined;
  }
  const [coded = ""] = address.split(/[?#]/, 1);
  if (coded === "") return undefined;
  try {
    return decodeURIComponent(coded);
  } catch {
    return undefined;
  }
}
