// Tags and tokens that are left over around calls. Pure.

const STRAYS = [
  "<tool_call>",
  "</tool_call>",
  "</tool_calls>",
  "</function>",
  "</parameter>",
  "<|call|>",
  "<|end|>",
  "<|im_end|>",
  "<|eot_id|>",
  "<|eom_id|>",
  "<|END_ACTION|>",
  "<end_of_turn>",
  "<eos>",
  "</s>",
];

/** What frames several calls and is not part of any. */
const FRAMES =
  /<[｜|]tool[▁_]calls?[▁_](?:section[▁_])?(?:begin|end)[｜|]>|<\/?[^<>\s"]{0,12}[｜|‖:](?:function_calls|tool_calls?)>|<\/?function_calls>/g;

/** The text without such tags at its end. */
export function withoutStrays(text: string): string {
  let rest = text.trimEnd();
  for (let stray = strayAtEnd(rest); stray; stray = strayAtEnd(rest)) {
    rest = rest.slice(0, -stray.length).trimEnd();
  }
  return rest;
}

/** What is left of a text once its calls are taken out: no frames, strays or empty code block. */
export function tidy(text: string): string {
  const inside = withoutStrays(text.replace(FRAMES, ""));
  return withoutStrays(inside.replace(/(?:^|\n) {0,3}```[^\n`]*\n\s*(?:```)?$/, "")).trim();
}

function strayAtEnd(text: string): string | undefined {
  return STRAYS.find((stray) => text.endsWith(stray));
}
