// The static files as text inside the program: name → content. A file of the browser is one line
// here; the bundler writes its text into a chunk that only the server loads.
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" };
import htmxSse from "htmx.org/dist/ext/hx-sse.min.js" with { type: "text" };
import appCss from "../../views/static/app.css" with { type: "text" };
import iconSvg from "../../views/static/icon.svg" with { type: "text" };
import runCss from "../../views/static/run.css" with { type: "text" };
import runJs from "../../views/static/run.js" with { type: "text" };
import pagesCss from "../../views/static/pages.css" with { type: "text" };
import pageJs from "../../views/static/page.js" with { type: "text" };

/** Every static file by the name that stands behind `/static/<hash>/`. */
export const ASSET_FILES: Readonly<Record<string, string>> = {
  "app.css": appCss + pagesCss + runCss,
  "icon.svg": iconSvg,
  "page.js": pageJs,
  "run.js": runJs,
  // In one file: htmx looks at the page as soon as it is there, and would not see the streams in it if
  // its extension came a moment later.
  "htmx.js": `${htmx}\n${htmxSse}`,
};
