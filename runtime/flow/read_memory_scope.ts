// `memory_scope` of an agent, and `memory.default_scope`: `isolated`, `shared`, `shared:NAMESPACE`.
import { type FieldReader, RULE_HINT } from "./field_reader.ts";
import { quoted } from "./finding_list.ts";
import { isFlowId } from "./flow_id.ts";
import type { AgentMemory } from "./flow_source.ts";
import { DEFAULT_NAMESPACE } from "./memory.ts";

/** The scope under a key; absent or wrong is `undefined`, the latter with a finding. */
export function readMemoryScope(fields: FieldReader, key: string): AgentMemory | undefined {
  const text = fields.text(key);
  if (text === undefined) return undefined;
  if (text === "isolated") return { kind: "isolated" };
  if (text === "shared") return { kind: "shared", namespace: DEFAULT_NAMESPACE };
  const [, namespace] = /^shared:(.*)$/s.exec(text) ?? [];
  if (isFlowId(namespace)) return { kind: "shared", namespace };
  const isName = namespace !== undefined;
  fields.report(
    isName ? "FLOW_ID_INVALID" : "FLOW_VALUE_INVALID",
    [key],
    isName ? `${quoted(namespace)} is no name for a shared memory` : `"${key}" is ${quoted(text)}`,
    isName ? RULE_HINT : 'Write "isolated", "shared" or "shared:NAME"',
  );
  return undefined;
}
