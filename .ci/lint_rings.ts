// A lint plugin that keeps the import rings (docs/decisions/002-import-rings.md): which room may
// import which, where each outside library has its home, and no specifier that is computed.
// Only the product is judged; tests and build scripts import what they like.

import { fileURLToPath } from "node:url";

/**
 * Room → the rooms it may import besides itself. A file belongs to the room with the longest name
 * that its path starts with; to allow a room allows every room inside it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["builder", "runtime", "schemas", "deno.json"],
  "builder": ["runtime", "views", "schemas"],
  "builder/commands": ["builder", "runtime", "views", "schemas", "deno.json"],
  "views": ["schemas"],
  "schemas": [],

  "runtime/disk": [],
  "runtime/sandbox": ["schemas"],
  "runtime/package": ["runtime/disk", "schemas"],
  "runtime/state": ["schemas"],
  "runtime/llm": ["schemas"],
  "runtime/tools": ["runtime/disk", "schemas"],

  "runtime/run": [
    "runtime/disk",
    "runtime/sandbox",
    "runtime/package",
    "runtime/state",
    "runtime/llm",
    "runtime/tools",
    "schemas",
  ],
  "runtime/mcp": [
    "runtime/run",
    "runtime/package",
    "runtime/llm",
    "runtime/tools",
    "schemas",
  ],
  "runtime/flow": ["runtime/llm", "runtime/tools", "schemas"],
  "runtime/bmad": ["runtime/package", "schemas"],
  "runtime/pocketflow": ["runtime/flow", "runtime/state", "schemas"],
  "runtime/generate": ["runtime/flow", "runtime/package", "runtime/disk", "schemas"],
  "runtime/commands": ["runtime", "schemas", "deno.json"],
};

/** Outside library → the only paths that may import it. A path is a file, or a folder's start. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  "ajv": [
    "schemas/validate_against.ts",
    "schemas/validate.ts",
    "builder/flow_service/read_body.ts",
  ],
  "ajv-formats": ["schemas/validate_against.ts", "schemas/validate.ts"],
  "yaml": ["schemas/"],
  "json-logic-engine": ["runtime/state/", "schemas/"],
  "fflate": ["runtime/package/archive.ts"],
  "yauzl": ["runtime/package/zip_directory.ts"],
  "openai": ["runtime/llm/"],
  "jsonrepair": ["runtime/llm/"],
  "diff": ["runtime/tools/"],
  "papaparse": ["runtime/tools/csv_rows.ts"],
  "markdown-it": ["views/projects/markdown.ts"],
  "quickjs-emscripten-core": ["runtime/tools/js_run_sandbox.ts"],
  "@jitl/quickjs-singlefile-mjs-release-sync": ["runtime/tools/js_run_sandbox.ts"],
  "re2js": ["schemas/regular_expression.ts"],
  "ioredis": ["runtime/flow/redis_connection.ts"],
  "@modelcontextprotocol/sdk": ["runtime/tools/mcp/", "runtime/mcp/"],
  "pocketflow": ["runtime/pocketflow/"],
  "hono": ["builder/", "views/"],
  "htmx.org": ["builder/http/asset_files.ts"],
  "@hono/node-server": ["builder/flow_service/listen.ts"],
  "@dagrejs/dagre": ["builder/edit/"],
  "@libsql/client": ["builder/store/database"],
};

/** The vocabulary and the views do no I/O, so they have no use for Node's modules either. */
const NO_NODE = ["schemas", "views"];

const WORKER_URL = /^new URL\(\s*"\.\/[a-z0-9_]+\.ts",\s*import\.meta\.url,?\s*\)$/;

const repository = fileURLToPath(new URL("../", import.meta.url)).replaceAll("\\", "/");

/** The path below the repository's root, with `/` on every system. */
function pathOf(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(repository) ? path.slice(repository.length) : path;
}

