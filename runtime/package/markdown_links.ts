// Links in Markdown that lead to files of the package. Not here: which of them have to lead somewhere.
import type { PackageFiles } from "./archive.ts";

/** A link into the package. */
export interface MarkdownLink {
  /** The path as written, without its anchor, decoded. */
  readonly target: string;
  readonly label: string;
  /** From the opening bracket to behind the closing one, in the line. */
  readonly start: number;
  readonly end: number;
}

const LINK = /\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;

/** The links of one line that lead into the package; not those to the web, to mounts or to anchors. */
export function* linksIn(line: string): Generator<MarkdownLink> {
  for (const match of line.matchAll(LINK)) {
    const target = packageTarget(match[2] ?? "");
    if (target === undefined) continue;
    const end = match.index + match[0].length;
    yield { target, label: match[1] ?? "", start: match.index, end };
  }
}

/** The file a link leads to: relative to the folder of its document, or to the package. */
export function linkedFile(
  files: PackageFiles,
  folder: string,
  target: string,
): string | undefined {
  // Most are written as they are, and paths of files have nothing to be joined.
  if (files.has(folder + target)) return folder + target;
  return [joined(folder, target), joined("", target)].find((path) => files.has(path));
}

/** The path of a link into the package, without its anchor; `undefined` for any other link. */
function packageTarget(link: string): string | undefined {
  // A scheme, an anchor, a mount, an absolute path, or a name with variables.
  if (/^([a-z][a-z0-9+.-]*:|#|@|\/|\{)/i.test(link) || link.includes("{{")) return undefined;
  const [path = ""] = link.split(/[#?]/);
  try {
    return decodeURIComponent(path) || undefined;
  } catch {
    return path;
  }
}

function joined(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (folder + path).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
