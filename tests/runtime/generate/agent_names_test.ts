import assert from "node:assert/strict";
import { agentNames } from "../../../runtime/generate/agent_names.ts";
import { HOSTILE_IDS } from "./hostile_sources.ts";

Deno.test("agentNames() keeps plain ids and gives awkward ones a safe name", () => {
  const names = agentNames(["code-reviewer", "a.d"]);
  assert.deepEqual(names.get("code-reviewer"), {
    file: "agents/code-reviewer.ts",
    constant: "codeReviewerAgent",
    node: "CodeReviewerAgentNode",
  });
  assert.match(names.get("a.d")?.file ?? "", /^agents\/a-d--[0-9a-f]{12}\.ts$/);
});

Deno.test("agentNames() tells all ids apart, on disks that know no case too, inside agents/", () => {
  const ids = [...HOSTILE_IDS, "AGENT", "a-d--000000000000"];
  const names = [...agentNames(ids).values()];
  for (const part of ["file", "constant", "node"] as const) {
    assert.equal(new Set(names.map((name) => name[part].toLowerCase())).size, ids.length, part);
  }
  for (const { file, constant, node } of names) {
    assert.match(file, /^agents\/[A-Za-z0-9][A-Za-z0-9_-]*\.ts$/);
    assert.doesNotMatch(file, /_test\.ts$|^agents\/(con|index)\.ts$/i);
    assert.match(`${constant} ${node}`, /^[a-z][A-Za-z0-9_]*Agent [A-Z][A-Za-z0-9_]*AgentNode$/);
  }
});
