// Where a workflow is drawn: palette, canvas with its map and small forms, and the place of the
// properties. Not here: the bar above (`editor_page.tsx`) and the marks (`marks.tsx`).
import type { Texts } from "../text/texts.ts";
import { Marks } from "./answer.tsx";
import { Arrow } from "./arrow.tsx";
import { AddForm, EdgeForm, RenameForm } from "./canvas_forms.tsx";
import { NODE_ICONS, NODE_TYPES } from "./node_icons.ts";
import type { Scene } from "./scene.ts";

/** Palette, canvas and properties, side by side. */
export function Work({ scene, texts }: { scene: Scene; texts: Texts }) {
  const { editor } = texts;
  return (
    <div class="editor-work">
      <Palette texts={texts} />
      <div class="canvas-frame">
        <div id="canvas" tabindex={0} role="application" aria-label={editor.canvas}>
          <div id="stage">
            <Graph scene={scene} texts={texts} />
          </div>
          <div id="shield" hidden></div>
          <div id="band" hidden></div>
          <div id="empty" class="canvas-empty" hidden={scene.nodes.size > 0}>
            <p>{editor.empty}</p>
            <p>{editor.emptyHint}</p>
          </div>
        </div>
        <div id="minimap" class="minimap" aria-hidden="true">
          <canvas width="320" height="200"></canvas>
          <div id="minimap-view"></div>
        </div>
        <AddForm texts={texts} />
        <RenameForm texts={texts} />
        <EdgeForm texts={texts} />
      </div>
      <aside class="editor-side" aria-label={editor.inspector}>
        <div id="inspector"></div>
        <section id="findings" aria-label={editor.problems}></section>
      </aside>
    </div>
  );
}

function Palette({ texts }: { texts: Texts }) {
  const { editor } = texts;
  return (
    <div class="palette" role="toolbar" aria-label={editor.palette} aria-orientation="vertical">
      {NODE_TYPES.map((type) => (
        <button type="button" data-add={type} title={`${editor[type]}: ${editor[`${type}Hint`]}`}>
          <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d={NODE_ICONS[type]} />
          </svg>
          <span>{editor[type]}</span>
        </button>
      ))}
    </div>
  );
}

function Graph({ scene, texts }: { scene: Scene; texts: Texts }) {
  const { editor } = texts;
  const { nodes, edges } = scene;
  return (
    <>
      <svg id="graph" width="1" height="1">
        <defs>
          <Arrow id="arrow" />
          <Arrow id="arrow-strong" />
        </defs>
        <g id="edges" role="listbox" aria-multiselectable="true" aria-label={editor.edges}>
          <Marks scene={scene} nodeIds={[]} edgeRefs={[...edges.keys()]} texts={texts} />
        </g>
        <g id="nodes" role="listbox" aria-multiselectable="true" aria-label={editor.nodes}>
          <Marks scene={scene} nodeIds={[...nodes.keys()]} edgeRefs={[]} texts={texts} />
        </g>
      </svg>
      <svg id="bent" class="upper" width="1" height="1">
        <g id="lifted-edges"></g>
      </svg>
      <svg id="carried" class="upper" width="1" height="1">
        <g id="lift"></g>
      </svg>
      <svg id="above" class="upper" width="1" height="1">
        <g id="handles" aria-hidden="true">
          <circle class="port" data-port="out" r="6" />
          <circle class="end-handle" data-end="from" r="6" />
          <circle class="end-handle" data-end="to" r="6" />
          <path id="ghost" d="" />
          <path class="guide" id="guide-x" d="" />
          <path class="guide" id="guide-y" d="" />
        </g>
      </svg>
    </>
  );
}
