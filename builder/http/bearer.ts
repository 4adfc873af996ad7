// The token in the header `Authorization`. Not here: whose it is.
import type { AppContext } from "../app_context.ts";

/** What stands behind `Bearer`; undefined without the header, empty for anything else in it. */
export function bearerOf(c: AppContext): string | undefined {
  const header = c.req.header("authorization");
  if (header === undefined) return undefined;
  return /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1] ?? "";
}
