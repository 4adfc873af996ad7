// Kills the executable after counted write boundaries and at random instants, again and again, and
// resumes it: whatever the moment, the run ends as if nothing had happened. More deaths:
// CREWAGENT_DEATHS=500 deno task journeys, or deno task kill --deaths N with a report.
import assert from "node:assert/strict";
import { killRuns } from "../kill/kill_runs.ts";
import { describeFailures, summarise } from "../kill/report.ts";
import { journey } from "./binary.ts";

const DEATHS = Number(Deno.env.get("CREWAGENT_DEATHS") ?? "100");

journey(
  `crewagent survives ${DEATHS} deaths at write boundaries and random instants: nothing is lost, done twice or stuck`,
  async () => {
    const result = await killRuns({ deaths: DEATHS, jobs: 2, seed: Date.now() % 1_000_000 });
    assert.equal(describeFailures(result), "");
    const summaries = summarise(result);
    const deaths = summaries.reduce((sum, summary) => sum + summary.deaths, 0);
    assert.ok(summaries.every((summary) => summary.deaths > 0), "every kind of run was killed");
    assert.equal(deaths, DEATHS);
  },
);
