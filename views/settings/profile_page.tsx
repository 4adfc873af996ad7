// The pages of one profile: new, or known with its test.
import type { Frame } from "../frame.ts";
import { Icon } from "../icons.tsx";
import { ActionButton } from "./fields.tsx";
import { ProfileForm, type ProfileFormProps } from "./profile_form.tsx";
import { profilePath, Score, type TestMark } from "./profiles_page.tsx";
import { type OutcomeProps, SettingsFrame } from "./settings_frame.tsx";

/** An exercise that is over. */
export interface ExerciseLine {
  readonly exercise: string;
  readonly passed: boolean;
  readonly reason: string;
  readonly durationMs: number;
}

/** A test as it stands. */
export interface ProfileTrialProps {
  readonly frame: Frame;
  readonly name: string;
  readonly state: "none" | "running" | "done" | "stopped" | "failed";
  readonly failure: string | null;
  /** Of the test that runs, else of the last one. */
  readonly exercises: readonly ExerciseLine[];
  readonly exerciseCount: number;
  readonly lastTest: TestMark | null;
}

/** A new profile of a kind. */
export function NewProfilePage({ fault, done, ...props }: ProfileFormProps & OutcomeProps) {
  const { frame, preset } = props;
  const { profile } = frame.texts;
  return (
    <SettingsFrame
      frame={frame}
      section="profiles"
      title={`${profile.addTitle}: ${preset.title}`}
      crumbs={[
        { label: profile.title, href: "/settings/profiles" },
        { label: profile.addTitle, href: "/settings/profiles/new" },
        { label: preset.title },
      ]}
      {...(fault !== undefined && { fault })}
      {...(done !== undefined && { done })}
    >
      <section class="panel">
        <ProfileForm {...props} />
      </section>
    </SettingsFrame>
  );
}

/** The page of a profile. */
export interface ProfilePageProps extends OutcomeProps {
  readonly frame: Frame;
  readonly edit: ProfileFormProps;
  readonly trial: ProfileTrialProps;
}

/** A profile: its test, its settings. */
export function ProfilePage({ frame, edit, trial, ...outcome }: ProfilePageProps) {
  const { profile } = frame.texts;
  const { name } = trial;
  const path = profilePath(name);
  return (
    <SettingsFrame
      frame={frame}
      section="profiles"
      title={name}
      lead={edit.preset.title}
      crumbs={[{ label: profile.title, href: "/settings/profiles" }, { label: name }]}
      {...outcome}
    >
      <ProfileTrial {...trial} />
      <section class="panel">
        <div class="panel-head">
          <h2>{profile.edit}</h2>
          <div class="actions-row">
            {edit.known?.isDefault
              ? <span class="badge accent">{profile.isDefault}</span>
              : (
                <ActionButton
                  frame={frame}
                  action={`${path}/default`}
                  label={profile.makeDefaultNow}
                  isSmall
                />
              )}
            <ActionButton
              frame={frame}
              action={`${path}/remove`}
              label={profile.remove}
              fullLabel={profile.removeNamed(name)}
              kind="danger"
              isSmall
            />
          </div>
        </div>
        <ProfileForm {...edit} />
      </section>
    </SettingsFrame>
  );
}

/** The test of a profile; asks for itself again while one is running. */
export function ProfileTrial(props: ProfileTrialProps) {
  const { frame, name, state, failure, exercises, exerciseCount, lastTest } = props;
  const { profile } = frame.texts;
  const path = `${profilePath(name)}/test`;
  const isRunning = state === "running";
  const poll = isRunning
    ? { "hx-get": path, "hx-trigger": "every 1s", "hx-swap": "outerHTML" }
    : {};
  return (
    <section class="panel" id="trial" data-state={state} {...poll}>
      <div class="panel-head">
        <h2>{profile.testTitle}</h2>
        {isRunning
          ? (
            <ActionButton
              frame={frame}
              action={`${path}/stop`}
              label={profile.testStop}
              isSmall
              replaces="trial"
            />
          )
          : (
            <ActionButton
              frame={frame}
              action={path}
              label={lastTest ? profile.testAgain : profile.test}
              kind="primary"
              isSmall
              replaces="trial"
            />
          )}
      </div>
      <div class="panel-body stack">
        <div role="status" class="stack-tight">
          {isRunning
            ? <p>{profile.testRunning(exercises.length + 1, exerciseCount)}</p>
            : <Verdict frame={frame} test={lastTest} />}
          {state === "stopped" && <p class="muted">{profile.testStopped}</p>}
          {failure !== null && <p class="notice error">{failure}</p>}
        </div>
        {exercises.length > 0 && (
          <ul class="exercises">
            {exercises.map((line) => <Exercise frame={frame} line={line} />)}
          </ul>
        )}
      </div>
    </section>
  );
}

function Verdict({ frame, test }: { frame: Frame; test: TestMark | null }) {
  const { profile } = frame.texts;
  if (test === null) return <p class="muted">{profile.testLead}</p>;
  const words = !test.isReached
    ? profile.testUnreached
    : test.isLow
    ? profile.testLow
    : profile.testGood;
  return (
    <>
      <p>
        <Score frame={frame} test={test} />
      </p>
      <p>{words}</p>
    </>
  );
}

function Exercise({ frame, line }: { frame: Frame; line: ExerciseLine }) {
  const { profile } = frame.texts;
  const { exercise, passed, reason, durationMs } = line;
  const titles: Readonly<Record<string, string>> = {
    reachable: profile.exerciseReachable,
    model_present: profile.exerciseModelPresent,
    streaming: profile.exerciseStreaming,
    tool_call: profile.exerciseToolCall,
    parallel_tool_calls: profile.exerciseParallelToolCalls,
    long_prompt: profile.exerciseLongPrompt,
    json_arguments: profile.exerciseJsonArguments,
    three_nodes: profile.exerciseThreeNodes,
  };
  // What comes after a server that was not reached takes no time at all.
  const wasTried = passed || durationMs > 0 || exercise === "reachable";
  return (
    <li>
      <span class={passed ? "passed" : wasTried ? "failed" : "muted"}>
        <Icon
          name={passed ? "check" : wasTried ? "close" : "minus"}
          label={passed ? profile.testPassed : wasTried ? profile.testFailed : profile.testSkipped}
        />
      </span>
      <strong>{titles[exercise] ?? exercise}</strong>
      <span class="muted small numeric">
        {wasTried && profile.seconds((durationMs / 1000).toFixed(1))}
      </span>
      <span class="reason">{reason}</span>
    </li>
  );
}
