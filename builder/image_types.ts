// Which files a browser may show as pictures, and how their bytes begin.

/** Name of the format in `Content-Type` by what a file's name ends in. */
const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  bmp: "image/bmp",
  svg: "image/svg+xml",
};

// deno-lint-ignore no-control-regex
const PNG = /^\x89PNG\r\n\x1a\n/;
// deno-lint-ignore no-control-regex
const ICO = /^\0\0\x01\0/;

/** First bytes (Latin-1; a dot stands for any). SVG is a text and has none. */
const HEADS: readonly (readonly [string, RegExp])[] = [
  ["image/png", PNG],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["image/avif", /^[^]{4}ftypavi[fs]/],
  ["image/x-icon", ICO],
  ["image/bmp", /^BM/],
];

/** The type that a file's name promises; `undefined` if it is no picture. */
export function imageTypeOfName(path: string): string | undefined {
  const end = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES, end) ? TYPES[end] : undefined;
}

/** The type of a picture, if its name and its first bytes agree about it. */
export function imageTypeOf(path: string, head: Uint8Array): string | undefined {
  const type = imageTypeOfName(path);
  if (type === undefined || type === "image/svg+xml") return type;
  const start = String.fromCharCode(...head.subarray(0, 16));
  return HEADS.some(([known, pattern]) => known === type && pattern.test(start)) ? type : undefined;
}
