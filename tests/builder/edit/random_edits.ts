// Random edits for the property tests: seeded, hostile values among them. What is generated has the
// shape of an edit; whether it is allowed, the edit says itself.
import { copyNodes, type Draft, type DraftWorkflow } from "../../../builder/edit/draft.ts";
import { fileHash } from "../../../builder/edit/file_edits.ts";
import type { Edit, EditKind } from "../../../schemas/edit.ts";
import type { NodeType } from "../../../schemas/package.ts";

/** Texts that break naive writers. */
export const HOSTILE_TEXTS: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "../x",
  "../../etc/passwd",
  "/abs",
  "C:\\x",
  "con",
  "a".repeat(10_000),
  "\u0000\u0001\u001b[31m\u007f",
  "line\nbreak\r\nand\ttab\u2028sep",
  "\ud800 lone surrogate",
  "---",
  "---\nnodeId: evil\n---",
  "...",
  "# Heading",
  "## Goal\n\nstolen",
  "## Instructions",
  "text\n\n# Title\n\n## Completion\n\nmore",
  "```\nopen fence",
  "~~~~js\n## not a heading\n```\n",
  "a: b # c",
  "- item",
  "&anchor *alias !!tag %dir @at `tick`",
  "{flow: [map]}",
  "| literal\n  block",
  "> folded",
  "\"quoted\" and 'single'",
  "yes",
  "null",
  "1.10",
  "2026-11-21",
  "0x1F",
  "[link](steps/none.md)",
  "x](https://evil.example)[y",
  "<script>alert(1)</script>",
  "{{topic}}",
  "😀 – ü ß 漢字",
  " leading and trailing ",
  "",
];

const IDS = ["plan", "a", "b.c", "X", "x", "Con", "__proto__", "constructor", "../x", "n:1", "1"];

