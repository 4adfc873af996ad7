// What a line of the API's table is, and what its handler gets. Not here: the table (`operations.ts`)
// and what is done before the handler is called (`api_route.ts`).
import type { ErrorCode } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import type { Access, Route } from "../http/route.ts";
import type { JsonSchema } from "./json_schema.ts";

/** A request whose parts are valid against the schemas of its operation. */
export interface ApiRequest {
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Only what was given; numbers where the schema says so. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The JSON of the body; `{}` where it may be left out; `undefined` for bytes, which the handler reads. */
  readonly body: unknown;
}

/** A handler of the API. What it throws becomes `{data: null, error}`. */
export type ApiHandler = (c: AppContext, request: ApiRequest) => Response | Promise<Response>;

/** What a request carries. */
export type RequestBody =
  | { readonly json: JsonSchema; readonly isOptional?: true }
  /** Bytes of these media types; a form has them in its field `file`. */
  | { readonly media: readonly string[] };

/** What a success answers: `data` of the envelope, bytes, or nothing. */
export type Answer =
  | { readonly data: JsonSchema; readonly headers?: readonly AnswerHeader[] }
  | { readonly media: readonly string[]; readonly headers?: readonly AnswerHeader[] }
  | { readonly nothing: true };

/** Headers that clients may build on. */
export type AnswerHeader = "Location" | "ETag";

/** The groups of the API page. */
export type Tag =
  | "auth"
  | "accounts"
  | "packages"
  | "edits"
  | "versions"
  | "workflows"
  | "agents"
  | "files"
  | "projects"
  | "runs"
  | "settings";

/** A method of a path. */
export interface Operation {
  /** Unique; what generated clients call it. */
  readonly operationId: string;
  readonly method: Route["method"];
  /** Below `/api/v1`: `/packages/{packageId}`. A parameter named `path` takes slashes too. */
  readonly path: string;
  readonly tag: Tag;
  readonly access: Exclude<Access, "control">;
  /** One sentence. */
  readonly summary: string;
  /** Parameters behind `?`; all may be left out. */
  readonly query?: Readonly<Record<string, JsonSchema>>;
  readonly body?: RequestBody;
  readonly bodyBytes?: number;
  /** Whether `If-Match` is looked at (and, for what may be new, `If-None-Match: *`). */
  readonly isConditional?: true;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that follow from the rest (`operationErrors`). */
  readonly errors?: readonly ErrorCode[];
  readonly handler: ApiHandler;
}

type HandlersOf<Module> = {
  [Name in keyof Module]: Module[Name] extends ApiHandler ? Name : never;
}[keyof Module];

/** A handler whose module is loaded when it is first needed, so that the server starts fast. */
export function lazyCall<Module, Name extends HandlersOf<Module>>(
  load: () => Promise<Module>,
  name: Name,
): ApiHandler {
  return async (c, request) => await ((await load())[name] as ApiHandler)(c, request);
}

/** The names of a path's parameters, in order. */
export function pathParameters({ path }: Pick<Operation, "path">): string[] {
  return Array.from(path.matchAll(/\{([A-Za-z]+)\}/g), ([, name = ""]) => name);
}

/** Codes of failures that an operation may answer with, besides `INTERNAL`. */
export function operationErrors(operation: Operation): readonly ErrorCode[] {
  const { access, method, body, path, query, isConditional, errors = [] } = operation;
  const hasPackage = path.includes("{packageId}");
  const codes: readonly (ErrorCode | false)[] = [
    access !== "anyone" && "AUTH_REQUIRED",
    "AUTH_TOKEN_INVALID",
    access === "owner" && "AUTH_FORBIDDEN",
    "HOST_FORBIDDEN",
    method !== "GET" && "ORIGIN_FORBIDDEN",
    method !== "GET" && "CSRF_INVALID",
    hasPackage && "PKG_NOT_FOUND",
    (body !== undefined || method !== "GET") && "BODY_TOO_LARGE",
    body !== undefined && "REQUEST_INVALID",
    body !== undefined && "MEDIA_TYPE_UNSUPPORTED",
    (query !== undefined || (body !== undefined && "json" in body)) && "VALIDATION_FAILED",
    isConditional === true && "EDIT_CONFLICT",
    ...errors,
  ];
  return [...new Set(codes.filter((code) => code !== false))];
}
