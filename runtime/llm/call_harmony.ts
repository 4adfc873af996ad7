// Reads answers in the channels of gpt-oss that its server has not taken apart. Pure.
import { type CallBody, openIfCut } from "./call_body.ts";

/** An answer by channels; `content` keeps the calls as they were written. */
export interface Channels {
  readonly thinking: string;
  readonly content: string;
}

const MESSAGE =
  /(?:<\|start\|>assistant([^<]{0,100}))?<\|channel\|>([^<]{0,200})(?:<\|constrain\|>([^<]{0,40}))?<\|message\|>([\s\S]*?)(?=<\|(?:end|call|return|start|channel)\|>|$)(?:<\|(?:end|call|return)\|>)?/g;

/** Parts thoughts and text. @returns `null` if the text has no channels */
export function splitChannels(text: string): Channels | null {
  if (!text.includes("<|channel|>")) return null;
  let thinking = "";
  let found = false;
  const content = text.replace(MESSAGE, (raw, role = "", channel = "", _, body = "") => {
    found = true;
    if (/\bto=/.test(role + channel)) return raw;
    if (!/^\s*analysis/.test(channel)) return `${body}\n`;
    thinking += `${body}\n`;
    return "";
  });
  return found ? { thinking: thinking.trim(), content: content.trim() } : null;
}

/** From the recipient on: `fs_read <|constrain|>json<|message|>{…}`, or what is left of it. */
export function readHarmony(body: string): CallBody[] {
  const start = body.indexOf("{");
  if (start < 0) return [{ name: undefined, args: undefined }];
  const [name] = /^[\w.-]{1,80}/.exec(body) ?? [];
  return [{ name, args: openIfCut(body.slice(start).trim()) }];
}
