// The small forms that appear on the canvas: a new node, a node's title, an edge; and the list of
// keys. Browser modules place, fill and send them; each field is an ordinary one.
import { Icon } from "../icons.tsx";
import { editorKeys } from "../text/editor_key_texts.ts";
import type { Texts } from "../text/texts.ts";
import { NODE_ICONS, NODE_TYPES } from "./node_icons.ts";

/** Title and type of a new node. */
export function AddForm({ texts: { editor } }: { texts: Texts }) {
  return (
    <form id="add-form" class="canvas-form" hidden aria-label={editor.addNode}>
      <label class="visually-hidden" for="add-title">{editor.title}</label>
      <input
        class="input"
        id="add-title"
        name="title"
        maxlength={200}
        autocomplete="off"
        placeholder={editor.title}
      />
      <div class="type-choice" role="radiogroup" aria-label={editor.type}>
        {NODE_TYPES.map((type) => (
          <label title={editor[`${type}Hint`]}>
            <input type="radio" name="type" value={type} checked={type === "step"} />
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d={NODE_ICONS[type]} />
            </svg>
            <span>{editor[type]}</span>
          </label>
        ))}
      </div>
      <div class="form-row">
        <button type="submit" class="button primary small">{editor.add}</button>
        <button type="button" class="button quiet small" data-close>{editor.cancel}</button>
      </div>
    </form>
  );
}

/** The title of a node, edited where it stands. */
export function RenameForm({ texts: { editor } }: { texts: Texts }) {
  return (
    <form id="rename-form" class="canvas-form bare" hidden aria-label={editor.renameNode}>
      <label class="visually-hidden" for="rename-title">{editor.title}</label>
      <input class="input" id="rename-title" name="title" maxlength={200} autocomplete="off" />
    </form>
  );
}

/** All of an edge. */
export function EdgeForm({ texts: { editor } }: { texts: Texts }) {
  return (
    <form id="edge-form" class="canvas-form" hidden aria-label={editor.editEdge}>
      <label for="edge-label">{editor.label}</label>
      <input
        class="input"
        id="edge-label"
        name="label"
        required
        maxlength={200}
        autocomplete="off"
      />
      <label class="check">
        <input type="checkbox" name="isDefault" />
        {editor.isDefault}
      </label>
      <label for="edge-condition">{editor.condition}</label>
      <textarea
        class="textarea"
        id="edge-condition"
        name="conditionText"
        rows={2}
        title={editor.conditionHint}
      >
      </textarea>
      <label for="edge-expr">{editor.expression}</label>
      <textarea
        id="edge-expr"
        class="textarea mono"
        name="conditionExpr"
        rows={3}
        spellcheck={false}
        title={editor.expressionHint}
        aria-describedby="edge-error"
      >
      </textarea>
      <p id="edge-error" class="field-error" role="alert"></p>
      <div class="form-row">
        <button type="submit" class="button primary small">{editor.save}</button>
        <button type="button" class="button quiet small" data-close>{editor.cancel}</button>
        <span class="bar-gap"></span>
        <button
          type="button"
          class="button quiet small icon-only"
          data-action="delete"
          aria-label={editor.delete}
          title={editor.delete}
        >
          <Icon name="trash" />
        </button>
      </div>
    </form>
  );
}

/** The list of all keys. */
export function KeysDialog({ texts: { editor } }: { texts: Texts }) {
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <header>
        <h2 id="keys-title">{editor.keysTitle}</h2>
        <form method="dialog">
          <button type="submit" class="button quiet small icon-only" aria-label={editor.close}>
            <Icon name="close" />
          </button>
        </form>
      </header>
      <div class="keys-groups">
        {editorKeys.map(({ title, entries }) => (
          <section>
            <h3>{title}</h3>
            <dl>
              {entries.map(({ keys, text }) => (
                <div>
                  <dt>{keys.map((key) => <kbd>{keyName(key)}</kbd>)}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Mod: "Ctrl",
};

/** A key as people read it: `Mod+ArrowLeft` is `Ctrl ←`. */
function keyName(key: string): string {
  if (key === "+") return key;
  return key.split("+").map((part) => KEY_NAMES[part] ?? part).join(" ");
}
