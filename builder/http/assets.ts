// Static files over HTTP: `/static/<hash>/<name>`, kept by browsers for ever, since another content
// has another hash. One hash for all, so that browser modules import each other by relative paths.
import { createHash } from "node:crypto";
import { AppError } from "../../schemas/error.ts";
import { ASSET_FILES } from "./asset_files.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(ASSET_FILES).map(([name, text]) => [name, {
    bytes: new TextEncoder().encode(text),
    type: TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain; charset=utf-8",
  }]),
);

const version = hashOf(assets);
const prefix = `/static/${version}/`;
const etag = `"${version}"`;

function hashOf(all: ReadonlyMap<string, Asset>): string {
  const hash = createHash("sha256");
  for (const [name, { bytes }] of all) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex").slice(0, 16);
}

/**
 * The URL of a static file.
 * @param name a key of `ASSET_FILES`
 * @throws AppError `INTERNAL` for a name that is not there, so that a page cannot ask for it in vain
 */
export function assetUrl(name: string): string {
  if (assets.has(name)) return prefix + name;
  throw new AppError("INTERNAL", `No static file "${name}" is listed in asset_files.ts`);
}

/**
 * Answers a GET below `/static/`; undefined for what there is not, an older hash included: a page that was
 * loaded before an update must not mix two versions of its modules.
 */
export function assetResponse(request: Request, path: string): Response | undefined {
  const asset = path.startsWith(prefix) ? assets.get(path.slice(prefix.length)) : undefined;
  if (!asset) return undefined;
  const headers = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": asset.type,
    etag,
  };
  // Deno marks the tag as weak where it compresses the answer.
  const isKnown = request.headers.get("if-none-match")?.replace(/^W\//, "") === etag;
  return new Response(isKnown ? null : asset.bytes, { status: isKnown ? 304 : 200, headers });
}
