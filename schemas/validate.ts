// Validation of documents against their JSON Schemas. Schemas are compiled on first use, since one
// command rarely needs all of them. Not here: schemas that a package brings (`validate_against.ts`).
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type DocumentKind, documentSchema } from "./document_schema.ts";
import { describe, type Violation } from "./violation.ts";

const compiled = new Map<DocumentKind, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/**
 * Every violation of the document's schema, in document order; empty if it is valid. Reads strictly:
 * pass the value through `normalise` (`lenient.ts`) first where reading is lenient.
 */
export function validate(kind: DocumentKind, value: unknown): Violation[] {
  const check = validator(kind);
  if (check(value)) return [];
  // An "if" only repeats that one of the violations inside its "then" was found.
  return (check.errors ?? []).filter(({ keyword }) => keyword !== "if").map(describe);
}

const compiledSchemas = new WeakMap<object, ValidateFunction>();

/**
 * Every violation of a schema of ours that is no document's, such as that of a request. A schema may
 * bring what it refers to as `#/components/…`; the same object is compiled once.
 */
export function validateBy(schema: object, value: unknown): Violation[] {
  ajv ??= newAjv();
  const check = compiledSchemas.get(schema) ?? ajv.compile(schema);
  compiledSchemas.set(schema, check);
  if (check(value)) return [];
  return (check.errors ?? []).filter(({ keyword }) => keyword !== "if").map(describe);
}

function validator(kind: DocumentKind): ValidateFunction {
  const known = compiled.get(kind);
  if (known) return known;
  ajv ??= newAjv();
  const check = ajv.compile(documentSchema(kind));
  compiled.set(kind, check);
  return check;
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strictTypes: false,
    strictRequired: false,
    // A test checks our schemas against the meta-schema; at every start it would cost 10 ms.
    validateSchema: false,
    meta: false,
    // Optimised code takes longer to make than it saves on documents of this size.
    code: { optimize: false },
  });
  addFormats.default(ajv, ["date-time"]);
  ajv.addKeyword("components");
  return ajv;
}
