// Exercise: does an answer come piece by piece?
import { type ExerciseContext, failed, passed, type Verdict } from "./exercise.ts";
import type { LlmDelta } from "../llm.ts";

/** Passes if the answer, or the reasoning before it, comes in more than one piece before its end. */
export async function streaming({ ask }: ExerciseContext): Promise<Verdict> {
  const pieces: LlmDelta[] = [];
  const reply = await ask({
    messages: [{
      role: "user",
      content: "Write the numbers from one to twelve as words, with commas, and nothing else.",
    }],
    onDelta: (delta) => pieces.push(delta),
    onRetry: () => pieces.length = 0,
  });
  // An answer that came whole still makes one piece of reasoning and one of text.
  const count = (kind: LlmDelta["kind"]) => pieces.filter((piece) => piece.kind === kind).length;
  const most = Math.max(count("text"), count("reasoning"));
  if (most > 1) return passed(`The answer came in ${most} pieces`);
  if (pieces.length === 0 && reply.content === "") {
    return failed(
      "It answered a simple question with nothing: check the model's chat template and its limit for answers",
    );
  }
  return failed(
    "The answer came in one piece: runs work, but show nothing until an answer is whole; switch streaming on in the profile and in the server or a proxy before it",
  );
}
