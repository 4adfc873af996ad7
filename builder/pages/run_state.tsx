// The page on which a person edits the state of a run that has stopped.
import { AppError } from "../../schemas/error.ts";
import type { StateEdit } from "../../runtime/run/state_edit.ts";
import { StatePage, type StatePageProps } from "../../views/run/state_page.tsx";
import type { AppContext } from "../app_context.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { variablesOfForm } from "../state_form.ts";

/** `GET /runs/:runId/state`. */
export async function showRunState(c: AppContext): Promise<Response> {
  const isSaved = c.req.query("saved") === "yes";
  return await htmlResponse(<StatePage {...await pageProps(c)} isSaved={isSaved} />);
}

/** `POST /runs/:runId/state` (`ifMatch`; `yaml`, or the fields of the form). */
export async function saveRunState(c: AppContext): Promise<Response> {
  const { services: { liveRuns }, user } = c.var;
  const form = await readForm(c);
  const runId = c.req.param("runId") ?? "";
  // Whose run it is comes before what is wrong with the form.
  const props = await pageProps(c);
  try {
    await liveRuns.editState(user, runId, editOf(form));
    return redirect(`/runs/${runId}/state?saved=yes`);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !SHOWN.has(thrown.code)) throw thrown;
    const typed = { fault: thrown.message, typed: typedIn(form) };
    return await htmlResponse(<StatePage {...props} {...typed} />, { status: thrown.httpStatus });
  }
}

/** With these the page is shown again, with what was typed. */
const SHOWN: ReadonlySet<string> = new Set(["STATE_INVALID", "STATE_CHANGED"]);

function editOf(form: FormData): StateEdit {
  const ifMatchSha256 = textField(form, "ifMatch");
  if (form.has("yaml")) {
    return { ifMatchSha256, yaml: textField(form, "yaml").replace(/\r\n/g, "\n") };
  }
  return {
    ifMatchSha256,
    changes: {
      currentNodeId: textField(form, "currentNodeId"),
      stepsCompleted: form.getAll("stepsCompleted").map(String),
      variables: variablesOfForm(form),
    },
  };
}

function typedIn(form: FormData): NonNullable<StatePageProps["typed"]> {
  const all = (name: string) => form.getAll(name).map(String);
  const [names, kinds, values] = [all("name"), all("kind"), all("value")];
  return {
    ...(form.has("yaml") && { yaml: textField(form, "yaml") }),
    ...(form.has("currentNodeId") && {
      currentNodeId: textField(form, "currentNodeId"),
      stepsCompleted: all("stepsCompleted"),
      variables: names.map((name, index) => ({
        name,
        kind: kinds[index] === "json" ? "json" : "text",
        value: values[index] ?? "",
      })),
    }),
  };
}

async function pageProps(c: AppContext): Promise<StatePageProps> {
  const { services: { liveRuns }, user, frame } = c.var;
  const runId = c.req.param("runId") ?? "";
  const { record: { package: { name } }, phase } = await liveRuns.get(user, runId);
  const state = await liveRuns.state(user, runId);
  return { frame, runId, packageName: name, phase, state };
}
