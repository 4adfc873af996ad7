// The least of an MCP server over standard input and output, so that the servers here can break every
// rule: nothing of the SDK, nothing checked.

export interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A tool: what it is listed as, and what it answers; `undefined` answers nothing. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: unknown;
  run(args: Readonly<Record<string, unknown>>, id: number): Promise<unknown> | unknown;
}

export interface ServerOptions {
  /** Asked at every `tools/list`. */
  tools(): readonly Tool[];
  /** Instead of the list of `tools`. */
  list?(params: Readonly<Record<string, unknown>>): unknown;
  /** Sees every message first. */
  seen?(message: Message): void;
}

export function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

export function send(message: Readonly<Record<string, unknown>>): void {
  write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

export function text(...texts: string[]): unknown {
  return { content: texts.map((text) => ({ type: "text", text })) };
}

export function greet(id: number | undefined): void {
  send({
    id,
    result: {
      protocolVersion: "2025-11-25",
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: "nasty", version: "1.0.0" },
    },
  });
}

/** Serves until the input ends. Calls run beside each other. */
export async function serve(options: ServerOptions): Promise<void> {
  for await (const message of receive()) {
    options.seen?.(message);
    const { id, method, params = {} } = message;
    if (method === "initialize") greet(id);
    if (method === "tools/list") {
      const listed = options.tools().map(({ name, description = "", inputSchema }) => ({
        name,
        description,
        inputSchema: inputSchema ?? { type: "object", properties: {} },
      }));
      send({ id, result: options.list?.(params) ?? { tools: listed } });
    }
    if (method === "tools/call") void answer(options, message);
  }
}

async function answer({ tools }: ServerOptions, { id, params }: Message): Promise<void> {
  const tool = tools().find(({ name }) => name === params?.name);
  if (!tool) return send({ id, error: { code: -32602, message: `Unknown tool ${params?.name}` } });
  const result = await tool.run(params?.arguments as Record<string, unknown>, Number(id));
  if (result !== undefined) send({ id, result });
}

async function* receive(): AsyncGenerator<Message> {
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
