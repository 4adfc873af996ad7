// What an adapter gives up when a server refuses it: streaming, usage in a stream, a parameter. Pure.

/** How requests are made; starts with everything and loses what the server does not take. */
export interface RequestStyle {
  readonly stream: boolean;
  readonly usageInStream: boolean;
  readonly temperature: boolean;
  /** The name under which a limit of the answer is sent. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
}

/** The style of the first request. */
export const FULL_STYLE: RequestStyle = {
  stream: true,
  usageInStream: true,
  temperature: true,
  maxTokensField: "max_tokens",
};

const REFUSING = new Set([400, 404, 405, 406, 415, 422, 500, 501]);

/**
 * The style to try next after a refusal, or `undefined` if the refusal is about something else. A
 * concession is made at most once, so asking again always ends.
 */
export function concede(
  style: RequestStyle,
  refusal: { readonly status: number; readonly body: string },
): RequestStyle | undefined {
  if (!REFUSING.has(refusal.status)) return undefined;
  const { body } = refusal;
  if (style.stream && style.usageInStream && /stream_options|include_usage/i.test(body)) {
    return { ...style, usageInStream: false };
  }
  if (style.maxTokensField === "max_tokens" && /max_completion_tokens/i.test(body)) {
    return { ...style, maxTokensField: "max_completion_tokens" };
  }
  if (style.temperature && /temperature/i.test(body)) return { ...style, temperature: false };
  if (style.stream && /\bstream(?:ing|ed)?\b/i.test(body)) return { ...style, stream: false };
  return undefined;
}