/** A stream of numbers in [0, 1) that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Makes edits for a draft. */
export class RandomEdits {
  constructor(readonly random: () => number) {}

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)] as Item;
  }

  some<Item>(items: readonly Item[]): Item[] {
    return items.filter(() => this.random() < 0.4);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  text(): string {
    return this.chance(0.5) ? this.pick(HOSTILE_TEXTS) : `Text ${Math.floor(this.random() * 50)}`;
  }

  id(): string {
    return this.chance(0.5) ? this.pick(IDS) : `id-${Math.floor(this.random() * 40)}`;
  }

  point() {
    return { x: Math.floor(this.random() * 2000), y: Math.floor(this.random() * 2000) };
  }

  maybe(key: string, make: () => unknown, probability = 0.3): Record<string, unknown> {
    return this.chance(probability) ? { [key]: make() } : {};
  }

  next(draft: Draft, kind: EditKind = this.pick(KINDS)): Edit {
    const workflowIds = draft.workflows.map(({ id }) => id);
    const workflowId = this.chance(0.02) ? this.id() : this.pick(workflowIds);
    const workflow = draft.workflow(workflowId) ?? draft.workflow(workflowIds[0] ?? "");
    const made = this.#make(kind, draft, workflow as DraftWorkflow);
    return { kind, workflowId, ...made } as unknown as Edit;
  }

  #make(kind: EditKind, draft: Draft, workflow: DraftWorkflow): Record<string, unknown> {
    const nodeIds = workflow.nodes.map(({ id }) => id);
    const refs = workflow.edges.map(({ ref }) => ref);
    const agentIds = draft.agents.map(({ id }) => id);
    const type = () =>
      this.pick<NodeType>(["step", "step", "decision", "merge", "end", "subworkflow"]);
    const node = () => this.chance(0.02) ? this.id() : this.pick(nodeIds);
    const ref = () => refs.length === 0 || this.chance(0.02) ? this.id() : this.pick(refs);
    const nullable = (make: () => unknown) => () => this.chance(0.2) ? null : make();
    const list = nullable(() => [this.text(), this.text()]);
    switch (kind) {
      case "node.add":
        return {
          type: type(),
          at: this.point(),
          ...this.maybe("title", () => this.text(), 0.7),
          ...this.maybe("nodeId", () => this.id()),
          ...this.maybe("agentId", () => this.pick([...agentIds, "nobody"]), 0.2),
          ...(this.chance(0.5)
            ? this.maybe(
              "from",
              () => ({ nodeId: node(), ...this.maybe("label", () => this.text()) }),
              0.7,
            )
            : this.maybe("onEdge", ref, 0.7)),
        };
      case "nodes.move":
        return {
          positions: Object.fromEntries(this.some(nodeIds).map((id) => [id, this.point()])),
        };
      case "node.splice":
        return { nodeId: node(), edge: ref(), at: this.point() };
      case "node.change":
        return {
          nodeId: node(),
          fields: {
            ...this.maybe("title", nullable(() => this.text())),
            ...this.maybe("type", type, 0.15),
            ...this.maybe("agentId", nullable(() => this.pick([...agentIds, "nobody"]))),
            ...this.maybe("description", nullable(() => this.text())),
            ...this.maybe("inputs", list),
            ...this.maybe("outputs", list),
            ...this.maybe("setsVariables", list),
            ...this.maybe("goal", nullable(() => this.text())),
            ...this.maybe("instructions", nullable(() => this.text())),
            ...this.maybe("completion", nullable(() => this.text())),
            ...this.maybe("passContext", nullable(() => true), 0.1),
            ...this.maybe("subworkflowRef", () => this.pick(draft.workflows).id, 0.1),
            ...this.maybe("checks", () => [{ variable: "v", exists: true }], 0.1),
          },
        };
      case "node.rename":
        return { nodeId: node(), newNodeId: this.id() };
      case "nodes.delete":
        return {
          nodeIds: [node(), ...(this.chance(0.3) ? this.some(nodeIds) : [])],
          reconnect: this.chance(0.6),
        };
      case "nodes.duplicate":
        return { nodeIds: this.some(nodeIds).slice(0, 5), by: this.point() };
      case "nodes.paste": {
        const from = this.pick(draft.workflows).id;
        const ids = (draft.workflow(from)?.nodes ?? []).map(({ id }) => id);
        return { clip: copyNodes(draft, from, this.some(ids).slice(0, 5)), at: this.point() };
      }
      case "edge.add":
        return { from: node(), to: node(), ...this.maybe("label", () => this.text()) };
      case "edge.change":
        return {
          edge: ref(),
          fields: {
            ...this.maybe("label", () => this.text()),
            ...this.maybe("isDefault", () => this.chance(0.5)),
            ...this.maybe("conditionText", nullable(() => this.text())),
            ...this.maybe(
              "conditionExpr",
              nullable(() => ({ "==": [{ var: this.text() }, this.text()] })),
            ),
            ...this.maybe("from", node, 0.2),
            ...this.maybe("to", node, 0.2),
          },
        };
      case "edges.delete":
        return { edges: refs.length === 0 ? [] : [ref()] };
      case "entry.set":
        return { nodeId: node() };
      case "layout.auto":
        return this.maybe("nodeIds", () => this.some(nodeIds));
      case "workflow.add":
        return {
          workflowId: undefined,
          displayName: this.text(),
          ...this.maybe("workflowId", () => this.id()),
        };
      case "workflow.change":
        return {
          fields: {
            ...this.maybe("displayName", nullable(() => this.text())),
            ...this.maybe("description", nullable(() => this.text())),
            ...this.maybe("tags", list),
            ...this.maybe("workflowType", () => this.text()),
            ...this.maybe(
              "variables",
              nullable(() => ({ [this.text() || "k"]: this.text(), n: 1.5, l: [] })),
            ),
            ...this.maybe("goal", nullable(() => this.text().replaceAll("](", "] ("))),
            ...this.maybe("howToExecute", nullable(() => this.text().replaceAll("](", "] ("))),
          },
        };
      case "workflow.rename":
        return { newWorkflowId: this.id() };
      case "workflow.duplicate":
        return this.maybe("newWorkflowId", () => this.id());
      case "workflows.order":
        return { workflowIds: draft.workflows.map(({ id }) => id).reverse() };
      case "agent.add":
        return { agent: { ...this.maybe("id", () => this.id()), metadata: { name: this.text() } } };
      case "agent.change":
        return {
          agentId: this.pick(agentIds),
          fields: {
            ...this.maybe("systemPrompt", nullable(() => this.text())),
            ...this.maybe(
              "metadata",
              () => ({ title: this.text() || "T", description: this.text() }),
            ),
            ...this.maybe("menu", nullable(() => [{ description: "Go", workflow: this.id() }])),
            ...this.maybe("tools", () => ({ csv: { enabled: true } }), 0.1),
            ...this.maybe("nonsense", () => 1, 0.05),
          },
        };
      case "agent.rename":
        return { agentId: this.pick(agentIds), newAgentId: this.id() };
      case "agent.duplicate":
        return { agentId: this.pick(agentIds) };
      case "agent.delete":
        return {
          agentId: this.pick(agentIds),
          ...this.maybe("replaceBy", () => this.pick([...agentIds, null]), 0.7),
        };
      case "manifest.change":
        return {
          fields: {
            ...this.maybe("name", () => this.text()),
            ...this.maybe("version", () => this.pick(["1.2.3", "x", "2.0.0-rc.1"])),
            ...this.maybe("author", nullable(() => this.text())),
          },
        };
      case "file.write":
        return this.#fileWrite(draft);
      case "file.delete":
        return { path: this.pick([...draft.files.keys()]) };
      case "file.rename":
        return {
          path: this.pick([...draft.files.keys()]),
          newPath: this.pick([
            "assets/moved.md",
            "assets/deep/x.txt",
            "../x",
            "bmad.json",
            this.text(),
          ]),
        };
      default:
        return {};
    }
  }

  #fileWrite(draft: Draft): Record<string, unknown> {
    const path = this.chance(0.3)
      ? this.pick(["assets/new.md", "assets/__proto__", "assets/a b.txt", "../x", "steps/x.md"])
      : this.pick([...draft.files.keys()]);
    const bytes = draft.files.get(path);
    const baseSha256 = bytes && !this.chance(0.05) ? fileHash(bytes) : null;
    const old = bytes ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : "";
    // Harmless for any document: a comment in front matter, blanks behind JSON, or broken text.
    const harmless = old.startsWith("---\n") ? old.replace("---\n", "---\n# note\n") : `${old}\n`;
    const text = this.chance(0.2) && old !== ""
      ? old.slice(0, Math.floor(old.length / 2))
      : harmless;
    const isAsset = path.startsWith("assets/");
    return { path, text: isAsset ? text : text === harmless ? harmless : "{ broken", baseSha256 };
  }
}

/** All kinds; those of the canvas more often. */
export const KINDS: readonly EditKind[] = [
  ...["node.add", "edge.add", "node.change", "edge.change"] as EditKind[],
  "node.add",
  "nodes.move",
  "node.splice",
  "node.change",
  "node.rename",
  "nodes.delete",
  "nodes.duplicate",
  "nodes.paste",
  "edge.add",
  "edge.change",
  "edges.delete",
  "entry.set",
  "layout.auto",
  "workflow.add",
  "workflow.change",
  "workflow.rename",
  "workflow.duplicate",
  "workflow.delete",
  "workflows.order",
  "workflow.default",
  "agent.add",
  "agent.change",
  "agent.rename",
  "agent.duplicate",
  "agent.delete",
  "manifest.change",
  "file.write",
  "file.delete",
  "file.rename",
];
