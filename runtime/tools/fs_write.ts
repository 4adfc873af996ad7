// `fs.write`: a text file, whole or at its end.
import { type CallContext, encodeText } from "./call_context.ts";
import { type ChangeResult, changeTo, loadSubject, overWriteLimit } from "./change.ts";

/** Arguments of `fs.write`. */
export interface WriteArguments {
  readonly path: string;
  readonly content: string;
  readonly mode?: "overwrite" | "append";
  readonly ifMatchSha256?: string;
}

/** Plans a write; the answer holds `bytesWritten` and, for a new file, `created`. */
export async function planWrite(args: WriteArguments, context: CallContext): Promise<ChangeResult> {
  const loaded = await loadSubject(args, context);
  if (!loaded.ok) return loaded;
  const { subject } = loaded;
  const content = encodeText(args.content);
  const over = overWriteLimit(subject, content.length, context);
  if (over) return over;
  const after = args.mode === "append" && subject.before
    ? joined(subject.before.bytes, content)
    : content;
  const facts = { bytesWritten: content.length, ...(!subject.before && { created: true }) };
  return changeTo(subject, after, { ...context, ifMatchSha256: args.ifMatchSha256, facts });
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
