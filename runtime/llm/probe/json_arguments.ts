// Exercise: do arguments with quotes, line breaks, backslashes, Unicode and lists come back exact?
import type { ToolDefinition } from "../../../schemas/tool.ts";
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { callsOf, excerpt, isSameJson, quoted } from "./model_answer.ts";
import { askForCalls, CALL_ADVICE } from "./probe_tools.ts";

const ARGUMENTS: Readonly<Record<string, unknown>> = {
  path: "@project/artifacts/log book.md",
  content:
    'She said "cast off", then:\n\n\tC:\\harbour\\new\\table\n- naïve café — 東京 🚢\n- {"not": "json"}\n',
  tags: [["tea", "12 crates"], ["salt", 'the "fine" one'], []],
};

const TOOL: ToolDefinition = {
  name: "save_note",
  description: "Save a note as a file.",
  parameters: {
    type: "object",
    properties: {
      path: { type: "string" },
      content: { type: "string", description: "Text of the note" },
      tags: { type: "array", items: { type: "array", items: { type: "string" } } },
    },
    required: ["path", "content", "tags"],
    additionalProperties: false,
  },
};

/** Passes if every character comes back; broken JSON does not pass, even where it could be mended. */
export async function jsonArguments({ ask }: ExerciseContext): Promise<Verdict> {
  const reply = await ask({
    messages: askForCalls(
      `Call save_note once with exactly these arguments, every character as it is here:\n\n${
        JSON.stringify(ARGUMENTS, null, 2)
      }`,
    ),
    tools: [TOOL],
  });
  const call = callsOf(reply).find(({ name }) => name === TOOL.name);
  if (!call) {
    return failed(`It answered ${quoted(reply)} instead of calling the tool: ${CALL_ADVICE}`);
  }
  const { args } = call;
  if (!args) {
    return failed(
      "It made the call with broken JSON that cannot be mended: choose a larger model, or one that is less strongly quantized",
    );
  }
  const names = [...new Set([...Object.keys(ARGUMENTS), ...Object.keys(args)])];
  const different = names.find((name) => !isSameJson(args[name], ARGUMENTS[name]));
  if (different !== undefined) {
    return failed(
      `The argument "${different}" came back as ${
        excerpt(args[different])
      }, not as it was given: files may be written wrong; choose a larger model, or one that is less strongly quantized`,
    );
  }
  if (reply.repairs?.length) {
    return failed(
      `The call was right only after mending (${
        reply.repairs.join("; ")
      }): runs mostly work, but a larger model or the server's own tool format is safer`,
    );
  }
  return passed("Quotes, line breaks, backslashes, Unicode and nested lists came back exact");
}
