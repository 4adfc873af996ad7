// A failure as an answer: `{error: {code, message, details}}`, never a stack.
import { AppError, ERROR_CODES } from "../../schemas/error.ts";

/** A failure as the body of an answer. */
export interface FailureBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** What a client is told; what is no AppError is `INTERNAL`, without detail. */
export function failureBody(thrown: unknown): FailureBody {
  if (!(thrown instanceof AppError)) {
    const message = "The service failed; its log says more, under the X-Request-Id of this answer";
    return { error: { code: "INTERNAL", message, details: {} } };
  }
  const { code, message, details = {} } = thrown;
  return { error: { code, message, details } };
}

/** The answer to a request that failed. */
export function failureResponse(thrown: unknown): Response {
  const status = thrown instanceof AppError ? thrown.httpStatus : ERROR_CODES.INTERNAL.httpStatus;
  const response = Response.json(failureBody(thrown), { status });
  if (status === 401) response.headers.set("www-authenticate", "Bearer");
  if (status === 503) response.headers.set("retry-after", "1");
  return response;
}
