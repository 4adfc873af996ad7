// The documents inside a package: decoded, parsed, leniently read, checked against their schemas.
// Findings are collected; nothing here throws. Not here: rules that look at several documents.
import type { DocumentKind } from "../../schemas/document_schema.ts";
import type { Finding } from "../../schemas/finding.ts";
import { type FrontMatter, readFrontMatter } from "../../schemas/front_matter.ts";
import { normalise, soundDocument } from "../../schemas/lenient.ts";
import type {
  AgentsDocument,
  Manifest,
  SkillFrontMatter,
  StepFrontMatter,
  WorkflowGraph,
  WorkflowState,
} from "../../schemas/package.ts";
import { validate } from "../../schemas/validate.ts";
import type { Violation, ViolationRule } from "../../schemas/violation.ts";
import type { PackageFiles } from "./archive.ts";
import { finding, type FindingCode, type FindingPlace } from "./finding_codes.ts";
import { jsonFault, jsonPlaces, type Place } from "./json_text.ts";

/** Kind of document → its type after lenient reading. */
export interface DocumentTypes {
  bmad: Manifest;
  agents: AgentsDocument;
  workflow_graph: WorkflowGraph;
  workflow_state: WorkflowState;
  step: StepFrontMatter;
  skill: SkillFrontMatter;
}

/** A document of a package. */
export interface PackageDocument<Value> {
  readonly file: string;
  /** Has the shape of its type even if `isValid` is false; faulty parts are then empty or absent. */
  readonly value: Value;
  /** Whether it matches its schema. */
  readonly isValid: boolean;
  /** The place of a JSON pointer, for a finding. */
  at(pointer: string): FindingPlace;
}

/** A Markdown document with front matter. */
export interface MarkdownDocument<Value> extends PackageDocument<Value> {
  readonly text: string;
  readonly body: string;
  /** 1-based line on which the body starts. */
  readonly bodyLine: number;
}

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;
/** A document of more values would drown a person in findings, and the process too. */
const MAX_VALUES = 200_000;

type JsonKind = "bmad" | "agents" | "workflow_graph";
type MarkdownKind = "workflow_state" | "step" | "skill";

/** Documents that were read before, by the identity of their bytes: for a package that changes. */
export type ReadDocuments = WeakMap<Uint8Array, Map<string, ReadOnce>>;

/** A document as it was read, with the findings about it alone. */
export interface ReadOnce {
  readonly document: unknown;
  readonly findings: readonly Finding[];
}

/** Reads documents of one package, each once, and collects findings about each alone. */
export class DocumentReader {
  readonly findings: Finding[] = [];
  readonly #read = new Map<string, unknown>();
  readonly #known: ReadDocuments;

  constructor(readonly files: PackageFiles, known: ReadDocuments = new WeakMap()) {
    this.#known = known;
  }

  /** Reads a JSON document that exists; `undefined` if it does not parse. */
  json<Kind extends JsonKind>(
    kind: Kind,
    file: string,
  ): PackageDocument<DocumentTypes[Kind]> | undefined {
    return this.#once(kind, file, () => this.#readJson(kind, file));
  }

  /** Reads a Markdown document that exists; `undefined` if its front matter does not parse. */
  markdown<Kind extends MarkdownKind>(
    kind: Kind,
    file: string,
  ): MarkdownDocument<DocumentTypes[Kind]> | undefined {
    return this.#once(kind, file, () => this.#readMarkdown(kind, file));
  }

  /** Two places may name one file; its findings are to be listed once. */
  #once<Document>(kind: string, file: string, read: () => Document): Document {
    const key = `${kind}\0${file}`;
    if (!this.#read.has(key)) this.#read.set(key, this.#unlessKnown(key, file, read));
    return this.#read.get(key) as Document;
  }

