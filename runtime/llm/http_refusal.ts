// Reads an answer that says no. Not here: what it means (`provider_error.ts`).
import { readWhole } from "./response_body.ts";

/** An answer that says no. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** For the body, of which only a message is wanted. */
const PATIENCE_MS = 5_000;

/** A refusal with what could be read of its body. Never throws: a body that breaks off is empty. */
export async function readRefusal(
  { status, headers, body }: Response,
  signal: AbortSignal,
): Promise<HttpRefusal> {
  const patience = { firstMs: PATIENCE_MS, idleMs: PATIENCE_MS, signal };
  return { status, headers, body: body ? await readWhole(body, patience).catch(() => "") : "" };
}
