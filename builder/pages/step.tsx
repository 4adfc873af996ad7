// Undo and redo by a plain form, within what the page is about; the page comes again afterwards.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { ownPath, textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { redirect } from "../http/respond.tsx";
import type { RevisionScope } from "../store/revisions.ts";

/** `POST …/step`: `direction` (`undo`, `redo`), `scope`, `then` (a path of ours). */
export async function postStep(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const form = await readForm(c);
  const direction = textField(form, "direction") === "redo" ? "redo" : "undo";
  const scope = scopeOf(textField(form, "scope"));
  const packageId = c.req.param("packageId") ?? "";
  const { step } = await liveDrafts[direction](user.userId, packageId, scope);
  const then = ownPath(textField(form, "then"));
  const said = c.var.texts.form[direction](step.summary);
  return redirect(`${then}${then.includes("?") ? "&" : "?"}done=${encodeURIComponent(said)}`);
}

function scopeOf(text: string): RevisionScope {
  if (text === "package" || /^(workflow|agent|file):./s.test(text)) return text as RevisionScope;
  throw new AppError(
    "REQUEST_INVALID",
    `"${text.slice(0, 80)}" is nothing whose changes can be undone`,
  );
}
