// Engine time per tool-call turn against a bare loop over the `openai` library that does the same file
// operations on the same server in the same run. Prints medians and their ratio. Not a test.
//
//   deno task bench:engine [--turns 50] [--rounds 5]
import { join } from "node:path";
import OpenAI from "openai";
import { benchOptions, makeProject, median, runEngine, startServer } from "./engine_workload.ts";

const { turns, rounds } = benchOptions({ turns: "50", rounds: "5" });

const dir = await Deno.makeTempDir({ prefix: "crewagent-bench-" });
const server = await startServer(turns);
const work = { dir, turns, baseUrl: server.baseUrl };
try {
  const bare: number[] = [];
  const synced: number[] = [];
  const engine: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const measured = [
      await runBare(round, false),
      await runBare(round, true),
      (await runEngine(work, `engine-${round}`)).perTurn,
    ];
    if (round === 0) continue; // warm-up
    [bare, synced, engine].forEach((list, index) => list.push(measured[index] ?? NaN));
  }
  const base = median(bare);
  const row = (name: string, value: number) =>
    console.log(
      `${name.padEnd(34)} ${value.toFixed(2)} ms a turn   ${(value / base).toFixed(2)} x`,
    );
  console.log(`median of ${rounds} rounds of ${turns} turns, one file operation a turn`);
  row("bare openai loop", base);
  row("the same with a synced journal", median(synced));
  row("engine, every event on disk", median(engine));
} finally {
  server.kill();
  await Deno.remove(dir, { recursive: true });
}

async function runBare(round: number, journal: boolean): Promise<number> {
  const client = new OpenAI({ baseURL: server.baseUrl, apiKey: "none" });
  const project = await makeProject(dir, `bare-${round}-${journal}`);
  const log = await Deno.open(join(project, "..", `bare-${round}.jsonl`), {
    create: true,
    append: true,
  });
  // deno-lint-ignore no-explicit-any -- the point is a loop as anyone would write it
  const messages: any[] = [{ role: "user", content: "NODE_BRIEF\n{}" }];
  const started = performance.now();
  for (let turn = 0; turn < turns; turn++) {
    const stream = await client.chat.completions.create({
      model: "m",
      messages,
      stream: true,
    });
    const call = { id: "", name: "", arguments: "" };
    for await (const chunk of stream) {
      const piece = chunk.choices[0]?.delta.tool_calls?.[0];
      if (piece?.id) call.id = piece.id;
      call.name += piece?.function?.name ?? "";
      call.arguments += piece?.function?.arguments ?? "";
    }
    const args = JSON.parse(call.arguments);
    const path = join(project, args.path.replace("@project/", ""));
    let result = "done";
    if (call.name === "fs_write") await Deno.writeTextFile(path, args.content);
    else result = await Deno.readTextFile(path);
    messages.push(
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: call.id, type: "function", function: call }],
      },
      { role: "tool", tool_call_id: call.id, content: result },
    );
    if (!journal) continue;
    const lines = messages.slice(-2).map((message) => `${JSON.stringify(message)}\n`).join("");
    await log.write(new TextEncoder().encode(lines));
    await log.syncData();
  }
  log.close();
  return (performance.now() - started) / turns;
}
