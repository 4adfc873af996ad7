// A list of items with controls of their own, and the buttons that add, remove and move them. The
// buttons are submit buttons: they work without JavaScript.
import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { Icon, type IconName } from "../icons.tsx";
import { FieldGroup } from "./controls.tsx";
import { controlName, fieldOf, type FormState, itemCount } from "./form_state.ts";

/** Props of `ItemList`. */
export interface ItemListProps {
  readonly frame: Frame;
  readonly form: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** The button below the list. */
  readonly add: string;
  /** What one item is called. */
  readonly itemName: (index: number) => string;
  /** The controls of an item; `at(key)` is the `sub` of one of them. */
  readonly item: (at: (key: string) => string, index: number) => Child;
  /** Items of one control each stand closer together. */
  readonly isPlain?: boolean;
}

/** A list. */
export function ItemList(props: ItemListProps) {
  const { frame, form, name, label, hint, add, isPlain } = props;
  const field = fieldOf(form, name);
  const indices = Array.from({ length: itemCount(field) }, (_, index) => index);
  return (
    <FieldGroup {...{ frame, form, name, label }} {...hint !== undefined && { hint }}>
      <input type="hidden" name={controlName(name, "count")} value={String(indices.length)} />
      {indices.length > 0 && (
        <ol class={isPlain ? "items plain" : "items"}>
          {indices.map((index) => <Item {...props} index={index} last={indices.length - 1} />)}
        </ol>
      )}
      <button type="submit" class="button small" name="op" value={`${name} add`}>
        <Icon name="plus" />
        {add}
      </button>
    </FieldGroup>
  );
}

interface ItemProps extends ItemListProps {
  readonly index: number;
  readonly last: number;
}

function Item({ frame, form, name, itemName, item, index, last }: ItemProps) {
  const { form: texts } = frame.texts;
  const own = itemName(index);
  const button = (verb: string, icon: IconName, says: string, isOff: boolean) => (
    <button
      type="submit"
      class="button quiet small icon-only"
      name="op"
      value={`${name} ${verb} ${index}`}
      disabled={isOff}
      title={says}
    >
      <Icon name={icon} label={says} />
    </button>
  );
  return (
    <li class="item">
      <input
        type="hidden"
        name={controlName(name, `${index}.base`)}
        value={fieldOf(form, name).entries.get(`${index}.base`) ?? ""}
      />
      <div class="item-controls">{item((key) => `${index}.${key}`, index)}</div>
      <div class="item-buttons">
        {button("up", "up", texts.moveUp(own), index === 0)}
        {button("down", "down", texts.moveDown(own), index === last)}
        {button("remove", "trash", texts.remove(own), false)}
      </div>
    </li>
  );
}
