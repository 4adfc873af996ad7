// Reads the body of a request within its limits and checks it against the schema of its route.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { isTextTooDeep, MAX_DEPTH } from "../../schemas/depth.ts";
import { AppError } from "../../schemas/error.ts";
import { describe } from "../../schemas/violation.ts";

/** A JSON Schema (2020-12): what validates a body, and what `/openapi.json` shows. */
export type BodySchema = Readonly<Record<string, unknown>>;

const compiled = new WeakMap<BodySchema, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/**
 * The bytes of a body as text.
 * @throws AppError `BODY_TOO_LARGE`, `REQUEST_INVALID` if it is not UTF-8
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    new AppError("BODY_TOO_LARGE", `The body is larger than the ${maxBytes} bytes allowed here`);
  const declared = request.headers.get("content-length");
  if (Number(declared ?? 0) > maxBytes) throw tooLarge();
  // A server reads no more than was declared, and a body read at once costs far less than one in pieces.
  const bytes = declared === null
    ? await readPieces(request, maxBytes)
    : new Uint8Array(await request.arrayBuffer());
  if (bytes === undefined || bytes.byteLength > maxBytes) throw tooLarge();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", "The body is not UTF-8 text", { cause });
  }
}

/**
 * The JSON of a body. It has to say that it is JSON, which no form of a web page can.
 * @throws AppError `REQUEST_INVALID`, `BODY_TOO_LARGE`
 */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  if (!isJson(request)) {
    const message = 'The body has to be JSON: send "Content-Type: application/json"';
    throw new AppError("REQUEST_INVALID", message);
  }
  const text = await readText(request, maxBytes);
  if (isTextTooDeep(text)) {
    const message = `The body is nested more than ${MAX_DEPTH} levels deep`;
    throw new AppError("REQUEST_INVALID", message);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("REQUEST_INVALID", "The body cannot be read as JSON", { cause });
  }
}

/** Whether a request says that its body is JSON. */
export function isJson(request: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "");
}

/**
 * The value, if it is as the schema says; defaults of the schema are filled in.
 * @throws AppError `REQUEST_INVALID` with the violations as details
 */
export function checkBody<T>(schema: BodySchema, value: unknown): T {
  const check = validatorOf(schema);
  if (check(value)) return value as T;
  const violations = (check.errors ?? []).slice(0, 20).map(describe);
  const message = violations.map((violation) => violation.message).join("; ");
  throw new AppError("REQUEST_INVALID", `The body is not as it should be: ${message}`, {
    details: { violations },
  });
}

function validatorOf(schema: BodySchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  ajv ??= new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strictTypes: false,
    // Ours are checked by a test.
    validateSchema: false,
    meta: false,
  });
  const check = ajv.compile(schema);
  compiled.set(schema, check);
  return check;
}

/** `undefined` if there is more than allowed. */
async function readPieces(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
