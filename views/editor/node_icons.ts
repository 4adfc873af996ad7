// One icon for each type of node, 16 × 16, drawn with lines: on the canvas, in the palette, in lists.
import type { NodeType } from "../../schemas/package.ts";

/** Type of node → the `d` of its icon's path. */
export const NODE_ICONS: Readonly<Record<NodeType, string>> = {
  step: "M3.5 2.5h9v11h-9zM6 6h4M6 8.5h4M6 11h2.5",
  decision: "M2 8h4l6-5M6 8l6 5M12 3H9.5M12 3v2.5M12 13H9.5M12 13v-2.5",
  merge: "M2 3l5 5M2 13l5-5h7M11.5 5.5 14 8l-2.5 2.5",
  end: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.75 5.75h4.5v4.5h-4.5z",
  subworkflow: "M2 3h5v4H2zM9 9h5v4H9zM4.5 7v4H9",
};

/** The types in the order in which they are offered. */
export const NODE_TYPES: readonly NodeType[] = ["step", "decision", "merge", "subworkflow", "end"];
