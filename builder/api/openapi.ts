// `openapi.json` (OpenAPI 3.1), from the table and the schemas that requests are checked by.
import { ERROR_CODES, type ErrorCode } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { PARAMETER } from "./api_request.ts";
import { API_ROOT } from "./api_route.ts";
import { COMPONENTS } from "./components.ts";
import { count, type JsonSchema, record, ref, text } from "./json_schema.ts";
import { type Answer, type Operation, operationErrors, pathParameters } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";

/** A JSON object of the document. */
type Part = Readonly<Record<string, unknown>>;

/** `GET /openapi.json`. */
export function showOpenApi(_c: AppContext): Response {
  return new Response(JSON.stringify(openApiDocument()), {
    headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache" },
  });
}

/** The whole document; made anew each time. */
export function openApiDocument(): Part {
  const paths = new Map<string, Record<string, unknown>>();
  for (const operation of OPERATIONS) {
    const methods = paths.get(operation.path) ?? {};
    paths.set(operation.path, methods);
    methods[operation.method.toLowerCase()] = operationPart(operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "CrewAgent",
      version: "1.0.0",
      description: "Packages of agent workflows: make, edit, check, import and export them.",
    },
    servers: [{ url: API_ROOT }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: COMPONENTS,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A JWT of /auth/login, or an API token.",
        },
      },
    },
  };
}

function operationPart(operation: Operation): Part {
  const { operationId, tag, access, summary, answers } = operation;
  const body = bodyPart(operation);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(access === "owner" && { description: "Only for the owner of the installation." }),
    security: access === "anyone" ? [{}, { bearer: [] }] : [{ bearer: [] }],
    parameters: parameterParts(operation),
    ...(body && { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerPart(answer)]),
      ),
      ...errorParts(operation),
    },
  };
}

function parameterParts(operation: Operation): Part[] {
  const { query = {}, method, isConditional } = operation;
  const header = (name: string, description: string): Part => ({
    name,
    in: "header",
    required: false,
    description,
    schema: text(),
  });
  return [
    ...pathParameters(operation).map((name): Part => ({
      name,
      in: "path",
      required: true,
      schema: PARAMETER,
      ...(name === "path" && { description: "Slashes may stand as they are, or as %2F." }),
    })),
    ...Object.entries(query).map(([name, schema]): Part => ({
      name,
      in: "query",
      required: false,
      schema,
    })),
    ...(isConditional ? [header("If-Match", "Only if the ETag is still this one; else 409.")] : []),
    ...(isConditional && method === "PUT" && "201" in operation.answers
      ? [header("If-None-Match", "*: only if there is no such file; else 409.")]
      : []),
  ];
}

function bodyPart({ body }: Operation): Part | undefined {
  if (body === undefined) return undefined;
  if ("json" in body) {
    const required = body.isOptional !== true;
    return { required, content: { "application/json": { schema: body.json } } };
  }
  return { required: true, content: contentOf(body.media) };
}

/** Bytes have no schema; a form holds them in a field. */
function contentOf(media: readonly string[]): Part {
  const form = { schema: record({ file: { contentMediaType: "application/octet-stream" } }) };
  return Object.fromEntries(
    media.map((type) => [type, type === "multipart/form-data" ? form : {}]),
  );
}

/** The envelope round an answer's data. */
export function envelope(data: JsonSchema): JsonSchema {
  return record({ data, error: { type: "null" } });
}

const HEADERS: Readonly<Record<string, Part>> = {
  Location: { description: "Where the new thing is.", schema: text() },
  ETag: { description: "Names the state that is shown.", schema: text() },
};

function answerPart(answer: Answer): Part {
  if ("nothing" in answer) return { description: "Done." };
  const headers = (answer.headers ?? []).map((name) => [name, HEADERS[name]] as const);
  return {
    description: "Done.",
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
    content: "media" in answer
      ? contentOf(answer.media)
      : { "application/json": { schema: envelope(answer.data) } },
  };
}

/** One response for each status, with the codes that come under it. */
function errorParts(operation: Operation): Part {
  const codes: readonly ErrorCode[] = [...operationErrors(operation), "INTERNAL"];
  const byStatus = Map.groupBy(codes, (code) => ERROR_CODES[code].httpStatus);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [String(status), {
      description: codes.join(", "),
      ...(status === 429 && {
        headers: { "Retry-After": { description: "Seconds to wait.", schema: count } },
      }),
      content: { "application/json": { schema: ref("Error") } },
    }]),
  );
}
