// The routes that describe the service: for programs and for people.
import { DOCS_STYLE, docsPage } from "./docs_page.ts";
import { openApi } from "./openapi.ts";
import type { ServiceRoute } from "./service_route.ts";

/** `/openapi.json` and `/docs` for these routes and themselves. */
export function describeRoutes(routes: readonly ServiceRoute[]): readonly ServiceRoute[] {
  const own: readonly ServiceRoute[] = [
    {
      method: "GET",
      path: "/openapi.json",
      summary: "This description, as OpenAPI 3.1",
      handler: (c) => Response.json(openApi(all, c.var.parts.version)),
    },
    {
      method: "GET",
      path: "/docs",
      summary: "This description, as a page",
      answers: ["text/html"],
      handler: async (c) => textResponse(await docsPage(all, c.var.parts.version), "text/html"),
    },
    {
      method: "GET",
      path: "/docs.css",
      summary: "The style of that page",
      answers: ["text/css"],
      handler: () => textResponse(DOCS_STYLE, "text/css"),
    },
  ];
  const all = [...routes, ...own];
  return own;
}

function textResponse(text: string, type: string): Response {
  return new Response(text, { headers: { "content-type": `${type}; charset=utf-8` } });
}
