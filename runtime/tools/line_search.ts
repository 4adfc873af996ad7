// Collects matches with their context from the lines of many files, up to the limits of a search.
import type { LineFinder } from "./line_finder.ts";
import type { SearchMatch, SearchRequest } from "./worker_protocol.ts";

/** What is shown of one line. */
const MAX_SHOWN_CHARS = 300;

interface OpenMatch {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly before: readonly string[];
  readonly after: string[];
}

/** Takes lines in order; `begin` starts the next file. */
export class LineSearch {
  readonly #find: LineFinder;
  readonly #limits: SearchRequest;
  readonly #matches: OpenMatch[] = [];
  #path = "";
  #lineNumber = 0;
  #recent: string[] = [];
  #bytes = 0;
  #overflow: "matches" | "bytes" | undefined;

  constructor(find: LineFinder, limits: SearchRequest) {
    this.#find = find;
    this.#limits = limits;
  }

  /** A limit is passed: there is at least one match more than is kept. */
  get full(): boolean {
    return this.#overflow !== undefined;
  }

  begin(path: string): void {
    this.#path = path;
    this.#lineNumber = 0;
    this.#recent = [];
  }

  line(text: string): void {
    this.#lineNumber++;
    this.#giveContext(text);
    const at = this.#find(text);
    if (at >= 0) this.#add(text, at);
    if (this.#limits.before === 0) return;
    this.#recent.push(text);
    if (this.#recent.length > this.#limits.before) this.#recent.shift();
  }

  hits(): { matches: SearchMatch[]; truncatedBy?: "matches" | "bytes" } {
    const matches = this.#matches.map(({ before, after, ...match }) => ({
      ...match,
      ...(before.length > 0 && { before }),
      ...(after.length > 0 && { after }),
    }));
    return this.#overflow ? { matches, truncatedBy: this.#overflow } : { matches };
  }

  #add(line: string, at: number): void {
    if (this.#matches.length >= this.#limits.maxMatches) {
      this.#overflow = "matches";
      return;
    }
    const before = this.#recent.map((text) => shorten(text, 0));
    const text = shorten(line, at);
    this.#count(text, ...before);
    if (this.#bytes > this.#limits.maxBytes && this.#matches.length > 0) {
      this.#overflow = "bytes";
      return;
    }
    const position = { path: this.#path, line: this.#lineNumber, column: at + 1 };
    this.#matches.push({ ...position, text, before, after: [] });
  }

  #giveContext(text: string): void {
    for (let index = this.#matches.length - 1; index >= 0; index--) {
      const match = this.#matches[index];
      if (!match || match.path !== this.#path) return;
      if (match.line + this.#limits.after < this.#lineNumber) return;
      const shown = shorten(text, 0);
      this.#count(shown);
      match.after.push(shown);
    }
  }

  #count(...texts: readonly string[]): void {
    for (const text of texts) this.#bytes += new TextEncoder().encode(text).length;
  }
}

/** Part of a long line, round the match. */
function shorten(line: string, at: number): string {
  if (line.length <= MAX_SHOWN_CHARS) return line;
  const start = Math.max(0, Math.min(at - 80, line.length - MAX_SHOWN_CHARS));
  const end = start + MAX_SHOWN_CHARS;
  return (start > 0 ? "…" : "") + line.slice(start, end) + (end < line.length ? "…" : "");
}
