// The model profiles: the list, the empty state, what was found on this machine, choosing a preset.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { TimeAgo } from "../time_ago.tsx";
import { ActionButton } from "./fields.tsx";
import { type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** A profile in the list. */
export interface ProfileRow {
  readonly name: string;
  readonly isDefault: boolean;
  readonly presetTitle: string;
  readonly model: string;
  readonly address: string | null;
  readonly key: { readonly variable: string | null; readonly isReady: boolean };
  readonly lastTest: TestMark | null;
}

/** How a model did in its test. */
export interface TestMark {
  readonly at: string;
  readonly score: number;
  readonly isReached: boolean;
  readonly isLow: boolean;
}

/** A server of this machine that answered. */
export interface FoundServer {
  readonly preset: string;
  readonly title: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
}

/** The page of the profiles. */
export interface ProfilesPageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly profiles: readonly ProfileRow[];
  /** Absent until somebody looked. */
  readonly found?: readonly FoundServer[];
}

/** All profiles. */
export function ProfilesPage({ frame, profiles, found, ...outcome }: ProfilesPageProps) {
  const { profile } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="profiles"
      title={profile.title}
      lead={profile.lead}
      {...outcome}
    >
      {found && <Found frame={frame} found={found} />}
      {profiles.length === 0 ? <Empty frame={frame} /> : (
        <section class="panel table-scroll">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{profile.columnName}</th>
                <th scope="col">{profile.columnModel}</th>
                <th scope="col">{profile.columnScore}</th>
              </tr>
            </thead>
            <tbody>{profiles.map((row) => <ProfileLine frame={frame} row={row} />)}</tbody>
          </table>
        </section>
      )}
      {profiles.length > 0 && (
        <div class="actions-row">
          <a class="button primary" href="/settings/profiles/new">
            <Icon name="plus" />
            {profile.add}
          </a>
          <LookButton frame={frame} />
        </div>
      )}
      <p class="muted">{profile.safe}</p>
    </SettingsFrame>
  );
}

function LookButton({ frame }: { frame: Frame }) {
  const { profile } = frame.texts;
  return <ActionButton frame={frame} action="/settings/profiles/local" label={profile.look} />;
}

function Empty({ frame }: { frame: Frame }) {
  const { profile } = frame.texts;
  return (
    <section class="panel empty">
      <Icon name="link" />
      <strong>{profile.emptyTitle}</strong>
      <p>{profile.empty}</p>
      <div class="actions-row">
        <LookButton frame={frame} />
        <a class="button primary" href="/settings/profiles/new">
          <Icon name="plus" />
          {profile.add}
        </a>
      </div>
      <p class="small">{profile.lookHint}</p>
    </section>
  );
}

function Found({ frame, found }: { frame: Frame; found: readonly FoundServer[] }) {
  const { profile } = frame.texts;
  return (
    <section class="panel" role="status">
      <div class="panel-head">
        <h2>{profile.foundTitle}</h2>
      </div>
      <div class="panel-body stack">
        {found.length === 0 && <p class="muted">{profile.foundNone}</p>}
        {found.map(({ preset, title, baseUrl, models }) => (
          <div class="stack-tight">
            <h3>
              {title} <span class="muted small">{baseUrl}</span>
            </h3>
            {models.length === 0 && <p class="muted">{profile.foundNoModels}</p>}
            <ul class="stack-tight">
              {models.map((model) => (
                <li class="row row-between">
                  <span class="cell-main">{model}</span>
                  <a
                    class="button small"
                    href={`/settings/profiles/new?${new URLSearchParams({ preset, model })}`}
                    aria-label={profile.useModelNamed(model)}
                  >
                    {profile.useModel}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

/** The address of a profile's page. */
export function profilePath(name: string): string {
  return `/settings/profiles/named/${encodeURIComponent(name)}`;
}

function ProfileLine({ frame, row }: { frame: Frame; row: ProfileRow }) {
  const { profile } = frame.texts;
  const { name, isDefault, presetTitle, model, address, key } = row;
  return (
    <tr>
      <td class="cell-main">
        <span class="row">
          <a class="strong-link" href={profilePath(name)}>{name}</a>
          {isDefault && <span class="badge accent">{profile.isDefault}</span>}
        </span>
        {!key.isReady && key.variable !== null && (
          <span class="badge warning">{profile.keyMissing(key.variable)}</span>
        )}
      </td>
      <td class="cell-main">
        {model}
        <span class="small muted">{presetTitle}{address === null ? "" : ` · ${address}`}</span>
      </td>
      <td>
        <Score frame={frame} test={row.lastTest} />
      </td>
    </tr>
  );
}

/** A score in words, with when it was taken. */
export function Score({ frame, test }: { frame: Frame; test: TestMark | null }) {
  const { texts, now } = frame;
  const { profile } = texts;
  if (test === null) return <span class="muted">{profile.notTested}</span>;
  const { score, isReached, isLow, at } = test;
  const kind = !isReached ? "error" : isLow ? "warning" : "ok";
  const words = isReached ? profile.scoreOf(Math.round(score)) : profile.notReached;
  return (
    <>
      <span class={`badge ${kind}`}>{words}</span>{" "}
      <span class="small muted">
        {isReached && isLow ? `${profile.lowScore}, ` : ""}
        <TimeAgo at={at} now={now} texts={texts} />
      </span>
    </>
  );
}

/** A kind of server to choose. */
export interface PresetChoice {
  readonly preset: string;
  readonly title: string;
  readonly group: "local" | "hosted" | "other";
}

/** The first step of a new profile. */
export function PresetsPage(
  { frame, presets }: { frame: Frame; presets: readonly PresetChoice[] },
) {
  const { profile } = frame.texts;
  const groups = [
    ["local", profile.groupLocal],
    ["hosted", profile.groupHosted],
    ["other", profile.groupOther],
  ] as const;
  return (
    <SettingsFrame
      frame={frame}
      section="profiles"
      title={profile.addTitle}
      lead={profile.choosePreset}
      crumbs={[{ label: profile.title, href: "/settings/profiles" }, { label: profile.addTitle }]}
    >
      {groups.map(([group, label]) => (
        <section class="stack-tight">
          <h2>{label}</h2>
          <div class="presets">
            {presets.filter((choice) => choice.group === group).map(({ preset, title }) => (
              <a class="button" href={`/settings/profiles/new?preset=${preset}`}>{title}</a>
            ))}
          </div>
        </section>
      ))}
    </SettingsFrame>
  );
}
