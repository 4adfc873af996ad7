// Exercise: does the model call a tool, properly and with the argument it was given?
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { callsOf, excerpt, isSameJson, quoted } from "./model_answer.ts";
import { askForCalls, CALL_ADVICE, READ_TOOL } from "./probe_tools.ts";

const ARGUMENTS = { path: "@project/notes/harbour-17.md" };

/** Passes if one call with the exact argument comes back; one that had to be mended does not pass. */
export async function toolCall({ ask }: ExerciseContext): Promise<Verdict> {
  const reply = await ask({
    messages: askForCalls(`Read the file "${ARGUMENTS.path}" with one call of fs_read.`),
    tools: [READ_TOOL],
  });
  const [call, ...others] = callsOf(reply);
  if (!call) {
    return failed(`It answered ${quoted(reply)} instead of calling the tool: ${CALL_ADVICE}`);
  }
  if (others.length > 0) {
    return failed(
      `It made ${
        others.length + 1
      } calls where one was asked for: choose a model that follows instructions more closely`,
    );
  }
  if (call.name !== READ_TOOL.name || !isSameJson(call.args, ARGUMENTS)) {
    return failed(
      `It called ${excerpt(call.name)} with ${excerpt(call.args)} instead of fs_read with ${
        excerpt(ARGUMENTS)
      }: choose a model that follows instructions more closely`,
    );
  }
  if (reply.repairs?.length) {
    return failed(
      `The call was right only after mending (${
        reply.repairs.join("; ")
      }): runs mostly work, but give the server the model's own chat template for tools`,
    );
  }
  return passed("It called the tool with the exact argument");
}
