// JSON laid out in lines. Works on the text itself: numbers, escapes and the order of keys stay as they
// were written, which they would not if the value were written anew.

/** The text with one entry a line; `undefined` for what is no JSON. */
export function layOutJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const out: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      out.push(token, newLine(++depth));
    } else if (token === "}" || token === "]") {
      // Nothing stands between: the bracket closes on its own line.
      if (out.at(-1) === newLine(depth) && /^[{[]$/.test(out.at(-2) ?? "")) {
        out.pop();
        depth--;
        out.push(token);
      } else out.push(newLine(--depth), token);
    } else if (token === ",") out.push(",", newLine(depth));
    else if (token === ":") out.push(": ");
    else out.push(token);
  }
  return out.join("");
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON may be nested as deeply as it is long; lines are moved in only so far. */
const DEEPEST = 20;

function newLine(depth: number): string {
  return `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
}
