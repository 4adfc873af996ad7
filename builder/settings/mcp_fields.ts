// Between the fields of the form of an MCP server, which are texts, and what they say.
import type { FieldFaults } from "./field_faults.ts";
import type { McpInput } from "./mcp_input.ts";
import type { ShownMcpServer } from "./mcp_settings.ts";
import { linesOf, numberOf } from "./typed_text.ts";

type Fields = Readonly<Record<string, string>>;

/** What the fields say; the faults are those of texts that are no numbers or lists. */
export function inputOfServerFields(fields: Fields): { input: McpInput; faults: FieldFaults } {
  const faults: Record<string, string> = {};
  const timeoutSeconds = numberOf(fields.timeoutSeconds);
  if (Number.isNaN(timeoutSeconds)) {
    faults.timeoutSeconds = `"${fields.timeoutSeconds}" is no number`;
  }
  const { sandbox } = fields;
  return {
    input: {
      command: (fields.command ?? "").trim(),
      args: argsOf(fields.args ?? "", faults),
      env: envOf(fields, faults),
      cwd: (fields.cwd ?? "").trim() || null,
      timeoutSeconds: Number.isNaN(timeoutSeconds) ? null : timeoutSeconds,
      sandbox: sandbox === "on" || sandbox === "off" ? sandbox : "auto",
      hasNetwork: fields.hasNetwork === "yes",
      isEnabled: fields.isEnabled === "yes",
    },
    faults,
  };
}

/** One in a line, or a JSON list where a line would not do. */
function argsOf(text: string, faults: Record<string, string>): readonly string[] {
  if (!text.trimStart().startsWith("[")) {
    return text.split("\n").filter((line) => line.trim() !== "");
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((word) => typeof word === "string")) return list;
  } catch {
    // Said below.
  }
  faults.args = 'This begins like JSON, but is no list of texts such as ["-y", "server"]';
  return [];
}

function textOfArgs(args: readonly string[]): string {
  const isPlain = args.every((word) => word.trim() !== "" && !word.includes("\n"));
  return isPlain && !args[0]?.trimStart().startsWith("[") ? args.join("\n") : JSON.stringify(args);
}

function envOf(fields: Fields, faults: Record<string, string>): Record<string, string | null> {
  const kept = Object.keys(fields).filter((name) => name.startsWith("keep."))
    .map((name): [string, null] => [name.slice("keep.".length), null]);
  const typed = linesOf(fields.env).map((line): [string, string] => {
    const at = line.indexOf("=");
    // What stands there may be the secret itself, so it is not repeated.
    if (at < 1) faults.env = "Each line is NAME=VALUE";
    return [line.slice(0, Math.max(0, at)), line.slice(at + 1)];
  });
  return Object.fromEntries([...kept, ...typed]);
}

/** The fields of a server as it is saved; what is secret stays where it is. */
export function fieldsOfServer(server: ShownMcpServer): Fields {
  const { command, args, env, cwd, timeoutSeconds, sandbox, hasNetwork, isEnabled } = server;
  return {
    command,
    args: args.length === 0 ? "" : textOfArgs(args),
    cwd: cwd ?? "",
    timeoutSeconds: timeoutSeconds === null ? "" : String(timeoutSeconds),
    sandbox,
    hasNetwork: hasNetwork ? "yes" : "",
    isEnabled: isEnabled ? "yes" : "",
    ...Object.fromEntries(env.map((name) => [`keep.${name}`, "yes"])),
  };
}
