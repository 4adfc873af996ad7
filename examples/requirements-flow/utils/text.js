// The tool of this flow. It runs in a sandbox: no files, no network, no clock.

const VAGUE = /\b(fast|slow|quick|easy|simple|user[- ]friendly|flexible|robust|modern|appropriate|sufficient|often|rarely|some|several|many|etc)\b/gi;

/** Words that cannot be tested: `{ words: [{ word, line }], count }`. */
export function findVagueWords({ text }) {
  const words = String(text).split("\n").flatMap((line, index) =>
    [...line.matchAll(VAGUE)].map(([word]) => ({ word: word.toLowerCase(), line: index + 1 }))
  );
  return { words, count: words.length };
}
