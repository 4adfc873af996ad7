// A trace run again: the real engine, the package as it is now, and the recorded answers of model and
// person. Nothing is asked of a model.
import { dirname, join } from "node:path";
import { AppError } from "../../../schemas/error.ts";
import type { RunEvent } from "../../../schemas/run_event.ts";
import type { Llm } from "../../llm/llm.ts";
import { executeRun } from "../execute_run.ts";
import type { Person } from "../person.ts";
import { readRunLog } from "../run_log.ts";
import { startRun } from "../start_run.ts";
import type { Trace, TracedFile } from "./trace.ts";

/**
 * Runs a trace on a fresh project, which is gone afterwards.
 * @param source the package
 * @returns the new log
 * @throws AppError `PKG_*`, `ENGINE_PRECONDITION` if workflow or agent are gone
 */
export async function replayTrace(source: string, { header, events }: Trace): Promise<RunEvent[]> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-trace-" });
  try {
    const projectDir = join(dir, "project", safeName(header.projectName));
    await Deno.mkdir(projectDir, { recursive: true });
    for (const [path, file] of Object.entries(header.files)) {
      await writeBelow(projectDir, path.slice("@project/".length), file);
    }
    const [started] = events;
    if (started?.type !== "run_started") throw new Error("A trace begins with run_started");
    const run = await startRun({
      source,
      projectDir,
      dataDir: join(dir, "data"),
      connection: { provider: started.provider, model: started.model },
      workflowId: started.workflowId,
      agentId: started.agentId,
      input: header.input,
      options: header.options,
    });
    await executeRun(run, {
      llm: recordedLlm(started, events),
      person: recordedPerson(events),
      listener: () => {},
      signal: new AbortController().signal,
    });
    return readRunLog(run.folder.logPath);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function recordedLlm(
  { provider, model }: { provider: string; model: string },
  events: readonly RunEvent[],
): Llm {
  const answers = events.flatMap((event) => event.type === "assistant_message" ? [event] : []);
  return {
    provider,
    model,
    simulated: true,
    contextWindowTokens: Number.MAX_SAFE_INTEGER,
    complete() {
      const next = answers.shift();
      if (!next) {
        return Promise.reject(
          new AppError("LLM_BAD_RESPONSE", "The trace has no further answer of the model"),
        );
      }
      const { content, toolCalls = [], extras } = next.message;
      return Promise.resolve({
        content,
        toolCalls,
        finishReason: toolCalls.length > 0 ? "tool_calls" : "stop",
        ...(extras && { extras }),
      });
    },
  };
}

function recordedPerson(events: readonly RunEvent[]): Person {
  const answers = events.flatMap((event) => event.type === "question_answered" ? [event] : []);
  const decisions = events.flatMap((event) => event.type === "approval_decided" ? [event] : []);
  const first = events.findIndex(({ type }) => type === "prompt_composed");
  const advice = events.slice(Math.max(first, 0))
    .flatMap((event) => event.type === "user_input" ? [event.text] : []);
  return {
    ask() {
      const next = answers.shift();
      return Promise.resolve(next ? { answer: next.answer, by: next.by } : null);
    },
    approve: () => Promise.resolve(decisions.shift()?.decision ?? null),
    advise: () => Promise.resolve(advice.shift() ?? null),
  };
}

async function writeBelow(dir: string, path: string, file: TracedFile): Promise<void> {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part))) {
    throw new AppError("TRACE_INVALID", `A trace may not write "@project/${path}"`);
  }
  const target = join(dir, ...parts);
  await Deno.mkdir(dirname(target), { recursive: true });
  const content = "text" in file
    ? new TextEncoder().encode(file.text)
    : Uint8Array.fromBase64(file.base64);
  await Deno.writeFile(target, content);
}

function safeName(name: string): string {
  return /^[^/\\\0]+$/.test(name) && name !== "." && name !== ".." ? name : "project";
}
