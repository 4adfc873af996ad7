// What servers say, made fit to be quoted in a message of ours.
import type { HttpConnection } from "./connection.ts";
import { asMap, parseJson } from "./json_map.ts";

const QUOTED_CHARS = 300;

/** The server's own words: JSON of any usual shape, a page's title, or plain text. */
export function serverMessage(body: string): string {
  if (looksLikeHtml(body)) return /<title>([^<]*)<\/title>/i.exec(body)?.[1]?.trim() ?? "";
  const json = parseJson(body);
  if (json === undefined) return body.trim();
  const { error, message, detail } = asMap(Array.isArray(json) ? json[0] : json);
  const words = asMap(error).message ?? error ?? message ?? detail ?? json;
  return typeof words === "string" ? words : JSON.stringify(words);
}

/** Code and type of an error body, such as `insufficient_quota`. */
export function errorCode(body: string): string {
  const { code, type } = asMap(asMap(parseJson(body)).error);
  return `${code ?? ""} ${type ?? ""}`;
}

/** True for a web page. */
export function looksLikeHtml(body: string): boolean {
  return /^\s*(?:<!doctype html|<html|<head|<body)/i.test(body);
}

/**
 * A text in quotes, on one line, shortened, without what is a secret of the connection, what looks
 * like a key, and the query of a URL.
 */
export function quoted(text: string, { apiKey, headers }: HttpConnection): string {
  let clean = text.replace(/\s+/g, " ").trim();
  for (const secret of [apiKey, ...Object.values(headers ?? {})]) {
    if (secret && secret.length >= 6) clean = clean.replaceAll(secret, "***");
  }
  clean = clean.replace(/\b(?:(?:sk|gsk|xai|hf)[-_]|AIza)[\w*.-]{6,}/g, "***")
    .replace(/\bBearer\s+\S+/gi, "Bearer ***")
    .replace(/(https?:\/\/[^\s?"')]+)\?[^\s"')]*/g, "$1");
  const short = clean.length > QUOTED_CHARS ? `${clean.slice(0, QUOTED_CHARS)}…` : clean;
  return `"${short.replaceAll('"', "'").replace(/[.\s]+$/, "")}"`;
}
