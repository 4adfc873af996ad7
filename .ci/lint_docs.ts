// A lint plugin for what `deno doc --lint` asks too much of (it wants a comment on every field): an
// export carries its contract, and a file says in its first lines what it is. Product files only.

import { fileURLToPath } from "node:url";

const PRODUCT = /^(main\.tsx?$|(builder|runtime|views|schemas)\/)/;

const repository = fileURLToPath(new URL("../", import.meta.url)).replaceAll("\\", "/");

function isProduct(filename: string): boolean {
  return PRODUCT.test(filename.replaceAll("\\", "/").replace(repository, ""));
}

const exportsCarryJsdoc: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(context.filename)) return {};
    return {
      ExportNamedDeclaration(node) {
        if (node.declaration === null) return;
        const before = context.sourceCode.text.slice(0, node.range[0]).trimEnd();
        const comment = before.slice(before.lastIndexOf("/*"));
        if (before.endsWith("*/") && comment.startsWith("/**")) return;
        context.report({ node, message: "State the contract of this export in a /** comment. */" });
      },
    };
  },
};

const filesOpenWithPurpose: Deno.lint.Rule = {
  create(context) {
    if (!isProduct(context.filename)) return {};
    return {
      Program(node) {
        if (/^(#!.*\n)?(\/\/ \S|\/\*\*? \S)/.test(context.sourceCode.text)) return;
        const message = "Open the file with a comment: what it is, and what it is not.";
        context.report({ node, message });
      },
    };
  },
};

/** The plugin as `deno.json` names it; a lint plugin has to be a default export. */
const plugin: Deno.lint.Plugin = {
  name: "docs",
  rules: {
    "exports-carry-jsdoc": exportsCarryJsdoc,
    "files-open-with-purpose": filesOpenWithPurpose,
  },
};
export default plugin;
