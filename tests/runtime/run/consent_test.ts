import assert from "node:assert/strict";
import { consentFor } from "../../../runtime/run/consent.ts";

Deno.test("consentFor() asks for writes to the project outside artifacts/ and for nothing else", () => {
  const rows: [tool: string, path: string | undefined, consent: string][] = [
    ["fs.write", "@project/src/a.ts", "ask"],
    ["fs.edit", "@project/README.md", "ask"],
    ["fs.apply_patch", "@project/artifacts", "ask"],
    ["fs.write", "@project/artifacts2/a.md", "ask"],
    ["fs.write", undefined, "ask"],
    ["fs.write", "@project/artifacts/a.md", "allow"],
    ["fs.apply_patch", "@state/workflow.md", "allow"],
    ["fs.read", "@project/src/a.ts", "allow"],
    ["state.complete_node", undefined, "allow"],
  ];
  for (const [tool, path, consent] of rows) {
    assert.equal(consentFor({ tool, path }, { allowAll: false }), consent, `${tool} ${path}`);
  }
});

Deno.test("consentFor() allows every write where the person said yes beforehand", () => {
  assert.equal(consentFor({ tool: "fs.write", path: "@project/a" }, { allowAll: true }), "allow");
});
