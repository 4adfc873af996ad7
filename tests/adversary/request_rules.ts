// What must hold for every request that a model is sent.
import type { ModelRequest, WireMessage } from "../model_server/script.ts";

/** What is wrong with requests, each fault once, with the first request that shows it. */
export function judgeRequests(
  requests: readonly ModelRequest[],
  places: readonly string[],
): string[] {
  const faults = new Map<string, number>();
  for (const request of requests) {
    for (const fault of judgeRequest(request, places)) {
      if (!faults.has(fault)) faults.set(fault, request.number);
    }
  }
  return [...faults].map(([fault, number]) => `request ${number}: ${fault}`);
}

/**
 * Whether a request names no place of this machine (but in the model's own words), and whether every
 * call is answered once, in order, by the messages right behind it. Says what is wrong.
 */
function judgeRequest(
  { body: { messages = [], tools } }: ModelRequest,
  places: readonly string[],
): string[] {
  const foreign = messages.filter(({ role }) => role !== "assistant");
  const texts = [...foreign.map(({ content }) => content ?? ""), JSON.stringify(tools ?? [])];
  const leaks = texts.filter((text) => places.some((place) => text.includes(place)))
    .map((text) => `a message names a place of this machine: ${excerpt(text, places)}`);
  return [...leaks, ...messages.flatMap((message, index) => faultsAt(messages, message, index))];
}

function excerpt(text: string, places: readonly string[]): string {
  const at = Math.min(...places.map((place) => text.indexOf(place)).filter((index) => index >= 0));
  return text.slice(Math.max(0, at - 80), at + 80);
}

function faultsAt(
  messages: readonly WireMessage[],
  message: WireMessage,
  index: number,
): string[] {
  if (message.role === "tool") {
    const caller = messages.slice(0, index).findLast(({ role }) => role !== "tool");
    const isAsked = caller?.tool_calls?.some(({ id }) => id === message.tool_call_id);
    return isAsked ? [] : [`the tool message ${message.tool_call_id} answers no call before it`];
  }
  const asked = message.tool_calls?.map(({ id }) => id) ?? [];
  if (asked.length === 0) return [];
  const answers = messages.slice(index + 1, index + 1 + asked.length)
    .map(({ tool_call_id }) => tool_call_id);
  const faults = asked.some((id, at) => answers[at] !== id)
    ? [`the calls ${asked} are answered by ${answers}`]
    : [];
  return new Set(asked).size < asked.length ? [...faults, `calls share an id: ${asked}`] : faults;
}
