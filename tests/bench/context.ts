// Tokens sent for examples/create-story with a fresh context for each node, against one conversation
// that grows through the run; the model plays the recorded conversation in both. Not a test.
//
//   deno task bench:context
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectionFromEnvironment } from "../../runtime/llm/connection.ts";
import { openLlm } from "../../runtime/llm/open_llm.ts";
import { answersPerson, NO_ANSWERS } from "../../runtime/run/answers.ts";
import { executeRun } from "../../runtime/run/execute_run.ts";
import { DEFAULT_RUN_OPTIONS } from "../../runtime/run/run_folder.ts";
import { readRunLog } from "../../runtime/run/run_log.ts";
import { startRun } from "../../runtime/run/start_run.ts";
import {
  playConversation,
  readConversation,
  type SentMessage,
} from "../journeys/scripted_conversation.ts";
import { startModelServer } from "../model_server/model_server.ts";
import type { Reply } from "../model_server/script.ts";
import type { Answer } from "../../schemas/question.ts";

const fresh = await tokensSent("node");
const grown = await tokensSent("run");
const row = (name: string, { requests, tokens, largest }: Sent) =>
  console.log(
    `${name.padEnd(26)} ${
      String(tokens).padStart(8)
    } tokens in ${requests} requests, the largest ${largest}`,
  );
row("a fresh context per node", fresh);
row("one growing conversation", grown);
console.log(`ratio ${(grown.tokens / fresh.tokens).toFixed(2)}`);

interface Sent {
  readonly requests: number;
  readonly tokens: number;
  readonly largest: number;
}

async function tokensSent(context: "node" | "run"): Promise<Sent> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
  const conversation = readConversation("create-story");
  const player = playConversation(conversation);
  await using server = startModelServer({
    reply: ({ body }) => player.next(body.messages as unknown as SentMessage[]) as Reply,
  });
  try {
    const projectDir = join(dir, "project");
    await Deno.mkdir(projectDir);
    for (const [path, content] of Object.entries(conversation.project ?? {})) {
      await Deno.mkdir(join(projectDir, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(projectDir, path), content);
    }
    const model = { model: "m", baseUrl: server.baseUrl };
    const run = await startRun({
      source: fileURLToPath(new URL("../../examples/create-story", import.meta.url)),
      projectDir,
      dataDir: join(dir, "data"),
      connection: { provider: "openai", ...model },
      options: { ...DEFAULT_RUN_OPTIONS, allowAll: true, context },
    });
    const answers = conversation.answers as readonly Answer[];
    const outcome = await executeRun(run, {
      llm: openLlm(connectionFromEnvironment(model, {})),
      person: answersPerson({ ...NO_ANSWERS, answers }),
      listener: () => {},
      signal: new AbortController().signal,
    });
    if (outcome.phase !== "completed") throw new Error(JSON.stringify(outcome));
    const sizes = readRunLog(run.folder.logPath)
      .flatMap((event) => event.type === "request_sent" ? [event.estimatedTokens] : []);
    return {
      requests: sizes.length,
      tokens: sizes.reduce((sum, size) => sum + size, 0),
      largest: Math.max(...sizes),
    };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
