// What kind of file some first bytes are. Knows enough to tell a model why it cannot read them.

/** Bytes from the head of a file that `binaryType` wants to see. */
export const SNIFF_BYTES = 8192;

/** First bytes (Latin-1) of common formats. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ["\x89PNG\r\n\x1a\n", "PNG image"],
  ["\xff\xd8\xff", "JPEG image"],
  ["GIF8", "GIF image"],
  ["%PDF-", "PDF document"],
  ["PK\x03\x04", "ZIP archive (or an Office document)"],
  ["PK\x05\x06", "ZIP archive (empty)"],
  ["\x1f\x8b", "gzip archive"],
  ["7z\xbc\xaf\x27\x1c", "7-Zip archive"],
  ["\xd0\xcf\x11\xe0", "Office document (old format)"],
  ["SQLite format 3\0", "SQLite database"],
  ["\x7fELF", "Linux program"],
  ["MZ", "Windows program"],
  ["\0asm", "WebAssembly module"],
  ["OggS", "Ogg media"],
  ["ID3", "MP3 audio"],
  ["wOF", "web font"],
  ["\xff\xfe", "UTF-16 text (convert it to UTF-8 first)"],
  ["\xfe\xff", "UTF-16 text (convert it to UTF-8 first)"],
];

/** Formats that could begin like a text need a NUL byte, too. */
const LETTERS_ONLY = ["MZ", "ID3", "wOF", "GIF8", "OggS"];

/** The type of a binary file by its head, `undefined` for text. A PDF counts as binary. */
export function binaryType(head: Uint8Array): string | undefined {
  const bytes = head.subarray(0, SNIFF_BYTES);
  const hasNul = bytes.includes(0);
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known && (hasNul || !LETTERS_ONLY.includes(known[0]))) return known[1];
  if (!hasNul) return undefined;
  return start.startsWith("RIFF") ? "RIFF media (WebP, WAV or AVI)" : "binary data";
}
