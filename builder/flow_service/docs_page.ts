// `/docs`: the route table as a page, without any script and without anything from elsewhere.
import { html, raw } from "hono/html";
import type { ServiceRoute } from "./service_route.ts";

/** The style of the page; its own file, since the policy allows no inline style. */
export const DOCS_STYLE = `:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 32px auto; padding: 0 16px; }
section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 16px 0; }
h2 { font-size: 16px; margin: 0 0 4px; }
h2 b { display: inline-block; min-width: 64px; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 12px; background: color-mix(in srgb, currentColor 6%, transparent); }
p { margin: 4px 0; }
`;

/** The page for people. Everything in it is escaped. */
export async function docsPage(
  routes: readonly ServiceRoute[],
  version: string,
): Promise<string> {
  const page = await html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Flow service</title>
        <link rel="stylesheet" href="/docs.css">
      </head>
      <body>
        <main>
          <h1>Flow service</h1>
          <p>Version ${version}. The same for programs: <a href="/openapi.json">openapi.json</a>.</p>
          ${await Promise.all(routes.map(routeSection))}
        </main>
      </body>
    </html>
  `;
  return page.toString();
}

function routeSection({ method, path, summary, body, query = {} }: ServiceRoute) {
  const parameters = Object.entries(query);
  return html`
    <section>
      <h2><b>${method}</b> <code>${path.replace(/:([a-z]+)/g, "{$1}")}</code></h2>
      <p>${summary}</p>
      ${parameters.map(([name, text]) =>
        html`
          <p><code>?${name}=</code> ${text}</p>
        `
      )} ${body === undefined ? raw("") : html`
        <pre>${JSON.stringify(body, null, 2)}</pre>
      `}
    </section>
  `;
}
