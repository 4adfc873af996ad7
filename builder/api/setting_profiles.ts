// `/settings/profiles`: for the owner.
import { AppError } from "../../schemas/error.ts";
import type { AppContext } from "../app_context.ts";
import { dataResponse } from "../http/respond.tsx";
import { valueOf } from "../settings/field_faults.ts";
import { checkProfile, type ProfileInput } from "../settings/profile_input.ts";
import {
  makeDefault,
  modelsOf,
  profileOfName,
  type ProfilePlace,
  removeProfile,
  saveProfile,
  shownProfileOf,
  shownProfiles,
  startProfileTrial,
} from "../settings/profile_settings.ts";
import { API_ROOT } from "./api_route.ts";
import type { ApiRequest } from "./operation.ts";

function placeOf(c: AppContext): ProfilePlace {
  const { trials, config: { dataDir } } = c.var.services;
  return { dataDir, trials };
}

const environment = () => Deno.env.toObject();

/** A body that has left things out. */
type ProfileBody = Partial<Omit<ProfileInput, "name" | "preset">> & {
  readonly name?: string;
  readonly preset?: string;
  readonly isDefault?: boolean;
};

function inputOf(body: ProfileBody, fixed: Pick<ProfileInput, "name" | "preset">): ProfileInput {
  const { isDefault: _, ...given } = body;
  return {
    model: "",
    baseUrl: null,
    key: { from: "preset" },
    headers: {},
    contextWindowTokens: null,
    maxOutputTokens: null,
    temperature: null,
    timeoutMs: null,
    maxRetries: null,
    streaming: true,
    inputPerMillion: null,
    outputPerMillion: null,
    ...given,
    ...fixed,
  };
}

/** `GET /settings/profiles`. */
export function listProfiles(c: AppContext): Response {
  return dataResponse(shownProfiles(placeOf(c).dataDir, environment()));
}

/** `POST /settings/profiles`. */
export async function createProfile(c: AppContext, { body }: ApiRequest): Promise<Response> {
  const given = body as ProfileBody;
  const { name = "", preset = "", isDefault = false } = given;
  const profile = valueOf(checkProfile(inputOf(given, { name, preset }), undefined));
  await saveProfile(placeOf(c), profile, { as: "new", isDefault });
  return dataResponse(shownProfileOf(placeOf(c).dataDir, name, environment()), {
    status: 201,
    headers: { location: `${API_ROOT}/settings/profiles/${encodeURIComponent(name)}` },
  });
}

/** `GET /settings/profiles/{name}`. */
export function getProfile(c: AppContext, { params }: ApiRequest): Response {
  return dataResponse(shownProfileOf(placeOf(c).dataDir, params.name ?? "", environment()));
}

/** `PUT /settings/profiles/{name}`. */
export async function replaceProfile(
  c: AppContext,
  { params, body }: ApiRequest,
): Promise<Response> {
  const given = body as ProfileBody;
  const known = profileOfName(placeOf(c).dataDir, params.name ?? "");
  const { name, preset } = known;
  const profile = valueOf(checkProfile(inputOf(given, { name, preset }), known));
  const isDefault = given.isDefault === true;
  await saveProfile(placeOf(c), profile, { as: "replacement", isDefault });
  return getProfile(c, { params, query: {}, body: undefined });
}

/** `DELETE /settings/profiles/{name}`. */
export async function deleteProfile(c: AppContext, { params }: ApiRequest): Promise<Response> {
  await removeProfile(placeOf(c), params.name ?? "");
  return new Response(null, { status: 204 });
}

/** `POST /settings/profiles/{name}/default`. */
export function makeProfileDefault(c: AppContext, request: ApiRequest): Response {
  makeDefault(placeOf(c).dataDir, request.params.name ?? "");
  return getProfile(c, request);
}

/** `GET /settings/profiles/{name}/models`. */
export async function listProfileModels(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const profile = profileOfName(placeOf(c).dataDir, params.name ?? "");
  try {
    const models = await modelsOf(profile, c.req.raw.signal);
    return dataResponse({ models, failure: null });
  } catch (thrown) {
    const isOfServer = thrown instanceof AppError && /^(LLM_|ENGINE_ABORTED)/.test(thrown.code);
    if (!isOfServer || thrown.code === "LLM_NOT_CONFIGURED") throw thrown;
    return dataResponse({ models: [], failure: thrown.message });
  }
}

/** `POST /settings/profiles/{name}/test`. */
export function startProfileTest(c: AppContext, { params }: ApiRequest): Response {
  startProfileTrial(placeOf(c), params.name ?? "");
  return trialResponse(c, params.name ?? "", 202);
}

/** `GET /settings/profiles/{name}/test`. */
export function getProfileTest(c: AppContext, { params }: ApiRequest): Response {
  return trialResponse(c, params.name ?? "", 200);
}

function trialResponse(c: AppContext, name: string, status: number): Response {
  const { lastTest } = shownProfileOf(placeOf(c).dataDir, name, environment());
  const trial = c.var.services.trials.profiles.of(name);
  return dataResponse({
    state: trial?.state ?? "none",
    startedAt: trial?.startedAt ?? null,
    exercises: trial?.steps ?? [],
    failure: trial?.failure ?? null,
    lastTest,
  }, { status });
}

/** `DELETE /settings/profiles/{name}/test`. */
export async function stopProfileTest(c: AppContext, { params }: ApiRequest): Promise<Response> {
  const { name } = profileOfName(placeOf(c).dataDir, params.name ?? "");
  await c.var.services.trials.profiles.stop(name);
  return new Response(null, { status: 204 });
}
