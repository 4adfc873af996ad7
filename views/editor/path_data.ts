// Path data moved to another place. Marks are drawn in the canvas's own coordinates: a transform on
// each would cost the browser a paint chunk each, which with 1,000 nodes is 20 ms in every frame.

/** A path taken apart: texts as they are, and numbers that move along an axis. */
type Part = string | { readonly axis: "x" | "y"; readonly value: number };

/** Which of a command's numbers move, in turn; relative commands have none that do. */
const AXES: Readonly<Record<string, readonly ("x" | "y" | "")[]>> = {
  M: ["x", "y"],
  L: ["x", "y"],
  C: ["x", "y"],
  H: ["x"],
  V: ["y"],
  A: ["", "", "", "", "", "x", "y"],
};

const known = new Map<string, readonly Part[]>();

/** Our own path data (a constant of the program), moved by `x` and `y`. */
export function movedPath(d: string, x: number, y: number): string {
  let parts = known.get(d);
  if (parts === undefined) known.set(d, parts = partsOf(d));
  return parts.map((part) =>
    typeof part === "string" ? part : `${part.value + (part.axis === "x" ? x : y)}`
  ).join(" ");
}

function partsOf(d: string): Part[] {
  const parts: Part[] = [];
  let axes: readonly string[] = [];
  let index = 0;
  for (const token of d.match(/[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)/g) ?? []) {
    if (/[A-Za-z]/.test(token)) {
      [axes, index] = [AXES[token] ?? [], 0];
      parts.push(token);
      continue;
    }
    const axis = axes[index++ % Math.max(1, axes.length)];
    parts.push(axis === "x" || axis === "y" ? { axis, value: Number(token) } : token);
  }
  return parts;
}
