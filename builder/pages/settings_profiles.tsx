// Settings: the model profiles, for the owner. What is done with them is in `settings/profile_settings.ts`.
import { PRESETS } from "../../runtime/llm/presets.ts";
import { AppError } from "../../schemas/error.ts";
import { EXERCISES, PRESET_NAMES, type PresetName } from "../../schemas/profile.ts";
import type { TypedForm } from "../../views/settings/fields.tsx";
import type { PresetFacts, ProfileFormProps } from "../../views/settings/profile_form.tsx";
import {
  NewProfilePage,
  ProfilePage,
  ProfileTrial,
  type ProfileTrialProps,
} from "../../views/settings/profile_page.tsx";
import {
  type FoundServer,
  type PresetChoice,
  PresetsPage,
  profilePath,
  ProfilesPage,
} from "../../views/settings/profiles_page.tsx";
import type { AppContext } from "../app_context.ts";
import { readForm } from "../http/guards.ts";
import { htmlResponse, isFragmentRequest, redirect } from "../http/respond.tsx";
import { findLocalServers } from "../settings/local_servers.ts";
import { fieldsOfProfile, inputOfFields } from "../settings/profile_fields.ts";
import { checkProfile } from "../settings/profile_input.ts";
import {
  makeDefault as makeDefaultProfile,
  modelsOf,
  profileOfName,
  type ProfilePlace,
  removeProfile as removeSavedProfile,
  saveProfile,
  type ShownProfile,
  shownProfileOf,
  shownProfiles,
  startProfileTrial,
} from "../settings/profile_settings.ts";
import { findProfile, readProfiles } from "../../runtime/run/profile_file.ts";
import { textFields } from "../http/form_fields.ts";

interface Outcome {
  readonly fault?: string;
  readonly done?: string;
  readonly status?: number;
}

function placeOf(c: AppContext): ProfilePlace {
  const { trials, config: { dataDir } } = c.var.services;
  return { dataDir, trials };
}

/** `GET /settings/profiles`. */
export function showProfiles(c: AppContext): Promise<Response> {
  const { removed } = c.req.query();
  const done = removed === undefined ? {} : { done: c.var.texts.profile.removed(removed) };
  return listPage(c, done);
}

function listPage(
  c: AppContext,
  { status, ...props }: Outcome & { readonly found?: readonly FoundServer[] },
): Promise<Response> {
  const profiles = shownProfiles(placeOf(c).dataDir, Deno.env.toObject());
  const page = <ProfilesPage frame={c.var.frame} profiles={profiles} {...props} />;
  return htmlResponse(page, status === undefined ? {} : { status });
}

/** `POST /settings/profiles/local`: asks the usual ports of this machine. */
export async function lookForServers(c: AppContext): Promise<Response> {
  return await listPage(c, { found: await findLocalServers() });
}

/** `GET /settings/profiles/new?preset=&model=`. */
export async function showNewProfile(c: AppContext): Promise<Response> {
  const { preset: wanted, model = "" } = c.req.query();
  const preset = PRESET_NAMES.find((name) => name === wanted);
  if (preset === undefined) {
    return await htmlResponse(<PresetsPage frame={c.var.frame} presets={presetChoices()} />);
  }
  const { profiles } = readProfiles(placeOf(c).dataDir);
  const values = {
    name: findProfile({ formatVersion: 1, profiles }, preset) ? "" : preset,
    model,
    key: "preset",
    streaming: "yes",
    isDefault: profiles.length === 0 ? "yes" : "",
  };
  return await newPage(c, preset, { form: { values, faults: {} } });
}

function presetChoices(): PresetChoice[] {
  return PRESET_NAMES.map((preset) => {
    const { title, needsKey } = PRESETS[preset];
    const group = preset === "custom" ? "other" : needsKey ? "hosted" : "local";
    return { preset, title, group };
  });
}

function newPage(
  c: AppContext,
  preset: PresetName,
  { status, form, ...rest }: Outcome & {
    readonly form: TypedForm;
    readonly models?: readonly string[];
  },
): Promise<Response> {
  const props = { frame: c.var.frame, preset: factsOf(preset), form, ...rest };
  return htmlResponse(<NewProfilePage {...props} />, status === undefined ? {} : { status });
}

function factsOf(preset: PresetName): PresetFacts {
  const { title, baseUrl = null, keyEnv, needsKey, contextWindowTokens } = PRESETS[preset];
  return { preset, title, baseUrl, keyVariable: keyEnv, needsKey, contextWindowTokens };
}

/** `POST /settings/profiles/new`. */
export async function createProfile(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const { input, faults } = inputOfFields(values);
  const checked = checkProfile(input, undefined);
  const all = { ...checked.faults, ...faults };
  const preset = PRESET_NAMES.find((name) => name === input.preset) ?? "custom";
  const form = { values: withoutKey(values), faults: all };
  if (checked.value === undefined || Object.keys(all).length > 0) {
    return await newPage(c, preset, { form, status: 422 });
  }
  try {
    const isDefault = values.isDefault === "yes";
    await saveProfile(placeOf(c), checked.value, { as: "new", isDefault });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "PROFILE_EXISTS") throw thrown;
    const taken = { ...form, faults: { name: thrown.message } };
    return await newPage(c, preset, { form: taken, status: thrown.httpStatus });
  }
  return redirect(`${profilePath(checked.value.name)}?done=added`);
}

/** A key that was typed does not come back. */
function withoutKey({ keyValue: _, ...values }: Readonly<Record<string, string>>) {
  return values;
}