function isInside(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function roomOf(path: string): string | undefined {
  const rooms = Object.keys(MAY_IMPORT).filter((room) => isInside(path, room));
  return rooms.sort((a, b) => b.length - a.length)[0];
}

function isProduct(path: string): boolean {
  return ["main.ts", "builder", "runtime", "views", "schemas"].some((room) => isInside(path, room));
}

/** Resolves `../b/x.ts` in `a/y.ts` to `b/x.ts`; undefined above the repository's root. */
function resolve(importer: string, specifier: string): string | undefined {
  const parts = importer.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function packageOf(specifier: string): string {
  const segments = specifier.split("/");
  return segments.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** What is wrong with a relative import, or undefined. */
function ringFault(importer: string, specifier: string): string | undefined {
  const from = roomOf(importer);
  if (from === undefined) return `"${importer}" lies in no room: add its folder to MAY_IMPORT`;
  const target = resolve(importer, specifier);
  if (target === undefined) return `"${specifier}" lies outside the repository`;
  const allowed = [from, ...MAY_IMPORT[from] ?? []];
  const to = roomOf(target);
  // A file right inside `runtime/` has no room of its own; it counts by its path.
  if (to === from || allowed.some((room) => isInside(to ?? target, room))) return undefined;
  return `"${from}" may not import "${to ?? target}", only ${quoted(allowed)}`;
}

/** What is wrong with the import of a library, or undefined. */
function libraryFault(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    const room = NO_NODE.find((name) => isInside(importer, name));
    return room && `"${room}" does no I/O and may not import "${specifier}"`;
  }
  if (specifier.includes(":")) {
    return `"${specifier}" is not pinned: name it in deno.json "imports"`;
  }
  const name = packageOf(specifier);
  const homes = HOMES[name];
  if (homes === undefined) return `The library "${name}" has no home: add it to HOMES`;
  if (homes.some((home) => importer.startsWith(home))) return undefined;
  return `The library "${name}" is imported in ${quoted(homes)} only`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

/** The value of a literal, also where it stands for a type; undefined for any other node. */
function literalOf(node: Deno.lint.Node): unknown {
  if (node.type === "TSLiteralType") return literalOf(node.literal);
  return node.type === "Literal" ? node.value : undefined;
}

const importsPointDown: Deno.lint.Rule = {
  create(context) {
    const importer = pathOf(context.filename);
    const judge = (node: Deno.lint.Node, source: Deno.lint.Node | null) => {
      const specifier = source && literalOf(source);
      if (typeof specifier !== "string" || !isProduct(importer)) return;
      const fault = specifier.startsWith(".")
        ? ringFault(importer, specifier)
        : libraryFault(importer, specifier);
      if (fault !== undefined) context.report({ node, message: `${fault}.` });
    };
    return {
      ImportDeclaration: (node) => judge(node, node.source),
      ExportAllDeclaration: (node) => judge(node, node.source),
      ExportNamedDeclaration: (node) => judge(node, node.source),
      ImportExpression: (node) => judge(node, node.source),
      TSImportType: (node) => judge(node, node.argument),
    };
  },
};

// Compiled, `import()` and `new Worker()` of a variable read any file of the machine, whatever the
// permissions; and the bundler can follow only what is written out.
const literalSpecifiers: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(pathOf(context.filename))) return {};
    return {
      ImportExpression(node) {
        if (node.source.type === "Literal") return;
        context.report({ node, message: 'Write the specifier out: import("./file.ts").' });
      },
      NewExpression(node) {
        if (context.sourceCode.getText(node.callee) !== "Worker") return;
        const [url] = node.arguments;
        if (url && WORKER_URL.test(context.sourceCode.getText(url))) return;
        const form = 'new Worker(new URL("./file.ts", import.meta.url), …)';
        context.report({ node, message: `Write the worker's file out: ${form}.` });
      },
    };
  },
};

/** The plugin as `deno.json` names it; a lint plugin has to be a default export. */
const plugin: Deno.lint.Plugin = {
  name: "rings",
  rules: {
    "imports-point-down": importsPointDown,
    "literal-specifiers": literalSpecifiers,
  },
};
export default plugin;
