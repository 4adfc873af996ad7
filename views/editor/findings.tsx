// The findings of a workflow: badges that stand on its marks, and the list beside the canvas with a
// way to each and, where one edit mends it, a button that does.
import type { Severity } from "../../schemas/finding.ts";
import { Icon } from "../icons.tsx";
import type { Texts } from "../text/texts.ts";
import { NODE_SIZE } from "./geometry.js";
import { movedPath } from "./path_data.ts";
import { type Scene, shapeIn } from "./scene.ts";

/** A finding with its place on the canvas and the edit that mends it. */
export interface CanvasFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Package-relative path. */
  readonly file: string;
  /** What it is about, if that is a node or an edge of this workflow. */
  readonly on?: { readonly nodeId: string } | { readonly edgeRef: string };
  /** An edit (`schemas/edit.ts`) as JSON text. */
  readonly fix?: string;
}

/** Props of `FindingsAnswer`. */
export interface FindingsProps {
  readonly findings: readonly CanvasFinding[];
  readonly scene: Scene;
  readonly texts: Texts;
}

/** The list, and a badge for each mark concerned. */
export function FindingsAnswer({ findings, scene, texts }: FindingsProps) {
  return (
    <div id="findings-answer">
      <FindingsList findings={findings} scene={scene} texts={texts} />
      <svg>
        {[...byMark(findings)].map(([mark, those]) => (
          <Badge mark={mark} findings={those} scene={scene} />
        ))}
      </svg>
    </div>
  );
}

/** The id of the mark that a finding is about. */
function markOf({ on }: CanvasFinding): string | undefined {
  if (on === undefined) return undefined;
  return "nodeId" in on ? `node:${on.nodeId}` : `edge:${on.edgeRef}`;
}

function byMark(findings: readonly CanvasFinding[]): Map<string, CanvasFinding[]> {
  const marks = new Map<string, CanvasFinding[]>();
  for (const finding of findings) {
    const mark = markOf(finding);
    if (mark === undefined) continue;
    const those = marks.get(mark);
    if (those) those.push(finding);
    else marks.set(mark, [finding]);
  }
  return marks;
}

interface BadgeProps {
  readonly mark: string;
  readonly findings: readonly CanvasFinding[];
  readonly scene: Scene;
}

/** A triangle or a circle; what the findings say is its tooltip, and the description of its mark. */
function Badge({ mark, findings, scene }: BadgeProps) {
  const place = placeOf(mark, scene);
  if (place === undefined) return "";
  const severity = findings.some((one) => one.severity === "error") ? "error" : "warning";
  const said = findings.map((one) => `${one.message}. ${one.hint}`).join("\n");
  return (
    <g class={`flaw ${severity}`} data-for={mark} data-said={said}>
      <title>
        {findings.map((one) => `${one.message} ${one.hint}`).join("\n")}
      </title>
      <path d={movedPath(SHAPES[severity], place.x, place.y)} />
      <path class="flaw-sign" d={movedPath(SIGNS[severity], place.x, place.y)} />
    </g>
  );
}

const SHAPES = { error: "M-9 0a9 9 0 1 0 18 0a9 9 0 1 0 -18 0", warning: "M0 -10L11 9H-11Z" };

const SIGNS = { error: "M0 -5V1M0 4V4.5", warning: "M0 -3V3M0 6V6.5" };

/** Where a badge stands: on a node's corner, or above an edge's label. */
function placeOf(mark: string, scene: Scene) {
  if (mark.startsWith("node:")) {
    const at = scene.placeOf(mark.slice(5));
    return at && { x: at.x + NODE_SIZE.width - 8, y: at.y + 2 };
  }
  const edge = scene.edges.get(mark.slice(5));
  const label = edge && shapeIn(scene, edge)?.label;
  return label && { x: label.x, y: label.y - 20 };
}

/** The list of findings; what can be shown on the canvas first. */
export function FindingsList({ findings, texts: { editor } }: FindingsProps) {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const here = findings.filter((finding) => markOf(finding) !== undefined);
  const elsewhere = findings.filter((finding) => markOf(finding) === undefined);
  return (
    <section id="findings" aria-label={editor.problems}>
      <h2>
        {editor.problems}
        {findings.length > 0 && (
          <span class="muted">{editor.problemsOf(errors, findings.length - errors)}</span>
        )}
      </h2>
      {findings.length === 0 && <p class="muted">{editor.noProblems}</p>}
      <ul>{here.map((finding) => <Item finding={finding} editor={editor} />)}</ul>
      {elsewhere.length > 0 && <h3>{editor.elsewhere}</h3>}
      <ul>{elsewhere.map((finding) => <Item finding={finding} editor={editor} />)}</ul>
    </section>
  );
}

function Item({ finding, editor }: { finding: CanvasFinding; editor: Texts["editor"] }) {
  const { severity, message, hint, file, code, fix } = finding;
  const mark = markOf(finding);
  return (
    <li class={`finding ${severity}`} title={`${file} · ${code}`}>
      <Icon name={severity} label={editor[severity]} />
      <div>
        <p>{message}</p>
        <p class="muted">{hint}</p>
        <p class="finding-ways">
          {mark && (
            <button type="button" class="button quiet small" data-show={mark}>
              {editor.show}
            </button>
          )}
          {fix && <button type="button" class="button small" data-fix={fix}>{editor.fix}</button>}
        </p>
      </div>
    </li>
  );
}
