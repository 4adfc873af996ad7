// What `crewagent profile --help` prints.
import { PRESETS } from "../llm/presets.ts";

const PRESET_LINES = Object.entries(PRESETS).map(([name, { title, keyEnv, needsKey }]) =>
  `  ${name.padEnd(13)}${title}; key from ${keyEnv}${needsKey ? "" : ", if it wants one"}`
).join("\n");

/** The whole help text. */
export const PROFILE_HELP =
  `Usage: crewagent profile add NAME --preset PRESET --model MODEL [options]
       crewagent profile list [--json]
       crewagent profile test NAME [--json]
       crewagent profile default NAME
       crewagent profile remove NAME

Keeps model connections under names: "crewagent run ... --profile NAME" uses one, and the default is
used by runs that name no model. "test" tries what a run needs of a model, prints each exercise as it
ends and keeps the score, which is shown before a run.

Presets
${PRESET_LINES}

Options of add
  --base-url URL     another server than the preset's; needed for azure-openai and custom
  --key-env VAR      the environment variable that holds the key, if it is not the preset's
  --key-stdin        read the key from standard input and store it in the data folder, readable by you
                     only; a server on this machine needs no key
  --context N        tokens of prompt and answer together (Ollama is told; tell others' here)
  --temperature T    0 to 2; left to the server unless told
  --timeout S        seconds to wait for the beginning of an answer (default 300)
  --header K=V       sent with every request; may be repeated; never shown
  --price-in X --price-out Y
                     US dollars for a million tokens read and written
  --no-streaming     ask for whole answers
  --default          use it where a run names no model
  --force            replace a profile of this name, its key and its test

Options
  --json             for list and test: for scripts
  --data DIR         where profiles are kept (or CREWAGENT_HOME)

Examples
  crewagent profile add local --preset ollama --model qwen3:8b --context 32768 --default
  crewagent profile add work --preset openai --model gpt-5 --key-stdin < key.txt
  crewagent profile test local

Exit codes
  0 ok, 1 the name is taken or a test scores below 60, 2 usage, 3 no such profile or the saved
  profiles cannot be read, 4 no key, 5 the test does not reach the server, 130 interrupted
`;
