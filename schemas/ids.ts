// Ids of packages, nodes and runs, and how an id becomes a file name.

/** Node, agent and workflow ids (`package-format.md`). */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

/** `20261120-221530-r5x7k2`: sorts by start time, is a safe file name, says when. */
export const RUN_ID_PATTERN = /^\d{8}-\d{6}-[a-z0-9]{4,12}$/;

/** A new run id; `now` in UTC. Ids sort by time, to the millisecond (two digits in base 36). */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, "");
  const milliseconds = now.getUTCMilliseconds().toString(36).padStart(2, "0");
  const random = crypto.getRandomValues(new Uint8Array(4));
  const suffix = Array.from(random, (byte) => (byte % 36).toString(36)).join("");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${milliseconds}${suffix}`;
}

/** When a run id was made, to the millisecond. */
export function startOfRunId(runId: string): Date {
  const [, day, time, milliseconds] = /^(\d{8})-(\d{6})-([a-z0-9]{2})/.exec(runId) ?? [];
  const [year, month, date] = [day?.slice(0, 4), day?.slice(4, 6), day?.slice(6, 8)].map(Number);
  const [hour, minute, second] = [0, 2, 4].map((at) => Number(time?.slice(at, at + 2)));
  return new Date(
    Date.UTC(year ?? 0, (month ?? 1) - 1, date, hour, minute, second) +
      parseInt(milliseconds ?? "0", 36),
  );
}

/**
 * An id or name as one path part, unique even where the file system ignores case: everything but
 * `a-z 0-9 . - _` is percent-escaped as UTF-8, capitals too, and so is a leading or trailing dot.
 */
export function toPathPart(id: string): string {
  const escaped = Array.from(new TextEncoder().encode(id.normalize("NFC")), (byte) => {
    const char = String.fromCharCode(byte);
    return /[a-z0-9._-]/.test(char) ? char : percent(byte);
  }).join("");
  const guarded = escaped.replace(/^\.|\.$/g, "%2E");
  return RESERVED_NAMES.test(guarded) ? percent(guarded.charCodeAt(0)) + guarded.slice(1) : guarded;
}

/** Names Windows keeps for devices, with or without an extension. */
export const RESERVED_NAMES =
  /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
