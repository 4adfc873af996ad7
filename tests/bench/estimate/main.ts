// The estimate of tokens against real tokenizers, by kind of text. Not a test; with --record it writes
// the counts that the test of the estimate compares with.
//
//   deno task bench:estimate [--record]
import { parseArgs } from "node:util";
import { estimateTextTokens } from "../../../runtime/llm/estimate.ts";
import { makeSamples, type Sample } from "./samples.ts";
import { loadTokenizers, type Tokenizer } from "./tokenizers.ts";

const MEGABYTE = 1_000_000;

const { values } = parseArgs({ options: { record: { type: "boolean", default: false } } });
const tokenizers = await loadTokenizers();
const kinds = Map.groupBy(makeSamples(), ({ kind }) => kind);
printTable(kinds, tokenizers);
printSpeed(kinds);
if (values.record) {
  const recorded = [...kinds.values()].flatMap((samples) => ends(samples))
    .map(({ kind, text }) => ({ kind, text, tokens: countAll(text) }));
  const fixture = new URL("../../fixtures/token_counts.json", import.meta.url);
  await Deno.writeTextFile(fixture, `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`Recorded ${recorded.length} samples`);
}

/** The first and the last sample, which differ most. */
function ends(samples: readonly Sample[]): Sample[] {
  return [...new Set([samples.at(0), samples.at(-1)])].filter((sample) => sample !== undefined);
}

function countAll(text: string): Record<string, number> {
  return Object.fromEntries(tokenizers.map(({ id, count }) => [id, count(text)]));
}

function printTable(kinds: Map<string, Sample[]>, tokenizers: readonly Tokenizer[]): void {
  console.log("Estimated tokens over real ones: median (least to most)\n");
  const cells = tokenizers.map(({ id }) => id.padEnd(18)).join("");
  console.log(`${"".padEnd(34)}${cells}`);
  for (const [kind, samples] of kinds) {
    const row = tokenizers.map(({ count }) => describe(samples, count).padEnd(18)).join("");
    console.log(`${kind.padEnd(34)}${row}`);
  }
}

function describe(samples: readonly Sample[], count: Tokenizer["count"]): string {
  const ratios = samples.map(({ text }) => estimateTextTokens(text) / count(text))
    .sort((a, b) => a - b);
  const [median, least, most] = [ratios[ratios.length >> 1], ratios[0], ratios.at(-1)]
    .map((ratio = NaN) => ratio.toFixed(2));
  return `${median} (${least}–${most})`;
}

function printSpeed(kinds: Map<string, Sample[]>): void {
  const mixed = [...kinds.values()].flat().map(({ text }) => text).join("\n");
  const text = mixed.repeat(Math.ceil(MEGABYTE / mixed.length)).slice(0, MEGABYTE);
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    estimateTextTokens(text);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  console.log(`\n${times[4]?.toFixed(1)} ms for a million characters`);
}