/** `GET /settings/profiles/named/:name`. */
export function showProfile(c: AppContext): Promise<Response> {
  const { profile } = c.var.texts;
  const name = nameOf(c);
  const { done } = c.req.query();
  const said = done === "added"
    ? profile.added(name)
    : done === "saved"
    ? profile.saved
    : undefined;
  return profilePage(c, name, said === undefined ? {} : { done: said });
}

function nameOf(c: AppContext): string {
  return c.req.param("name") ?? "";
}

async function profilePage(
  c: AppContext,
  name: string,
  { status, form, models, ...outcome }: Outcome & {
    readonly form?: TypedForm;
    readonly models?: readonly string[];
  },
): Promise<Response> {
  const { frame } = c.var;
  const shown = shownProfileOf(placeOf(c).dataDir, name, Deno.env.toObject());
  const edit: ProfileFormProps = {
    frame,
    preset: factsOf(shown.preset),
    form: form ?? { values: fieldsOfProfile(shown), faults: {} },
    known: {
      name: shown.name,
      hasStoredKey: shown.key.from === "stored",
      headers: shown.headers,
      isDefault: shown.isDefault,
    },
    ...(models && { models }),
  };
  const page = <ProfilePage frame={frame} edit={edit} trial={trialOf(c, shown)} {...outcome} />;
  return await htmlResponse(page, status === undefined ? {} : { status });
}

function trialOf(c: AppContext, shown: ShownProfile): ProfileTrialProps {
  const trial = c.var.services.trials.profiles.of(shown.name);
  const isRunning = trial?.state === "running";
  return {
    frame: c.var.frame,
    name: shown.name,
    state: trial?.state ?? "none",
    failure: trial?.failure ?? null,
    exercises: isRunning ? trial.steps : shown.lastTest?.exercises ?? [],
    exerciseCount: EXERCISES.length,
    lastTest: shown.lastTest,
  };
}

/** `POST /settings/profiles/named/:name`. */
export async function changeProfile(c: AppContext): Promise<Response> {
  const name = nameOf(c);
  const values = textFields(await readForm(c));
  const known = profileOfName(placeOf(c).dataDir, name);
  const { input, faults } = inputOfFields({ ...values, name: known.name, preset: known.preset });
  const checked = checkProfile(input, known);
  const all = { ...checked.faults, ...faults };
  if (checked.value === undefined || Object.keys(all).length > 0) {
    const form = { values: withoutKey(values), faults: all };
    return await profilePage(c, name, { form, status: 422 });
  }
  const isDefault = values.isDefault === "yes";
  await saveProfile(placeOf(c), checked.value, { as: "replacement", isDefault });
  return redirect(`${profilePath(known.name)}?done=saved`);
}

/** `POST /settings/profiles/models?name=`: the form again, with the models of its server. */
export async function listModelsOfForm(c: AppContext): Promise<Response> {
  const values = textFields(await readForm(c));
  const { name } = c.req.query();
  const known = name === undefined ? undefined : profileOfName(placeOf(c).dataDir, name);
  const { input } = inputOfFields({ ...values, ...(known && { preset: known.preset }) });
  // Neither has to be filled in to ask for the models.
  const asked = { ...input, name: known?.name ?? "new", model: input.model || "any" };
  const checked = checkProfile(asked, known);
  const outcome = checked.value === undefined
    ? { form: { values: withoutKey(values), faults: checked.faults }, status: 422 }
    : await modelsOf(checked.value, c.req.raw.signal).then((models) => ({ models }), saidOf);
  const form = { values: withoutKey(values), faults: {} };
  if (known) return await profilePage(c, known.name, { form, ...outcome });
  const preset = PRESET_NAMES.find((name) => name === input.preset) ?? "custom";
  return await newPage(c, preset, { form, ...outcome });
}

/** Why models cannot be listed is told beside the form; for htmx as a toast. */
function saidOf(thrown: unknown): Outcome {
  if (!(thrown instanceof AppError) || !/^(LLM_|ENGINE_ABORTED)/.test(thrown.code)) throw thrown;
  return { fault: thrown.message, status: thrown.httpStatus };
}

/** `POST /settings/profiles/named/:name/default`. */
export function makeDefault(c: AppContext): Response {
  makeDefaultProfile(placeOf(c).dataDir, nameOf(c));
  return redirect(profilePath(nameOf(c)));
}

/** `POST /settings/profiles/named/:name/remove`. */
export async function removeProfile(c: AppContext): Promise<Response> {
  const name = nameOf(c);
  await removeSavedProfile(placeOf(c), name);
  return redirect(`/settings/profiles?removed=${encodeURIComponent(name)}`);
}

/** `GET /settings/profiles/named/:name/test`: the part of the page that shows it. */
export async function showProfileTest(c: AppContext): Promise<Response> {
  const name = nameOf(c);
  const shown = shownProfileOf(placeOf(c).dataDir, name, Deno.env.toObject());
  if (!isFragmentRequest(c.req.raw)) return redirect(profilePath(shown.name));
  return await htmlResponse(<ProfileTrial {...trialOf(c, shown)} />);
}

/** `POST /settings/profiles/named/:name/test`. */
export async function startProfileTest(c: AppContext): Promise<Response> {
  const name = nameOf(c);
  try {
    startProfileTrial(placeOf(c), name);
  } catch (thrown) {
    const isSaid = thrown instanceof AppError && thrown.code === "LLM_NOT_CONFIGURED";
    if (!isSaid || isFragmentRequest(c.req.raw)) throw thrown;
    return await profilePage(c, name, { fault: thrown.message, status: thrown.httpStatus });
  }
  return await showProfileTest(c);
}

/** `POST /settings/profiles/named/:name/test/stop`. */
export async function stopProfileTest(c: AppContext): Promise<Response> {
  await c.var.services.trials.profiles.stop(nameOf(c));
  return await showProfileTest(c);
}
