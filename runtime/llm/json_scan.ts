// Looks at text that should be JSON without parsing it: where objects end, whether a string is open.

/** True if the text stops inside a string, as an answer does that was cut off. */
export function endsInsideString(text: string): boolean {
  const scan = scanner();
  for (const char of text) scan.step(char);
  return scan.inString();
}

/** The complete top-level `{…}` of a text, in order; what stands between them is passed over. */
export function readObjects(text: string): string[] {
  const objects: string[] = [];
  for (let start = text.indexOf("{"); start >= 0;) {
    const end = endOfValue(text, start);
    if (end < 0) break;
    objects.push(text.slice(start, end));
    start = text.indexOf("{", end);
  }
  return objects;
}

/** The index behind the object or list that opens at `start`, or -1 if it is never closed. */
export function endOfValue(text: string, start: number): number {
  const scan = scanner();
  for (let index = start; index < text.length; index += 1) {
    scan.step(text[index] ?? "");
    if (scan.depth() === 0) return index + 1;
  }
  return -1;
}

/** The text with spaces for `\n`, `\r` and `\t` that were written between values. */
export function withoutLooseEscapes(text: string): string {
  const scan = scanner();
  let clean = "";
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? "";
    const isLoose = !scan.inString() && char === "\\" && "nrt".includes(text[index + 1] ?? "-");
    if (isLoose) index += 1;
    clean += isLoose ? " " : char;
    if (!isLoose) scan.step(char);
  }
  return clean;
}

interface Scanner {
  step(char: string): void;
  inString(): boolean;
  depth(): number;
}

/** Single quotes open a string too (Python), but only where a value or key may stand. */
function scanner(): Scanner {
  let quote = "";
  let escaped = false;
  let depth = 0;
  let before = "";
  return {
    step(char) {
      if (quote !== "") {
        if (escaped) escaped = false;
        else if (char === "\\") escaped = true;
        else if (char === quote) quote = "";
        return;
      }
      if (char === '"' || (char === "'" && "{[,:".includes(before))) quote = char;
      else if (char === "{" || char === "[") depth += 1;
      else if (char === "}" || char === "]") depth -= 1;
      if (char.trim() !== "") before = char;
    },
    inString: () => quote !== "",
    depth: () => depth,
  };
}
