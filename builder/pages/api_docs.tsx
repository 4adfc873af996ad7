// The page of the API: the same table as `openapi.json`, for people.
import { ERROR_CODES } from "../../schemas/error.ts";
import { ApiDocsPage, type ShownOperation } from "../../views/api_docs_page.tsx";
import { API_ROOT } from "../api/api_route.ts";
import { COMPONENTS } from "../api/components.ts";
import type { JsonSchema } from "../api/json_schema.ts";
import { type Answer, type Operation, operationErrors } from "../api/operation.ts";
import { OPERATIONS } from "../api/operations.ts";
import { shapeOf } from "../api/schema_shape.ts";
import type { AppContext } from "../app_context.ts";
import { htmlResponse } from "../http/respond.tsx";

/** `GET /api/v1/docs`. */
export async function showApiDocs(c: AppContext): Promise<Response> {
  const groups = Map.groupBy(OPERATIONS, ({ tag }) => tag);
  return await htmlResponse(
    <ApiDocsPage
      frame={c.var.frame}
      root={API_ROOT}
      groups={[...groups].map(([tag, operations]) => ({
        tag,
        operations: operations.map(shownOperation),
      }))}
      schemas={Object.entries(COMPONENTS).map(([name, schema]) => ({
        name,
        shape: shapeOf(schema),
      }))}
    />,
  );
}

function shownOperation(operation: Operation): ShownOperation {
  const { operationId, method, path, access, summary, query = {}, body, answers } = operation;
  return {
    operationId,
    method,
    path,
    access,
    summary,
    isConditional: operation.isConditional === true,
    query: Object.entries(query).map(([name, schema]) => ({
      name,
      shape: shapeOf(schema),
      description: typeof schema.description === "string" ? schema.description : "",
    })),
    ...(body && { body: "json" in body ? shapeOf(body.json) : [body.media.join(", ")] }),
    answers: Object.entries(answers).map(([status, answer]) => ({
      status: Number(status),
      shape: answerShape(answer),
    })),
    errors: operationErrors(operation)
      .map((code) => ({ code, status: ERROR_CODES[code].httpStatus }))
      .sort((a, b) => a.status - b.status),
  };
}

function answerShape(answer: Answer): ReturnType<typeof shapeOf> {
  if ("nothing" in answer) return [];
  if ("media" in answer) return [answer.media.join(", ")];
  const data: JsonSchema = answer.data;
  return shapeOf(data);
}
