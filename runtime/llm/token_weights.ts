// What the characters of a text weigh in tokens, fitted to real tokenizers (`deno task
// bench:estimate`). Not here: a tokenizer. One pass, no allocation: texts of megabytes pass through.

const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const SPACE = 4;
const BREAK = 5;
const SIGN = 6;

/** Class of each ASCII character. */
const ASCII_CLASS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 32) return SPACE;
  return code === 9 || code === 10 || code === 13 ? BREAK : SIGN;
});

// Hundredths of a token, so that sums are whole numbers and the same on every machine.
const WORD = 110;
/** From the seventh letter of a word on, and from the fifteenth: no word is that long. */
const LONG_LETTER = 10;
const STRAY_LETTER = 45;
const MORE_CAPITAL = 105;
/** Qwen, Gemma and Mistral take one token for each digit; others one for up to three. */
const FIRST_DIGIT = 135;
const DIGIT_AFTER_SPACE = 200;
const MORE_DIGIT = 100;
const FIRST_SIGN = 70;
const MORE_SIGN = 25;
const FIRST_BREAK = 60;
const INDENTATION = 55;
const SECOND_BLANK = 60;
const MORE_BLANK = 5;

/** First UTF-16 unit of each range of scripts, and what each of its units weighs. */
const SCRIPTS: readonly (readonly [firstUnit: number, weight: number])[] = [
  [0x80, 180], // Latin with accents
  [0x300, 45], // Greek, Cyrillic
  [0x530, 70], // Hebrew, Arabic
  [0x800, 115], // India, Thailand
  [0x1200, 200], // punctuation, arrows, symbols and what is rare
  [0x3000, 90], // Chinese and Japanese
  [0xa000, 200],
  [0xac00, 105], // Korean
  [0xd800, 135], // half of an emoji or of a rare character
  [0xe000, 200],
  [0xff00, 100], // wide forms
];

/** Weight by the upper half of a unit; the few ranges that begin inside a page count from its start. */
const UNIT_WEIGHT = Uint8Array.from({ length: 0x1000 }, (_, page) => {
  const first = page << 4;
  return SCRIPTS.findLast(([start]) => first >= start)?.[1] ?? 0;
});

/** Hundredths of a token that a text takes; 0 for an empty one. */
export function weighText(text: string): number {
  let weight = 0;
  let before = OTHER;
  let run = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 128) {
      weight += UNIT_WEIGHT[unit >> 4]!;
      before = OTHER;
      continue;
    }
    const now = ASCII_CLASS[unit]!;
    run = continues(before, now) ? run + 1 : 1;
    weight += run === 1 ? firstWeight(before, now) : moreWeight(now, run);
    before = now;
  }
  return weight;
}

/** A small letter goes on with a word that began with a capital one; a capital begins a new word. */
function continues(before: number, now: number): boolean {
  return before === now || (now === LOWER && before === UPPER);
}

function firstWeight(before: number, now: number): number {
  switch (now) {
    case DIGIT:
      return before === SPACE ? DIGIT_AFTER_SPACE : FIRST_DIGIT;
    case SIGN:
      return FIRST_SIGN;
    case BREAK:
      return FIRST_BREAK;
    case SPACE:
      // Between words a space belongs to the word after it.
      return before === BREAK ? INDENTATION : 0;
    default:
      return WORD;
  }
}

function moreWeight(now: number, run: number): number {
  switch (now) {
    case LOWER:
      return run > 14 ? STRAY_LETTER : run > 6 ? LONG_LETTER : 0;
    case UPPER:
      return MORE_CAPITAL;
    case DIGIT:
      return MORE_DIGIT;
    case SIGN:
      return MORE_SIGN;
    default:
      return run === 2 ? SECOND_BLANK : MORE_BLANK;
  }
}
