// The keys of the workflow editor: what is listed under `?`, and what the browser obeys. One table,
// so that the list cannot differ from the keys.

/** One action of the editor and its keys. */
export interface KeyEntry {
  /** Named in `views/editor/keys.js`. */
  readonly action: string;
  /** As `KeyboardEvent.key`, with `Mod+` (Ctrl, or Command on a Mac), `Shift+`, `Alt+` before it. */
  readonly keys: readonly string[];
  readonly text: string;
}

/** A heading with its keys. */
export interface KeyGroup {
  readonly title: string;
  readonly entries: readonly KeyEntry[];
}

const key = (action: string, keys: string, text: string): KeyEntry => ({
  action,
  keys: keys.split(" "),
  text,
});

/** All keys, in the order in which they are listed. */
export const editorKeys: readonly KeyGroup[] = [
  {
    title: "Walk and select",
    entries: [
      key(
        "walk",
        "ArrowLeft ArrowRight ArrowUp ArrowDown",
        "To the nearest node in that direction",
      ),
      key(
        "extend",
        "Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown",
        "Add it to the selection",
      ),
      key("home", "Home", "To the entry node"),
      key("nextEdge", "E", "To the next edge of the node"),
      key("nextProblem", "P", "To the next problem"),
      key("selectAll", "Mod+A", "Select all nodes"),
      key("escape", "Escape", "Leave, then select nothing"),
      key("search", "/", "Search; Enter walks through the hits"),
      key("inspect", "Enter", "Edge: edit it here. Node: to its properties"),
    ],
  },
  {
    title: "Change",
    entries: [
      key("add", "N", "New node after the selected one, or in the selected edge"),
      key("addLoose", "Shift+N", "New node, not connected"),
      key("rename", "F2", "Edit the title, or the edge"),
      key("connect", "C", "Connect: choose the target with the arrow keys"),
      key("reconnectEnd", "R", "Lead the edge to another node"),
      key("reconnectStart", "Shift+R", "Let the edge begin at another node"),
      key("setDefault", "D", "Make the edge the default, or no longer"),
      key("setEntry", "S", "Make the node the entry"),
      key(
        "nudge",
        "Mod+ArrowLeft Mod+ArrowRight Mod+ArrowUp Mod+ArrowDown",
        "Move the selected nodes",
      ),
      key("layout", "L", "Arrange all nodes"),
      key("layoutSelected", "Shift+L", "Arrange the selected nodes"),
      key("delete", "Delete Backspace", "Delete"),
      key(
        "deleteReconnect",
        "Shift+Delete Shift+Backspace",
        "Delete nodes and reconnect what is left",
      ),
    ],
  },
  {
    title: "Copy and history",
    entries: [
      key("copy", "Mod+C", "Copy"),
      key("cut", "Mod+X", "Cut"),
      key("paste", "Mod+V", "Paste, also into another workflow"),
      key("duplicate", "Mod+D", "Duplicate"),
      key("undo", "Mod+Z", "Undo"),
      key("redo", "Mod+Shift+Z Mod+Y", "Redo"),
    ],
  },
  {
    title: "View",
    entries: [
      key("zoomIn", "+ =", "Zoom in; also Ctrl and wheel"),
      key("zoomOut", "-", "Zoom out"),
      key("zoomReset", "0", "Zoom to 100 %"),
      key("fit", "F", "Show everything"),
      key("center", ".", "Show the selected"),
      key("minimap", "M", "Show or hide the map"),
      key("outline", "O", "To the outline"),
      key("help", "?", "This list"),
    ],
  },
];
