// From a line of the API's table to a route. Not here: who may call (`http/api_access.ts`) and what the
// request has to be (`api_request.ts`, loaded with the first one: it brings the schema compiler).
import type { Route } from "../http/route.ts";
import { type Operation, pathParameters } from "./operation.ts";

/** Where the API begins. */
export const API_ROOT = "/api/v1";

/** The route of an operation. */
export function apiRoute(operation: Operation): Route {
  const { method, path, access, handler, bodyBytes } = operation;
  const names = pathParameters(operation);
  return {
    method,
    path: API_ROOT + path.replace("{path}", ":path{.+}").replace(/\{([A-Za-z]+)\}/g, ":$1"),
    access,
    ...(bodyBytes !== undefined && { bodyBytes }),
    handler: async (c) => {
      const { readRequest } = await import("./api_request.ts");
      return await handler(c, await readRequest(c, operation, names));
    },
  };
}
