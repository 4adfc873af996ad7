// Exercise: does the model make two calls in one message?
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import { callsOf, quoted } from "./model_answer.ts";
import { askForCalls, CALL_ADVICE, READ_TOOL } from "./probe_tools.ts";

const PATHS = ["@project/notes/north.md", "@project/notes/south.md"];

/** Passes if both files are asked for in one message. Failing costs time in a run, no more. */
export async function parallelToolCalls({ ask }: ExerciseContext): Promise<Verdict> {
  const reply = await ask({
    messages: askForCalls(
      `Read "${PATHS[0]}" and "${
        PATHS[1]
      }" at once: call fs_read two times in this one message, once for each file.`,
    ),
    tools: [READ_TOOL],
  });
  const paths = callsOf(reply).map(({ args }) => args?.path);
  if (paths.length === 0) {
    return failed(`It answered ${quoted(reply)} instead of calling the tool: ${CALL_ADVICE}`);
  }
  if (PATHS.every((path) => paths.includes(path))) {
    return passed("It made two calls in one message");
  }
  if (paths.length === 1) {
    return failed(
      "It makes one call at a time: runs work but take more turns; look for a setting such as parallel tool calls in the server",
    );
  }
  return failed(
    `It made ${paths.length} calls, but not one for each of the two files: runs work but take more turns; a larger model may do better`,
  );
}
