// How much of a text fits into a width: SVG text neither wraps nor cuts itself. An estimate from
// common widths of a system font, on the safe side; nothing is measured.

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u;
const NARROW = /[ijlItfr.,:;'|!()[\]{} -]/;
const BROAD = /[mwMW@%A-Z]/;

/** The estimated width of one character, in shares of the font's size. */
function shareOf(character: string): number {
  if (WIDE.test(character)) return 1.05;
  if (NARROW.test(character)) return 0.42;
  if (BROAD.test(character)) return 0.88;
  return 0.68;
}

/**
 * The text in at most `lines` lines, broken between words where that is possible; the last line is cut
 * with an ellipsis where more would follow. Widths as in `fitText`.
 */
export function fitLines(
  text: string,
  { width, size, lines }: { width: number; size: number; lines: number },
): string[] {
  const words = text.slice(0, 400).replace(/\s+/gu, " ").trim().split(" ");
  const shown: string[] = [];
  while (words.length > 0 && shown.length < lines - 1) {
    let line = words.shift() ?? "";
    if (widthOf(line, size) > width) {
      return [...shown, fitText([line, ...words].join(" "), width, size)];
    }
    while (words[0] !== undefined && widthOf(`${line} ${words[0]}`, size) <= width) {
      line += ` ${words.shift()}`;
    }
    shown.push(line);
  }
  return words.length === 0 ? shown : [...shown, fitText(words.join(" "), width, size)];
}

function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, character) => sum + shareOf(character) * size, 0);
}

/**
 * The text, cut with an ellipsis where it is wider than `width` pixels at a font of `size` pixels.
 * Line breaks and runs of white space become one space.
 */
export function fitText(text: string, width: number, size: number): string {
  // A title may be as long as its document; no more of it than fits is looked at.
  const characters = [...text.slice(0, 400).replace(/\s+/gu, " ").trim()];
  let used = 0;
  for (const [index, character] of characters.entries()) {
    used += shareOf(character) * size;
    if (used <= width) continue;
    const kept = characters.slice(0, Math.max(1, index - 1)).join("").trimEnd();
    return `${kept}…`;
  }
  return characters.join("");
}
