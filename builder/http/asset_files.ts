// The static files as text inside the program: name → content. A file of the browser is one line
// here; the bundler writes its text into a chunk that only the server loads.
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" };
import htmxSse from "htmx.org/dist/ext/hx-sse.min.js" with { type: "text" };
import editorCss from "../../views/editor/editor.css" with { type: "text" };
import editorActions from "../../views/editor/actions.js" with { type: "text" };
import editorCanvasView from "../../views/editor/canvas_view.js" with { type: "text" };
import editorClipboard from "../../views/editor/clipboard.js" with { type: "text" };
import editorConnect from "../../views/editor/connect.js" with { type: "text" };
import editorCorridor from "../../views/editor/corridor.js" with { type: "text" };
import editorDrag from "../../views/editor/drag.js" with { type: "text" };
import editorEditor from "../../views/editor/editor.js" with { type: "text" };
import editorElements from "../../views/editor/elements.js" with { type: "text" };
import editorForms from "../../views/editor/forms.js" with { type: "text" };
import editorGeometry from "../../views/editor/geometry.js" with { type: "text" };
import editorGestures from "../../views/editor/gestures.js" with { type: "text" };
import editorHandles from "../../views/editor/handles.js" with { type: "text" };
import editorKeys from "../../views/editor/keys.js" with { type: "text" };
import editorLive from "../../views/editor/live.js" with { type: "text" };
import editorMain from "../../views/editor/main.js" with { type: "text" };
import editorMarksIn from "../../views/editor/marks_in.js" with { type: "text" };
import editorMinimap from "../../views/editor/minimap.js" with { type: "text" };
import editorPalette from "../../views/editor/palette.js" with { type: "text" };
import editorSearch from "../../views/editor/search.js" with { type: "text" };
import editorSelection from "../../views/editor/selection.js" with { type: "text" };
import editorWheel from "../../views/editor/wheel.js" with { type: "text" };
import editorViewMath from "../../views/editor/view_math.js" with { type: "text" };
import apiDocsCss from "../../views/static/api_docs.css" with { type: "text" };
import appCss from "../../views/static/app.css" with { type: "text" };
import formsCss from "../../views/static/forms.css" with { type: "text" };
import formsJs from "../../views/static/forms.js" with { type: "text" };
import iconSvg from "../../views/static/icon.svg" with { type: "text" };
import composerCss from "../../views/static/composer.css" with { type: "text" };
import composerJs from "../../views/static/composer.js" with { type: "text" };
import draftsJs from "../../views/static/drafts.js" with { type: "text" };
import startCss from "../../views/static/start.css" with { type: "text" };
import projectsCss from "../../views/static/projects.css" with { type: "text" };
import projectsJs from "../../views/static/projects.js" with { type: "text" };
import runControlCss from "../../views/static/run_control.css" with { type: "text" };
import runControlJs from "../../views/run/run_control.js" with { type: "text" };
import inboxJs from "../../views/static/inbox.js" with { type: "text" };
import recordsCss from "../../views/static/records.css" with { type: "text" };
import runCss from "../../views/static/run.css" with { type: "text" };
import runJs from "../../views/static/run.js" with { type: "text" };
import settingsCss from "../../views/static/settings.css" with { type: "text" };
import pagesCss from "../../views/static/pages.css" with { type: "text" };
import pageJs from "../../views/static/page.js" with { type: "text" };

/** Every static file by the name that stands behind `/static/<hash>/`. */
export const ASSET_FILES: Readonly<Record<string, string>> = {
  "app.css": appCss + pagesCss + runCss,
  "api_docs.css": apiDocsCss,
  "composer.css": composerCss,
  "composer.js": composerJs,
  "drafts.js": draftsJs,
  "start.css": startCss,
  "forms.css": formsCss,
  "forms.js": formsJs,
  "icon.svg": iconSvg,
  "inbox.js": inboxJs,
  "page.js": pageJs,
  "projects.css": projectsCss,
  "projects.js": projectsJs,
  "records.css": recordsCss,
  "run.js": runJs,
  "settings.css": settingsCss,
  "run_control.css": runControlCss,
  "run/run_control.js": runControlJs,
  "editor.css": editorCss,
  "editor/actions.js": editorActions,
  "editor/canvas_view.js": editorCanvasView,
  "editor/clipboard.js": editorClipboard,
  "editor/connect.js": editorConnect,
  "editor/corridor.js": editorCorridor,
  "editor/drag.js": editorDrag,
  "editor/editor.js": editorEditor,
  "editor/elements.js": editorElements,
  "editor/forms.js": editorForms,
  "editor/geometry.js": editorGeometry,
  "editor/gestures.js": editorGestures,
  "editor/handles.js": editorHandles,
  "editor/keys.js": editorKeys,
  "editor/live.js": editorLive,
  "editor/main.js": editorMain,
  "editor/marks_in.js": editorMarksIn,
  "editor/minimap.js": editorMinimap,
  "editor/palette.js": editorPalette,
  "editor/search.js": editorSearch,
  "editor/selection.js": editorSelection,
  "editor/wheel.js": editorWheel,
  "editor/view_math.js": editorViewMath,
  // In one file: htmx looks at the page as soon as it is there, and would not see the streams in it if
  // its extension came a moment later.
  "htmx.js": `${htmx}\n${htmxSse}`,
};
