// What every start needs: the project folder, and the model with what its test said of it.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import type { PackageChoice } from "./choose_package_page.tsx";
import {
  type ProfileChoice,
  SIMULATION,
  type StartFault,
  type StartWay,
  type TypedStart,
} from "./start_offer.ts";

interface FieldsProps {
  readonly frame: Frame;
  readonly chosen: PackageChoice;
  readonly way: StartWay;
  readonly recent: readonly string[];
  readonly shared: readonly string[];
  readonly profiles: readonly ProfileChoice[];
  /** What is asked where there is no profile; without it there is only the simulation. */
  readonly environmentModel: string | undefined;
  readonly typed: TypedStart;
  readonly fault?: StartFault;
}

/** The folder: typed or browsed by the owner, one of the shared ones for others. */
export function Project(props: FieldsProps) {
  const { frame, chosen, way, recent, typed, fault } = props;
  const { run, start } = frame.texts;
  if (!frame.user?.isOwner) return <SharedProject {...props} />;
  const project = typed.project ?? recent[0] ?? "";
  const browse = `/projects/folders?${new URLSearchParams({
    package: chosen.packageId,
    way,
    path: project,
  })}`;
  const message = fault?.at === "project" ? fault.message : undefined;
  return (
    <div class="field">
      <label for="project">{run.project}</label>
      <div class="row nowrap">
        <input
          class="input mono"
          id="project"
          name="project"
          value={project}
          list="recent-projects"
          maxlength={4096}
          aria-invalid={message ? "true" : undefined}
          aria-describedby={message ? "project-fault" : "project-hint"}
        />
        <a class="button" href={browse}>
          <Icon name="folder" />
          {run.browse}
        </a>
      </div>
      <datalist id="recent-projects">{recent.map((path) => <option value={path} />)}</datalist>
      {message && <span class="fault" id="project-fault">{message}</span>}
      <span class="hint" id="project-hint">
        {project === "" ? `${start.noFolder}. ${start.noFolderHint}` : run.projectHint}
      </span>
      {recent.length > 1 && <Recent {...props} />}
    </div>
  );
}

function Recent({ frame, chosen, way, recent }: FieldsProps) {
  const to = (path: string) =>
    `/runs/new?${new URLSearchParams({ package: chosen.packageId, way, project: path })}`;
  return (
    <details class="fold">
      <summary>{frame.texts.run.recent}</summary>
      <ul class="fold-body menu-lines">
        {recent.map((path) => (
          <li>
            <a href={to(path)}>{path}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function SharedProject({ frame, shared, recent, typed, fault }: FieldsProps) {
  const { run } = frame.texts;
  const paths = [...new Set([...recent, ...shared])];
  if (paths.length === 0) return <p class="notice warning">{run.projectNone}</p>;
  return (
    <div class="field">
      <label for="project">{run.project}</label>
      <select class="select mono" id="project" name="project">
        {paths.map((path) => <option value={path} selected={path === typed.project}>{path}
        </option>)}
      </select>
      {fault?.at === "project" && <span class="fault">{fault.message}</span>}
      <span class="hint">{run.projectMemberHint}</span>
    </div>
  );
}

/** The model; below stands in words which did badly in their test, and which had none. */
export function Model(props: FieldsProps) {
  const { frame, profiles, typed, fault } = props;
  const { run, start } = frame.texts;
  const isNone = profiles.length === 0;
  const usual = isNone ? props.environmentModel : undefined;
  const typedName = typed.profile;
  return (
    <div class="field">
      <label for="profile">{run.model}</label>
      <select class="select" id="profile" name="profile">
        {usual !== undefined && <option value="">{run.modelUsual(usual)}</option>}
        {profiles.map((profile) => (
          <option
            value={profile.name}
            selected={typedName === undefined ? profile.isDefault : typedName === profile.name}
          >
            {profileText(profile, frame)}
          </option>
        ))}
        <option value={SIMULATION} selected={typedName === SIMULATION}>{start.simulation}</option>
      </select>
      {fault?.at === "profile" && <span class="fault">{fault.message}</span>}
      {isNone && (
        <span class="hint">
          {usual === undefined ? start.noModelHint : start.noProfilesHint}{" "}
          {frame.user?.isOwner && <a href="/settings/profiles">{start.toProfiles}</a>}
        </span>
      )}
      <ProfileNotes frame={frame} profiles={profiles} />
    </div>
  );
}

function profileText(
  { name, model, isDefault, test }: ProfileChoice,
  { texts: { run } }: Frame,
): string {
  const score = test ? run.score(Math.round(test.score), test.day) : run.notTested;
  const parts = [`${name}: ${model}`, score];
  if (test?.isLow) parts.push(run.scoreLow);
  if (isDefault) parts.push(run.defaultProfile);
  return parts.join(" · ");
}

/** A line for each that did badly, and one for all that were never tested. */
function ProfileNotes({ frame, profiles }: Pick<FieldsProps, "frame" | "profiles">) {
  const { start } = frame.texts;
  const untested = profiles.filter(({ test }) => test === null).map(({ name }) => name);
  return (
    <ul class="profile-notes">
      {profiles.flatMap(({ name, test }) =>
        test?.isLow
          ? [
            <li data-profile={name} class="low">
              <Icon name="warning" />
              {start.scoreLow(Math.round(test.score), name)}
            </li>,
          ]
          : []
      )}
      {untested.length > 0 && (
        <li>
          <Icon name="info" />
          <span>
            {start.neverTested(untested.join(", "))}{" "}
            {frame.user?.isOwner && <a href="/settings/profiles">{start.toTest}</a>}
          </span>
        </li>
      )}
    </ul>
  );
}
