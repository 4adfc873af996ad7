// Reads a password: typed without echo at a terminal, or the first line of standard input.
import { AppError } from "../../schemas/error.ts";

const LONGEST = 4_096;
const ENTER = [10, 13];
const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = [8, 127];

/**
 * Asks for a new password, twice at a terminal.
 * @throws AppError `USAGE` if the two differ or there is none; never with what was typed
 */
export async function askPassword(): Promise<string> {
  if (!Deno.stdin.isTerminal()) return await firstLine();
  const password = await typed("Password: ");
  if (await typed("Again:    ") === password) return password;
  throw new AppError("USAGE", "The two passwords differ. Run the command again");
}

async function firstLine(): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of Deno.stdin.readable) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes("\n") || text.length > LONGEST) break;
  }
  const [line = ""] = text.split(/\r?\n/, 1);
  if (line !== "") return line;
  throw new AppError("USAGE", "Standard input was empty, but the password is read from there");
}

/** What is typed up to Enter, unseen. */
async function typed(prompt: string): Promise<string> {
  await Deno.stderr.write(new TextEncoder().encode(prompt));
  Deno.stdin.setRaw(true);
  try {
    return await readUnseen();
  } finally {
    Deno.stdin.setRaw(false);
    await Deno.stderr.write(new TextEncoder().encode("\n"));
  }
}

async function readUnseen(): Promise<string> {
  let bytes: number[] = [];
  const buffer = new Uint8Array(256);
  for (;;) {
    const count = await Deno.stdin.read(buffer);
    for (const byte of buffer.subarray(0, count ?? 0)) {
      if (byte === CTRL_C) throw new AppError("ENGINE_ABORTED", "Nothing was changed");
      if (ENTER.includes(byte) || byte === CTRL_D) return decode(bytes);
      bytes = BACKSPACE.includes(byte) ? withoutLast(bytes) : [...bytes, byte];
    }
    if (count === null || bytes.length > LONGEST) return decode(bytes);
  }
}

/** Takes one character back, which may be several bytes of UTF-8. */
function withoutLast(bytes: readonly number[]): number[] {
  return [...new TextEncoder().encode(Array.from(decode(bytes)).slice(0, -1).join(""))];
}

function decode(bytes: readonly number[]): string {
  return new TextDecoder().decode(new Uint8Array(bytes));
}
