// The part of papaparse that is used here. Its published types would bring Node's globals along, which
// contradict Deno's.

/** Parses a piece of text; nothing of it reaches into the next. */
export interface PieceParser {
  /** `ignoreLastRow` leaves out what may go on in the next piece; `cursor` says where that begins. */
  parse(input: string, baseIndex: number, ignoreLastRow: boolean): {
    readonly data: readonly (readonly string[])[];
    /** `row` is an index of `data`, or its length. */
    readonly errors: readonly { readonly row?: number }[];
    readonly meta: { readonly cursor: number };
  };
}

declare const Papa: {
  readonly Parser: new (
    config: { readonly delimiter: string; readonly newline: string },
  ) => PieceParser;
  /** Finds out the delimiter. */
  parse(input: string, config: {
    readonly preview: number;
    readonly newline: string;
    readonly delimitersToGuess: readonly string[];
  }): { readonly meta: { readonly delimiter: string } };
};

export default Papa;
