// The menu of a package, in its card and on its pages.
import type { Frame } from "./frame.ts";
import { Icon, type IconName } from "./icons.tsx";

/** The menu of a package: export, duplicate, rename, delete. */
export function PackageMenu(
  { frame, card, href }: { frame: Frame; card: { readonly name: string }; href: string },
) {
  const { package: texts } = frame.texts;
  return (
    <details class="menu">
      <summary class="button quiet icon-only">
        <Icon name="more" label={texts.actionsOf(card.name)} />
      </summary>
      <div class="menu-list">
        <a class="menu-item" href={`${href}/download`}>
          <Icon name="export" />
          {texts.export}
        </a>
        <MenuForm frame={frame} action={`${href}/duplicate`} icon="copy" label={texts.duplicate} />
        <a class="menu-item" href={`${href}/rename`}>
          <Icon name="rename" />
          {texts.rename}
        </a>
        <MenuForm
          frame={frame}
          action={`${href}/delete`}
          icon="trash"
          label={texts.delete}
          kind="danger"
        />
      </div>
    </details>
  );
}

interface MenuFormProps {
  readonly frame: Frame;
  readonly action: string;
  readonly icon: IconName;
  readonly label: string;
  readonly kind?: "danger";
}

function MenuForm({ frame, action, icon, label, kind }: MenuFormProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="csrf" value={frame.csrfToken} />
      <button class={kind ? `menu-item ${kind}` : "menu-item"} type="submit">
        <Icon name={icon} />
        {label}
      </button>
    </form>
  );
}
