// Starting a run from the browser. Not here: looking for its folder (`projects.tsx`).
import { AppError, type ErrorCode } from "../../schemas/error.ts";
import { ChoosePackagePage } from "../../views/run/choose_package_page.tsx";
import type { OfferedItem, StartFault, TypedStart } from "../../views/run/start_offer.ts";
import { StartPage } from "../../views/run/start_page.tsx";
import type { AppContext } from "../app_context.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { startOfFields, wayOf } from "../run_start_form.ts";
import { environmentModel, offerOf, profilesOf } from "../start_offer.ts";

/** `GET /runs/new?package=&way=&project=&agent=&workflow=&input=`: what is named is chosen already. */
export async function showStartRun(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const { package: packageId, ...typed } = c.req.query();
  if (packageId === undefined) {
    const packages = await store.packages.list(user.userId);
    const page = <ChoosePackagePage frame={frame} packages={packages} query={typed} />;
    return await htmlResponse(page);
  }
  return await startPage(c, { packageId, typed });
}

interface StartShown {
  readonly packageId: string;
  readonly typed: TypedStart;
  readonly refusal?: AppError;
  readonly notice?: string;
}

async function startPage(
  c: AppContext,
  { packageId, typed, refusal, notice }: StartShown,
): Promise<Response> {
  const { services: { store, liveDrafts, projects, config }, user, frame } = c.var;
  const chosen = await store.packages.get(user.userId, packageId);
  const { draft } = await liveDrafts.read(user.userId, packageId);
  const page = (
    <StartPage
      frame={frame}
      chosen={chosen}
      offer={offerOf(draft)}
      way={wayOf(typed.way)}
      recent={await projects.recent(user)}
      shared={await projects.shared()}
      profiles={profilesOf(config.dataDir)}
      environmentModel={environmentModel()}
      typed={typed}
      {...(refusal && { fault: faultOf(refusal) })}
      {...(notice !== undefined && { notice })}
    />
  );
  return await htmlResponse(page, refusal ? { status: refusal.httpStatus } : {});
}

/** Where on the form a refusal stands; codes that are not here are no matter of what was typed. */
const PLACES: Partial<Record<ErrorCode, StartFault["at"] | "form" | "inputs">> = {
  REQUEST_INVALID: "form",
  AUTH_FORBIDDEN: "form",
  PKG_INVALID: "form",
  ENGINE_PRECONDITION: "form",
  PROJECT_NOT_FOUND: "project",
  LLM_NOT_CONFIGURED: "profile",
  PROFILE_NOT_FOUND: "profile",
  BREAKPOINT_INVALID: "form",
  MENU_UNCLEAR: "say",
  MENU_BUILTIN: "say",
  INPUTS_INVALID: "inputs",
};

function faultOf({ code, message, details }: AppError): StartFault {
  const place = PLACES[code];
  if (place === "form" || place === undefined) return { message };
  if (place === "inputs") {
    return { message, inputs: details?.fields as Readonly<Record<string, string>> };
  }
  if (place !== "say" || !details?.choices) return { at: place, message };
  const said = typeof details.message === "string" ? details.message : message;
  return { at: "say", message: said, choices: details.choices as readonly OfferedItem[] };
}

/** `POST /runs`: starts and shows the run, or the form again with what is wrong. */
export async function startRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config }, user } = c.var;
  const form = await readForm(c);
  const typed = typedOf(form);
  const packageId = typed.package ?? "";
  try {
    const request = startOfFields(typed, user, config.dataDir);
    return redirect(`/runs/${await liveRuns.start(user, request)}`);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || PLACES[thrown.code] === undefined) throw thrown;
    if (thrown.code === "MENU_BUILTIN") {
      return await doBuiltin(c, { packageId, typed }, String(thrown.details?.name));
    }
    return await startPage(c, { packageId, typed: withPicked(typed), refusal: thrown });
  }
}

/** A field that comes twice is a choice and a button that says otherwise: the button is behind it. */
function typedOf(form: FormData): TypedStart {
  return Object.fromEntries([...form.keys()].map((name) => {
    const last = form.getAll(name).at(-1);
    return [name, typeof last === "string" ? last.replaceAll("\r\n", "\n") : ""];
  }));
}

/** The agent whose item was pressed is the chosen one from now on. */
function withPicked(typed: TypedStart): TypedStart {
  const { pick = "", ...kept } = typed;
  const space = pick.indexOf(" ");
  return space > 0 ? { ...kept, agent: pick.slice(0, space) } : kept;
}

/** What the program itself does for a menu item: nothing is started. */
async function doBuiltin(c: AppContext, shown: StartShown, name: string): Promise<Response> {
  const { services: { store, liveRuns }, user, texts } = c.var;
  const { packageId } = shown;
  const typed = withPicked(shown.typed);
  if (name === "menu.show") return await startPage(c, { packageId, typed });
  if (name === "agent.dismiss") {
    const { agent: _agent, say: _say, ...kept } = typed;
    return await startPage(c, { packageId, typed: kept, notice: texts.start.dismissed });
  }
  const chosen = await store.packages.get(user.userId, packageId);
  const stopped = (await liveRuns.list(user)).find(({ record, phase }) =>
    record.package.name === chosen.name && phase !== "completed" && phase !== "running"
  );
  if (stopped) return redirect(`/runs/${stopped.record.runId}`);
  return await startPage(c, { packageId, typed, notice: texts.start.nothingToResume });
}
