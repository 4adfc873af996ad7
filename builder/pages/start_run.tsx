// Starting a run from the browser. Not here: looking for its folder (`projects.tsx`).
import { GOOD_SCORE, wasReached } from "../../runtime/commands/profile_score.ts";
import { visibleMenu } from "../../runtime/run/menu_match.ts";
import { readProfiles } from "../../runtime/run/profile_file.ts";
import { AppError } from "../../schemas/error.ts";
import type { Profile } from "../../schemas/profile.ts";
import {
  ChoosePackagePage,
  type ProfileChoice,
  type StartOffer,
  StartPage,
  type TypedStart,
} from "../../views/run/start_page.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { textField } from "../http/form_fields.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, redirect } from "../http/respond.tsx";
import { startOfFields } from "../run_start_form.ts";

/** `GET /runs/new?package=&project=&what=`. */
export async function showStartRun(c: AppContext): Promise<Response> {
  const { services: { store }, user, frame } = c.var;
  const { package: packageId, ...typed } = c.req.query();
  if (packageId === undefined) {
    const packages = await store.packages.list(user.userId);
    return await htmlResponse(<ChoosePackagePage frame={frame} packages={packages} />);
  }
  return await startPage(c, { packageId, typed });
}

async function startPage(
  c: AppContext,
  { packageId, typed, refusal }: {
    readonly packageId: string;
    readonly typed: TypedStart;
    readonly refusal?: AppError;
  },
): Promise<Response> {
  const { services: { store, liveDrafts, projects, config }, user, frame } = c.var;
  const chosen = await store.packages.get(user.userId, packageId);
  const { draft } = await liveDrafts.read(user.userId, packageId);
  const page = (
    <StartPage
      frame={frame}
      chosen={chosen}
      offer={offerOf(draft)}
      recent={await projects.recent(user)}
      shared={await projects.shared()}
      profiles={profilesOf(config.dataDir)}
      typed={typed}
      {...(refusal && { fault: refusal.message })}
    />
  );
  return await htmlResponse(page, refusal ? { status: refusal.httpStatus } : {});
}

function offerOf({ workflows, agents }: Draft): StartOffer {
  return {
    workflows: [...workflows].sort((a, b) => Number(b.isDefault) - Number(a.isDefault)).map((
      { id, displayName, description },
    ) => ({ id, title: displayName ?? id, description: description ?? "" })),
    agents: agents.map((agent) => ({
      id: agent.id,
      name: agent.metadata.name || agent.id,
      menu: visibleMenu(agent).map(({ item }) => item.description),
    })),
  };
}

/** Profiles that cannot be read are told by the start itself, which needs them. */
function profilesOf(dataDir: string): readonly ProfileChoice[] {
  const { profiles, default: usual } = readProfiles(dataDir);
  return profiles.map((profile) => ({
    name: profile.name,
    model: profile.model,
    isDefault: profile.name.toLowerCase() === usual?.toLowerCase(),
    test: testOf(profile),
  }));
}

function testOf({ lastTest }: Profile): ProfileChoice["test"] {
  if (!lastTest || !wasReached(lastTest)) return null;
  const { score, at } = lastTest;
  return { score, day: at.slice(0, 10), isLow: score < GOOD_SCORE };
}

const MENDABLE = [
  "REQUEST_INVALID",
  "PROJECT_NOT_FOUND",
  "AUTH_FORBIDDEN",
  "PKG_INVALID",
  "ENGINE_PRECONDITION",
  "LLM_NOT_CONFIGURED",
  "PROFILE_NOT_FOUND",
];

/** `POST /runs`: starts and shows the run, or the form again with what is wrong. */
export async function startRun(c: AppContext): Promise<Response> {
  const { services: { liveRuns, config }, user } = c.var;
  const form = await readForm(c);
  const typed = Object.fromEntries([...form.keys()].map((name) => [name, textField(form, name)]));
  try {
    const request = startOfFields(typed, user, config.dataDir);
    return redirect(`/runs/${await liveRuns.start(user, request)}`);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !MENDABLE.includes(thrown.code)) throw thrown;
    return await startPage(c, { packageId: typed.package ?? "", typed, refusal: thrown });
  }
}
