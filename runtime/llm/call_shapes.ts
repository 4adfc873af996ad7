// The shapes in which models write calls as text: one row for each, with where it stands and how it
// is read. Recorded answers for them: `tests/fixtures/transcripts`.
import { type CallBody, readJsonCalls, readMistral, readTagged } from "./call_body.ts";
import { readGemma } from "./call_gemma.ts";
import { readHarmony } from "./call_harmony.ts";
import { readInvoke } from "./call_invoke.ts";
import { findBracketed, findFences, findWhole, readBracketed } from "./call_places.ts";
import { readPython } from "./call_python.ts";
import { dropQuoted } from "./call_quotes.ts";
import { type CallMarkers, type CallSpan, findSpans } from "./call_span.ts";
import { readTokenCall } from "./call_tokens.ts";

/** One shape. */
export interface CallShape {
  readonly title: string;
  /** Without a marker of its own a shape counts only if the arguments fit the tool's schema. */
  readonly marked: boolean;
  find(text: string): CallSpan[];
  read(body: string): CallBody[];
}

/** Qwen, Hermes, GLM; some servers' templates rename the tag. */
const TAGS = marked("<tool_call>", readAny, {
  opens: /<(?:tool_?calls?|tools?|function_call)>/g,
  ends: /<\/(?:tool_?calls?|tools?|function_call)>|(?=<tool_call>)|$/g,
});

/** Qwen Coder and Llama. */
const FUNCTION_TAGS = marked("<function=…>", readTagged, {
  opens: /(?=<function(?:=|\s{1,9}name="))/g,
  ends: /(?<=<\/function>)|$/g,
});

const MISTRAL = marked("[TOOL_CALLS]", readMistral, {
  opens: /\[TOOL_CALLS\]/g,
  ends: /(?=\[TOOL_CALLS\])|$/g,
});

/** Mistral, where the server has taken the first token away. */
const MISTRAL_ARGS = marked("[ARGS]", readMistral, {
  opens: /(?<![\w.-])([\w.-]{1,80}(?:\[CALL_ID\][\w-]{0,64})?\[ARGS\])\s{0,9}(?=\{)/g,
});

/** Llama 3 and 4. */
const LLAMA = marked("<|python_tag|>", readAny, {
  opens: /<\|python_(?:tag|start)\|>/g,
  ends: /<\|(?:eom_id|eot_id|python_end)\|>|(?=<\|python_(?:tag|start)\|>)|$/g,
});

/** Phi, Granite and LFM2. */
const TOKEN_PAIR = marked("<|tool_call|>", readAny, {
  opens: /<\|tool_calls?(?:_start)?\|>/g,
  ends: /<(?:\|\/|\/\|)tool_calls?\|>|<\|tool_call_end\|>|(?=<\|tool_call(?:_start)?\|>)|$/g,
});

const PHI = marked("functools", readJsonCalls, { opens: /\bfunctools(?=\s{0,9}\[)/g });

const GEMMA = marked("<|tool_call>", readGemma, {
  opens: /<\|tool_call>|<start_function_call>/g,
  ends: /<tool_call\|>|<end_function_call>|(?=<\|tool_call>)|(?=<start_function_call>)|$/g,
});

/** DeepSeek and Kimi. */
const TOKENS = marked("<|tool_call_begin|>", readTokenCall, {
  opens: /<[｜|]tool[▁_]call[▁_]begin[｜|]>/g,
  ends:
    /<[｜|]tool[▁_]call[▁_]end[｜|]>|(?=<[｜|]tool[▁_]calls?[▁_](?:section[▁_])?(?:begin|end)[｜|]>)|$/g,
});

/** MiniMax, and DeepSeek with ｜DSML｜ in each tag. */
const INVOKE = marked("<invoke>", readInvoke, {
  opens: /<(?:[^<>\s"]{1,12}[｜|‖:])?invoke\s{1,9}name="/g,
  ends: /<\/[^<>\s"]{0,13}invoke>|(?=<(?:[^<>\s"]{1,12}[｜|‖:])?invoke\s)|$/g,
});

const COHERE = marked("<|START_ACTION|>", readJsonCalls, {
  opens: /<\|START_ACTION\|>/g,
  ends: /<\|END_ACTION\|>|(?=<\|START_ACTION\|>)|$/g,
});

const LM_STUDIO = marked("[TOOL_REQUEST]", readJsonCalls, {
  opens: /\[TOOL_REQUEST\]/g,
  ends: /\[END_TOOL_REQUEST\]|(?=\[TOOL_REQUEST\])|$/g,
});

/** gpt-oss; of its channel tokens often only words are left. */
const HARMONY = marked("to=functions", readHarmony, {
  opens:
    /(?:<\|start\|>assistant)?\s{0,3}(?:<\|channel\|>)?\s{0,3}(?:commentary|analysis)?\s{0,3}\bto=(?:functions\.)?([\w.-]{1,80})(?:\s|<\|(?:channel|constrain|message)\|>|commentary|analysis|json|code){0,12}(?=\{)/g,
  tail: /\s{0,9}<\|(?:call|end|return)\|>/y,
});

const JSON_FENCES = "(?:json|tool_call|tool_code)?";
const PYTHON_FENCES = "tool_c(?:ode|all)";

/** All shapes. Where two begin at the same place, the first that fits is meant. */
export const CALL_SHAPES: readonly CallShape[] = [
  TAGS,
  FUNCTION_TAGS,
  MISTRAL,
  MISTRAL_ARGS,
  LLAMA,
  TOKEN_PAIR,
  PHI,
  GEMMA,
  TOKENS,
  INVOKE,
  COHERE,
  LM_STUDIO,
  HARMONY,
  unmarked("fenced JSON", readJsonCalls, (text) => findFences(text, JSON_FENCES)),
  unmarked("fenced Python", readPython, (text) => findFences(text, PYTHON_FENCES)),
  unmarked("[name]", readBracketed, findBracketed),
  unmarked("bare JSON", readJsonCalls, (text) => findWhole(text, /^\s*[{[]/)),
  unmarked("bare Python", readPython, (text) => findWhole(text, /^\s*\[\s*[a-z_]/i)),
  unmarked("call:", readGemma, (text) => findWhole(text, /^\s*call:/)),
];

function marked(title: string, read: CallShape["read"], markers: CallMarkers): CallShape {
  const find = (text: string) => dropQuoted(text, findSpans(text, markers));
  return { title, marked: true, find, read };
}

function unmarked(title: string, read: CallShape["read"], find: CallShape["find"]): CallShape {
  return { title, marked: false, find, read };
}

/** Templates put the calls of one family between the markers of another. */
function readAny(body: string): CallBody[] {
  if (/^\[?\s*[a-z_][\w.]*\s*\(/i.test(body)) return readPython(body);
  return body.startsWith("call:") ? readGemma(body) : readTagged(body);
}
