// CrewAgent as a tool of another program: the SDK's own client drives the executable.
import assert from "node:assert/strict";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { binaryPath, journey } from "./binary.ts";

interface Status {
  readonly runId: string;
  readonly phase: string;
  readonly waitsFor?: { readonly kind: string; readonly question: { readonly question: string } };
  readonly artifacts: readonly string[];
}

async function connected(work: (client: Client, dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "crewagent-mcp-serve-" });
  await Deno.mkdir(join(dir, "project"));
  const client = new Client({ name: "journey", version: "1.0.0" });
  const transport = new StdioClientTransport({
    command: binaryPath(),
    args: ["mcp", "serve", "examples/hello-branch", "--project", join(dir, "project")]
      .concat("--simulate", "--data", join(dir, "data")),
    stderr: "inherit",
  });
  try {
    await client.connect(transport);
    await work(client, dir);
  } finally {
    await client.close();
    // The library leaves a timer of two seconds behind, for a server that does not end.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await Deno.remove(dir, { recursive: true });
  }
}

async function call(client: Client, name: string, args: Record<string, unknown>) {
  const result = await client.callTool({ name, arguments: args });
  const [{ text = "" } = {}] = result.content as { text?: string }[];
  return { text, isError: result.isError === true };
}

journey(
  "crewagent mcp serve lets another program start, answer and read a run",
  () =>
    connected(async (client) => {
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map(({ name }) => name), [
        "list_packages",
        "start_run",
        "answer_run",
        "run_status",
        "read_artifact",
      ]);
      const packages = await call(client, "list_packages", {});
      assert.match(packages.text, /"name": "hello-branch"/);

      const started = await call(client, "start_run", { package: "hello-branch" });
      const waiting: Status = JSON.parse(started.text);
      assert.equal(waiting.phase, "waiting");
      assert.ok(waiting.waitsFor?.question.question);

      const answered = await call(client, "answer_run", { runId: waiting.runId, text: "a fact" });
      const done: Status = JSON.parse(answered.text);
      assert.equal(done.phase, "completed", answered.text);
      const [path = ""] = done.artifacts;
      const artifact = await call(client, "read_artifact", { runId: done.runId, path });
      assert.match(artifact.text, /\[simulation\]/);

      const unknown = await call(client, "start_run", { package: "nothing" });
      assert.ok(unknown.isError);
      assert.match(unknown.text, /PKG_NOT_FOUND.*There are: hello-branch/);
      assert.ok((await call(client, "run_status", { runId: "x" })).isError);
      assert.ok((await call(client, "start_run", { package: 7 })).isError);
    }),
);
