// Limits of a JSON Schema that came with a package: it is compiled and run, so it may be neither large
// nor able to multiply itself. Pure. Not here: whether its keywords are well-formed (`validate.ts`).
import { isTooDeep } from "./depth.ts";
import { isRecord } from "./record.ts";
import { compileExpression } from "./regular_expression.ts";

/** Most characters of the schema as JSON. */
export const MAX_SCHEMA_CHARS = 50_000;
/** Most keywords, with what each `$ref` stands for counted in its place. */
export const MAX_SCHEMA_KEYWORDS = 2000;
/** Longest regular expression, and most steps it may take for one character. */
export const MAX_PATTERN = { chars: 1000, size: 1000 } as const;

/** Formats that are checked, all in linear time. */
export const SCHEMA_FORMATS = ["date", "time", "date-time", "email", "uri", "uuid"] as const;

const ONE_SCHEMA = [
  "additionalProperties",
  "items",
  "contains",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
];
const LIST_OF_SCHEMAS = ["prefixItems", "allOf", "anyOf", "oneOf"];
const MAP_OF_SCHEMAS = ["properties", "patternProperties"];
const PLAIN = [
  ...["type", "enum", "const", "format", "pattern", "$ref", "$defs", "$schema", "$comment"],
  ...["title", "description", "default", "examples", "required", "dependentRequired"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  ...["minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
  ...["minContains", "maxContains", "minProperties", "maxProperties"],
];
const KNOWN = new Set([...ONE_SCHEMA, ...LIST_OF_SCHEMAS, ...MAP_OF_SCHEMAS, ...PLAIN]);

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** What a schema costs, or why it is not taken. */
export type SchemaSize =
  | { readonly ok: true; readonly keywords: number }
  | { readonly ok: false; readonly message: string };

/** Measures a schema. `keywords` times the values of a document bounds the work of validating it. */
export function measureSchema(schema: unknown): SchemaSize {
  if (!isRecord(schema)) return refused("A JSON Schema has to be an object");
  if (isTooDeep(schema)) return refused("The schema is nested too deeply");
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) {
    return refused(`The schema is longer than ${MAX_SCHEMA_CHARS} characters`);
  }
  try {
    const keywords = new SchemaMeasure(schema).total();
    if (keywords <= MAX_SCHEMA_KEYWORDS) return { ok: true, keywords };
    return refused(`The schema has more than ${MAX_SCHEMA_KEYWORDS} keywords, references counted`);
  } catch (thrown) {
    if (!(thrown instanceof SchemaRefused)) throw thrown;
    return refused(thrown.message);
  }
}

/** Why a pattern is not taken, or `undefined`. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN.chars) {
    return `it is longer than ${MAX_PATTERN.chars} characters`;
  }
  const compiled = compileExpression(pattern, { multiline: true });
  if (!compiled.ok) return compiled.message;
  return compiled.expression.size > MAX_PATTERN.size ? "its repetitions are too large" : undefined;
}

function refused(message: string): SchemaSize {
  return { ok: false, message };
}

/** Ends a measurement. Thrown inside this file only. */
class SchemaRefused extends Error {}

class SchemaMeasure {
  readonly #root: Readonly<Record<string, unknown>>;
  /** Name of a definition → its cost; `null` while it is being measured. */
  readonly #known = new Map<string, number | null>();

  constructor(root: Readonly<Record<string, unknown>>) {
    this.#root = root;
  }

  total(): number {
    const { $defs } = this.#root;
    // What nobody refers to is compiled too.
    const names = isRecord($defs) ? Object.keys($defs) : [];
    return names.reduce((sum, name) => sum + this.#definition(name), this.#cost(this.#root));
  }

  #cost(schema: unknown): number {
    if (!isRecord(schema)) return 1;
    let cost = 1;
    for (const [keyword, value] of Object.entries(schema)) {
      if (!KNOWN.has(keyword)) throw new SchemaRefused(unknownKeyword(keyword));
      cost += 1 + this.#valueCost(keyword, value, schema === this.#root);
    }
    return cost;
  }

  #valueCost(keyword: string, value: unknown, atRoot: boolean): number {
    if (ONE_SCHEMA.includes(keyword)) return this.#cost(value);
    if (LIST_OF_SCHEMAS.includes(keyword)) return this.#sum(Array.isArray(value) ? value : []);
    if (MAP_OF_SCHEMAS.includes(keyword) && isRecord(value)) {
      if (keyword === "patternProperties") Object.keys(value).forEach(acceptPattern);
      return this.#sum(Object.values(value));
    }
    if (keyword === "$ref") return this.#reference(value);
    if (keyword === "$defs" && !atRoot) throw new SchemaRefused("$defs belongs to the top level");
    if (keyword === "pattern") acceptPattern(value);
    if (keyword === "format") acceptFormat(value);
    if (keyword === "$schema" && value !== DRAFT) {
      throw new SchemaRefused(`"$schema" can only be "${DRAFT}"`);
    }
    return Array.isArray(value) ? value.length : 0;
  }

  #sum(schemas: readonly unknown[]): number {
    return schemas.reduce((sum: number, schema) => sum + this.#cost(schema), 0);
  }

  #reference(reference: unknown): number {
    const name = /^#\/\$defs\/([\w.-]+)$/.exec(String(reference))?.[1];
    const { $defs } = this.#root;
    if (name === undefined || !isRecord($defs) || !Object.hasOwn($defs, name)) {
      throw new SchemaRefused(
        `"$ref": ${
          JSON.stringify(reference)
        } leads nowhere; write "#/$defs/<name>" with a name in $defs`,
      );
    }
    return this.#definition(name);
  }

  #definition(name: string): number {
    const known = this.#known.get(name);
    if (known === null) {
      throw new SchemaRefused(`"#/$defs/${name}" refers to itself; recursion is not supported`);
    }
    if (known !== undefined) return known;
    this.#known.set(name, null);
    const cost = this.#cost((this.#root.$defs as Readonly<Record<string, unknown>>)[name]);
    this.#known.set(name, cost);
    return cost;
  }
}

function unknownKeyword(keyword: string): string {
  return `The keyword ${JSON.stringify(keyword.slice(0, 60))} is not supported in a check`;
}

function acceptPattern(pattern: unknown): void {
  const problem = patternProblem(String(pattern));
  if (problem === undefined) return;
  throw new SchemaRefused(
    `The pattern ${
      JSON.stringify(String(pattern).slice(0, 60))
    } is no regular expression of RE2: ${problem}`,
  );
}

function acceptFormat(format: unknown): void {
  if (SCHEMA_FORMATS.some((known) => known === format)) return;
  throw new SchemaRefused(
    `The format ${JSON.stringify(format)} is not supported; known are: ${
      SCHEMA_FORMATS.join(", ")
    }`,
  );
}