  #unlessKnown<Document>(key: string, file: string, read: () => Document): Document {
    const bytes = this.files.get(file);
    const known = bytes && this.#known.get(bytes)?.get(key);
    if (known) {
      this.findings.push(...known.findings);
      return known.document as Document;
    }
    const before = this.findings.length;
    const document = read();
    if (bytes) {
      const ofBytes = this.#known.get(bytes) ?? new Map<string, ReadOnce>();
      ofBytes.set(key, { document, findings: this.findings.slice(before) });
      this.#known.set(bytes, ofBytes);
    }
    return document;
  }

  #readJson<Kind extends JsonKind>(
    kind: Kind,
    file: string,
  ): PackageDocument<DocumentTypes[Kind]> | undefined {
    const text = this.#text(file, { keepBom: false });
    if (text === undefined) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const { message, line, column } = jsonFault(text);
      this.#add("JSON_SYNTAX", { file, line, column }, message);
      return undefined;
    }
    let places: ((pointer: string) => Place | undefined) | undefined;
    const at = (pointer: string) => {
      places ??= jsonPlaces(text);
      return { file, pointer, ...places(pointer) };
    };
    return this.#checked(kind, { file, value, at });
  }

  #readMarkdown<Kind extends MarkdownKind>(
    kind: Kind,
    file: string,
  ): MarkdownDocument<DocumentTypes[Kind]> | undefined {
    const text = this.#text(file, { keepBom: true });
    if (text === undefined) return undefined;
    const read = readFrontMatter(text);
    if (!read.ok) {
      const { code, line, column, message } = read.problem;
      this.#add(code, { file, line, column }, message);
      return undefined;
    }
    const { data: value, body } = read.value;
    const at = (pointer: string) => ({ file, pointer, ...placeOf(read.value, pointer) });
    const document = this.#checked(kind, { file, value, at });
    return document && { ...document, text, body, bodyLine: read.value.bodyLine };
  }

  #text(file: string, { keepBom }: { keepBom: boolean }): string | undefined {
    const bytes = this.files.get(file) ?? new Uint8Array();
    if (bytes.length > MAX_DOCUMENT_BYTES) {
      const most = MAX_DOCUMENT_BYTES / 1024 / 1024;
      this.#add("DOCUMENT_TOO_LARGE", { file }, `The document is larger than ${most} MiB`);
      return undefined;
    }
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: keepBom }).decode(bytes);
    } catch {
      this.#add("DOCUMENT_NOT_UTF8", { file }, "The document is not UTF-8 text");
      return undefined;
    }
  }

  #checked<Kind extends keyof DocumentTypes>(
    kind: Kind,
    document: { file: string; value: unknown; at(pointer: string): FindingPlace },
  ): PackageDocument<DocumentTypes[Kind]> | undefined {
    const { file, at } = document;
    if (holdsMoreThan(document.value, MAX_VALUES)) {
      this.#add(
        "DOCUMENT_TOO_LARGE",
        { file },
        `The document holds more than ${MAX_VALUES} values`,
      );
      return undefined;
    }
    const value = normalise(kind, document.value);
    const violations = validate(kind, value);
    const wrong = violations.filter((violation) => !isFilledLater(kind, violation));
    for (const violation of violations) {
      const code = isFilledLater(kind, violation) ? "STATE_KEY_MISSING" : CODE_OF[violation.rule];
      const place = at(violation.pointer);
      this.#add(code, place, violation.message, violation.hint);
    }
    const sound = violations.length === 0 ? value : soundDocument(kind, value);
    return { file, value: sound as DocumentTypes[Kind], isValid: wrong.length === 0, at };
  }

  #add(code: FindingCode, place: FindingPlace, message: string, hint?: string): void {
    this.findings.push(finding(code, place, message, hint));
  }
}

const CODE_OF: Readonly<Record<ViolationRule, FindingCode>> = {
  "unknown-key": "SCHEMA_KEY_UNKNOWN",
  "missing-key": "SCHEMA_KEY_MISSING",
  "newer-key": "SCHEMA_KEY_NEWER",
  "wrong-type": "SCHEMA_TYPE",
  "empty": "SCHEMA_EMPTY",
  "wrong-value": "SCHEMA_VALUE",
};

/** State keys that have a default are filled in when a run is created, so they may be absent. */
function isFilledLater(kind: DocumentKind, { rule, pointer, key = "" }: Violation): boolean {
  return kind === "workflow_state" && rule === "missing-key" && pointer === "" &&
    ["stepsCompleted", "currentNodeId"].includes(key);
}

function placeOf(frontMatter: FrontMatter, pointer: string): Place | undefined {
  const path = pointer.split("/").slice(1).map((part) =>
    part.replaceAll("~1", "/").replaceAll("~0", "~")
  );
  return frontMatter.locate(path);
}

function holdsMoreThan(value: unknown, limit: number): boolean {
  const queue = [value];
  let count = 0;
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    if (typeof item !== "object" || item === null) continue;
    const members = Object.values(item);
    count += members.length;
    if (count > limit) return true;
    for (const member of members) {
      if (typeof member === "object" && member !== null) queue.push(member);
    }
  }
  return false;
}
