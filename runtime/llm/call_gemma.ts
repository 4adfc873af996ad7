// Reads calls of Gemma 4 and FunctionGemma: `call:fs_read{path:<|"|>a.md<|"|>}`. Pure.
import { type CallBody, openIfCut } from "./call_body.ts";

const STRING_MARK = /<\|"\|>|<escape>/;
const HEAD = /\bcall:(?=[\w.-]{1,80}\s{0,9}[{(])/g;
/** Cannot stand in a string that was made JSON. */
const BEGIN = "\u0000";

/** One call, or several behind each other. */
export function readGemma(body: string): CallBody[] {
  const pieces = body.split(STRING_MARK);
  const text = pieces.map((piece, index) =>
    index % 2 === 0 ? piece.replace(HEAD, BEGIN) : JSON.stringify(piece)
  ).join("");
  return text.split(BEGIN).slice(1).map((call) => {
    const start = call.search(/[{(]/);
    const args = call.slice(start).trim().replace(/^\(([\s\S]*)\)$/, "{$1}").replace(/^\(/, "{");
    return { name: call.slice(0, start).trim(), args: openIfCut(args) };
  });
}
