// Ctrl-C and TERM: the first asks the work to stop, the second ends the process.
import { EXIT } from "../../schemas/error.ts";

/**
 * Calls `stop` at the first Ctrl-C (or TERM); a second one ends the process at once. Call what it returns
 * when the work is done.
 */
export function onInterrupt(stop: () => void): () => void {
  let asked = false;
  const handler = () => {
    if (asked) Deno.exit(EXIT.interrupted);
    asked = true;
    stop();
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, handler);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, handler);
  };
}
