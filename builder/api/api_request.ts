// A request of the API, checked against the schemas of its operation before the handler sees it. Not
// here: the route (`api_route.ts`).
import { isTooDeep } from "../../schemas/depth.ts";
import { AppError } from "../../schemas/error.ts";
import { validateBy } from "../../schemas/validate.ts";
import type { Violation } from "../../schemas/violation.ts";
import type { AppContext } from "../app_context.ts";
import { COMPONENTS } from "./components.ts";
import { type JsonSchema, record, text } from "./json_schema.ts";
import type { ApiRequest, Operation, RequestBody } from "./operation.ts";

const resolved = new WeakMap<JsonSchema, JsonSchema>();

/** The violations of a schema of the API, whose references lead into `components.ts`. */
export function apiViolations(schema: JsonSchema, value: unknown): Violation[] {
  const whole = resolved.get(schema) ?? { ...schema, components: { schemas: COMPONENTS } };
  resolved.set(schema, whole);
  return validateBy(whole, value);
}

/** What a parameter of a path may be; whether there is such a thing is for the handler to say. */
export const PARAMETER: JsonSchema = text({ minLength: 1, maxLength: 1000 });

/**
 * The parts of a request, checked.
 * @throws AppError `ROUTE_NOT_FOUND`, `REQUEST_INVALID`, `MEDIA_TYPE_UNSUPPORTED`, `VALIDATION_FAILED`
 */
export async function readRequest(
  c: AppContext,
  operation: Operation,
  names: readonly string[],
): Promise<ApiRequest> {
  const params = readParams(c, names);
  const query = readQuery(c, operation);
  return { params, query, body: await readBody(c, operation.body) };
}

function readParams(c: AppContext, names: readonly string[]): Readonly<Record<string, string>> {
  const given = c.req.param() as Readonly<Record<string, string>>;
  const params = Object.fromEntries(names.map((name) => [name, given[name] ?? ""]));
  if (Object.values(params).every((value) => apiViolations(PARAMETER, value).length === 0)) {
    return params;
  }
  throw new AppError("ROUTE_NOT_FOUND", "There is nothing under an address as long as this");
}

function readQuery(c: AppContext, { query = {} }: Operation): Readonly<Record<string, unknown>> {
  const given = Object.entries(c.req.query()).map(([name, value]): [string, unknown] => {
    const isNumber = query[name]?.type === "integer" && /^\d{1,15}$/.test(value);
    return [name, isNumber ? Number(value) : value];
  });
  const values = Object.fromEntries(given);
  refuseViolations("query", apiViolations(querySchema(query), values));
  return values;
}

const querySchemas = new WeakMap<object, JsonSchema>();
const noQuery = record({});

function querySchema(query: Readonly<Record<string, JsonSchema>>): JsonSchema {
  if (Object.keys(query).length === 0) return noQuery;
  const schema = querySchemas.get(query) ?? record(query, Object.keys(query));
  querySchemas.set(query, schema);
  return schema;
}

async function readBody(c: AppContext, body: RequestBody | undefined): Promise<unknown> {
  if (body === undefined) return undefined;
  if ("media" in body) return requireMedia(c, body.media);
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  if (bytes.length === 0 && body.isOptional) return {};
  requireMedia(c, ["application/json"]);
  const value = parsedJson(bytes);
  if (isTooDeep(value)) throw new AppError("REQUEST_INVALID", "The JSON is nested too deeply");
  refuseViolations("body", apiViolations(body.json, value));
  return value;
}

function requireMedia(c: AppContext, wanted: readonly string[]): void {
  const given = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (wanted.includes(given) || wanted.includes("*/*")) return;
  throw new AppError(
    "MEDIA_TYPE_UNSUPPORTED",
    `The body is ${given === "" ? "of no named type" : JSON.stringify(given.slice(0, 100))}; ` +
      `send it with "Content-Type: ${wanted.join('" or "')}"`,
  );
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `: ${cause.message.slice(0, 200)}` : "";
    throw new AppError("REQUEST_INVALID", `The body is no JSON${why}`, { cause });
  }
}

/** A body may break its schema a thousand times. */
const MOST_VIOLATIONS = 20;

function refuseViolations(part: "query" | "body", violations: readonly Violation[]): void {
  const [first] = violations;
  if (first === undefined) return;
  const place = first.pointer === "" ? "" : ` (at ${first.pointer})`;
  throw new AppError(
    "VALIDATION_FAILED",
    `The ${part} of the request is not as it should be: ${first.message}${place}`,
    {
      details: {
        in: part,
        violations: violations.slice(0, MOST_VIOLATIONS).map(({ pointer, message, hint }) => ({
          pointer,
          message,
          hint,
        })),
      },
    },
  );
}
