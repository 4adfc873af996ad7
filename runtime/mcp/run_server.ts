// A run desk as an MCP server: packages, start, answer, status, artifacts as tools, over stdio.
import { Server } from "@modelcontextprotocol/sdk/server";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { AppError } from "../../schemas/error.ts";
import type { OfferedPackage, RunDesk } from "./run_desk.ts";

type Arguments = Readonly<Record<string, unknown>>;

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object"; readonly [key: string]: unknown };
  call(desk: RunDesk, args: Arguments): unknown;
}

const RUN_ID = { type: "string", description: "As start_run returned it" };

const TOOLS: readonly Tool[] = [
  {
    name: "list_packages",
    description: "The workflow packages that can be run, with their workflows and agents.",
    inputSchema: { type: "object", properties: {} },
    call: (desk) => ({ packages: desk.packages() }),
  },
  {
    name: "start_run",
    description:
      "Starts a run of a package on the project and returns its status once it stops, or how far it is. If it waits, use answer_run; if it is still running, run_status.",
    inputSchema: {
      type: "object",
      properties: {
        package: { type: "string", description: "A name that list_packages gives" },
        workflow: { type: "string", description: "A workflow's id; the package's entry otherwise" },
        agent: { type: "string", description: "An agent's id; the first otherwise" },
        input: { type: "string", description: "What is wanted, told to the model at the start" },
      },
      required: ["package"],
    },
    call: (desk, args) =>
      desk.start({
        package: text(args, "package") ?? "",
        workflow: text(args, "workflow"),
        agent: text(args, "agent"),
        input: text(args, "input"),
      }),
  },
  {
    name: "answer_run",
    description:
      "Answers the question of a waiting run (text), decides on its tool call (decision), or tells the model of a stopped run how to go on (text); the run goes on.",
    inputSchema: {
      type: "object",
      properties: {
        runId: RUN_ID,
        text: { type: "string" },
        decision: { enum: ["allow", "deny"] },
      },
      required: ["runId"],
    },
    call: (desk, args) => {
      const decision = args.decision === "allow" || args.decision === "deny"
        ? args.decision
        : undefined;
      return desk.answer(text(args, "runId") ?? "", { text: text(args, "text"), decision });
    },
  },
  {
    name: "run_status",
    description: "How a run stands: phase, node, what it waits for, which files it made.",
    inputSchema: { type: "object", properties: { runId: RUN_ID }, required: ["runId"] },
    call: (desk, args) => desk.status(text(args, "runId") ?? ""),
  },
  {
    name: "read_artifact",
    description: "The text of a file that a run made or changed.",
    inputSchema: {
      type: "object",
      properties: { runId: RUN_ID, path: { type: "string", description: "From run_status" } },
      required: ["runId", "path"],
    },
    call: (desk, args) => desk.readArtifact(text(args, "runId") ?? "", text(args, "path") ?? ""),
  },
];

/** Serves a desk on standard input and output until the client closes them. */
export async function serveDesk(desk: RunDesk, version: string): Promise<void> {
  const server = new Server({ name: "crewagent", version }, {
    capabilities: { tools: {} },
    instructions: instructionsFor(desk.packages()),
  });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  }));
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }) => await callTool(desk, params.name, params.arguments ?? {}),
  );
  const transport = new StdioServerTransport();
  const closed = Promise.withResolvers<void>();
  server.onclose = closed.resolve;
  await server.connect(transport);
  // The library does not notice that the client has gone.
  (await import("node:process")).default.stdin.once("end", closed.resolve);
  await closed.promise;
  await desk.close();
}

async function callTool(desk: RunDesk, name: string, args: Arguments) {
  const tool = TOOLS.find((known) => known.name === name);
  try {
    if (!tool) throw new AppError("USAGE", `There is no tool "${name}"`);
    const value = await tool.call(desk, args);
    const result = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    return { content: [{ type: "text" as const, text: result }] };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const message = `${thrown.code}: ${thrown.message}`;
    return { content: [{ type: "text" as const, text: message }], isError: true };
  }
}

function text(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw new AppError("USAGE", `"${name}" takes a text, not ${JSON.stringify(value).slice(0, 80)}`);
}

function instructionsFor(packages: readonly OfferedPackage[]): string {
  const list = packages.map(({ name, description }) => `${name}: ${description}`).join("\n");
  return `Runs agent workflows on a project folder. Start one with start_run; answer what it asks with answer_run.\n${list}`;
}
