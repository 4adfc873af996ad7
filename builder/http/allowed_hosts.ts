// Under which names a server answers, against DNS rebinding: a page whose own name was made to point
// here asks with that name.

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const WILDCARDS = ["0.0.0.0", "::", "[::]"];

/** What a server is bound to, and what else it is called. */
export interface BoundNames {
  /** As given with `--host`. */
  readonly hostname: string;
  /** Given with `--allow-host`, such as the name that a proxy is known by. */
  readonly extra: readonly string[];
}

/** Whether only this machine can reach an address. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.includes(bracketed(hostname)) || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Judges the name of a Host header: lower case, without port, IPv6 in brackets. An address in digits
 * cannot be rebound, so a server on all addresses answers under any of them.
 */
export function allowedHosts({ hostname, extra }: BoundNames): (name: string) => boolean {
  const names = new Set([...LOOPBACK, ...[hostname, ...extra].map(bracketed)]);
  const isEverywhere = WILDCARDS.includes(hostname);
  return (name) => names.has(name) || (isEverywhere && isAddress(name));
}

/** The address by which this machine reaches a server that is bound so. */
export function ownAddress(hostname: string): string {
  return WILDCARDS.includes(hostname) ? "127.0.0.1" : bracketed(hostname);
}

function isAddress(name: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/.test(name);
}

function bracketed(hostname: string): string {
  const name = hostname.toLowerCase();
  return name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
}
