// Takes secrets out of what others wrote: the standard error of a server, the words of a failure.

/** Shorter values are no secrets, and would be found in every other word. */
const SHORTEST_SECRET = 6;
const MASK = "••••••";

/** The text without any of these values; short ones stay. */
export function maskedText(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}
