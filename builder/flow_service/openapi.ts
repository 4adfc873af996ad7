// The route table as OpenAPI 3.1. The schemas of bodies are the very ones that check requests. Pure.
import { ERROR_CODES } from "../../schemas/error.ts";
import type { ServiceRoute } from "./service_route.ts";

const REASONS: Readonly<Record<number, string>> = {
  400: "The request breaks a rule",
  401: "The token is missing or wrong",
  403: "Host or origin is not allowed",
  404: "There is no such thing",
  409: "The story is being run already",
  412: "The document is not the one you saw",
  413: "The body is too large",
  422: "The sources of the flow are not sound",
  503: "A backend does not answer",
};

const FAILURE = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: { type: "string", enum: Object.keys(ERROR_CODES) },
        message: { type: "string" },
        details: { type: "object" },
      },
      required: ["code", "message", "details"],
    },
  },
  required: ["error"],
};

/** The description of the service as `/openapi.json` answers it. */
export function openApi(routes: readonly ServiceRoute[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([a-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "CrewAgent flows", version },
    paths,
    components: {
      schemas: { Failure: FAILURE },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function operation(route: ServiceRoute) {
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${
      route.path.replace(/[/:]+(\w)/g, (_, letter: string) => letter.toUpperCase())
    }`,
    security: route.isOpen ? [] : [{ token: [] }],
    parameters: parametersOf(route),
    ...(route.body !== undefined && { requestBody: requestBody(route) }),
    responses: responsesOf(route),
  };
}

function parametersOf({ path, query = {} }: ServiceRoute) {
  const inPath = [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: "query",
    description,
    schema: { type: "string" },
  }));
  return [...inPath, ...inQuery];
}

function requestBody({ body, bodyTypes = [] }: ServiceRoute) {
  const others = bodyTypes.map((type) => [type, { schema: { type: "string" } }]);
  const content = { "application/json": { schema: body }, ...Object.fromEntries(others) };
  return { required: true, content };
}

function responsesOf({ answers = ["application/json"], failures = [], isOpen }: ServiceRoute) {
  const content = Object.fromEntries(answers.map((type) => [type, {}]));
  const failure = { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } };
  const statuses = [400, ...(isOpen ? [] : [401]), 403, ...failures].sort();
  return {
    200: { description: "Done", content },
    ...Object.fromEntries(
      statuses.map((status) => [status, { description: REASONS[status] ?? "", content: failure }]),
    ),
  };
}
