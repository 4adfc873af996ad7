// Data as TypeScript that `deno fmt` leaves as it is. Whatever a text holds, it cannot end its literal.

const WIDTH = 100;
const STEP = "  ";
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,60}$/;
/** Other keys that the formatter leaves as they are: in quotes, without a backslash, no number. */
const QUOTED = /^(?!\d)[ !#%&(-[\]-~]{1,60}$/;

/**
 * Characters that editors do not show, or show as others: controls, directional and zero-width ones,
 * line separators, and beyond U+FFFF tags and variation selectors; whole pairs first, so that only
 * halves without the other are halves. `JSON.stringify` has escaped those below U+0020 already.
 */
const HIDDEN =
  /[\ud800-\udb3f\udb44-\udbff][\udc00-\udfff]|[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff]/g;

/** A string literal, in the quotes that need fewer backslashes. What an editor would hide is escaped. */
export function stringLiteral(text: string): string {
  const inDoubles = JSON.stringify(text).replace(HIDDEN, shown);
  if (!inDoubles.includes('\\"')) return inDoubles;
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return inDoubles;
  return `'${inDoubles.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A pair that can be seen stays as it is. */
function shown(found: string): string {
  if (found.length === 2) return found;
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * A value of JSON as an expression that begins at `column` in a line indented by `indent`. Long and
 * manifold texts become lists of their lines.
 */
export function literal(value: unknown, indent = "", column = WIDTH): string {
  if (typeof value === "string") return textLiteral(value, indent, column);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  if (Array.isArray(value)) return listLiteral(value, indent);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  // Foreign keys are data, too: "__proto__" as a key of a literal would be none.
  if (!entries.every(([key]) => isWritable(key))) {
    return `JSON.parse(${textLiteral(JSON.stringify(value, null, 2), indent, WIDTH)})`;
  }
  const inner = indent + STEP;
  const lines = entries.map(([key, item]) => {
    const name = NAME.test(key) ? key : stringLiteral(key);
    return `${inner}${name}: ${literal(item, inner, inner.length + name.length + 2)},\n`;
  });
  return `{\n${lines.join("")}${indent}}`;
}

function isWritable(key: string): boolean {
  return key !== "__proto__" && (NAME.test(key) || QUOTED.test(key));
}

/** A list with an item on each line. */
function listLiteral(items: readonly unknown[], indent = ""): string {
  if (items.length === 0) return "[]";
  const inner = indent + STEP;
  const isText = items.every((item) => typeof item === "string");
  const lines = items.map((item) =>
    `${inner}${isText ? stringLiteral(item as string) : literal(item, inner)},\n`
  );
  return `[\n${lines.join("")}${indent}]`;
}

/** A short text of plain characters stays on its line; the formatter would break another. */
function textLiteral(text: string, indent: string, column: number): string {
  const whole = stringLiteral(text);
  const isPlain = /^[\x20-\x7e]*$/.test(whole);
  if (isPlain && !text.includes("\n") && column + whole.length + 1 <= WIDTH) return whole;
  return `${listLiteral(text.split("\n"), indent)}.join("\\n")`;
}
