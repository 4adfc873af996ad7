// What a package and this installation offer to a person who starts a run. Not here: the page (`views/run/`).
import { GOOD_SCORE, wasReached } from "../runtime/commands/profile_score.ts";
import { connectionFromEnvironment } from "../runtime/llm/connection.ts";
import { offered } from "../runtime/run/menu_start.ts";
import { visibleMenu } from "../runtime/run/menu_match.ts";
import { readProfiles } from "../runtime/run/profile_file.ts";
import { type DeclaredInput, declaredStart } from "../runtime/run/workflow_inputs.ts";
import { AppError } from "../schemas/error.ts";
import type { Agent } from "../schemas/package.ts";
import type { Profile } from "../schemas/profile.ts";
import type {
  OfferedAgent,
  OfferedInput,
  OfferedWorkflow,
  ProfileChoice,
  StartOffer,
} from "../views/run/start_offer.ts";
import type { Draft, DraftListing } from "./edit/draft.ts";

/** What a package offers; what of it cannot be read is left out or empty. */
export function offerOf(draft: Draft): StartOffer {
  const byDefault = [...draft.workflows].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return {
    agents: draft.agents.map(agentOf),
    workflows: byDefault.map((listing) => workflowOf(draft, listing)),
  };
}

const ROLE_CHARS = 140;

function agentOf(agent: Agent): OfferedAgent {
  const { name = "", title = "", icon = "" } = agent.metadata ?? {};
  return {
    id: agent.id,
    name: name || agent.id,
    title,
    // An icon that is a word would not stand beside the name; a symbol of several code points would.
    icon: [...icon].length <= 8 ? icon : "",
    role: inAFewWords(String(agent.persona?.role ?? "")),
    menu: visibleMenu(agent).map(offered),
  };
}

function inAFewWords(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length <= ROLE_CHARS ? line : `${line.slice(0, ROLE_CHARS - 1).trimEnd()}…`;
}

function workflowOf(draft: Draft, listing: DraftListing): OfferedWorkflow {
  const { id, displayName, description = "", isDefault } = listing;
  const workflow = draft.workflow(id);
  const declared = workflow && declaredStart(draft, {
    graph: {
      schemaVersion: "1.1",
      entryNodeId: workflow.entryNodeId,
      nodes: [...workflow.nodes],
      edges: [],
    },
    documentText: workflow.document?.text ?? "",
    nodeFiles: new Map(workflow.nodes.flatMap(({ id, path }) => path ? [[id, path]] : [])),
  });
  return {
    id,
    title: displayName || id,
    description,
    isDefault,
    nodes: workflow?.nodes.map(({ id, title = "" }) => ({ id, title })) ?? [],
    inputs: (declared?.inputs ?? []).map(inputOf),
    files: declared?.files ?? [],
  };
}

function inputOf({ name, kind, isRequired, preset }: DeclaredInput): OfferedInput {
  return { name, kind, isRequired, preset: presetText(preset) };
}

function presetText(preset: unknown): string {
  if (preset === undefined) return "";
  if (typeof preset === "boolean") return preset ? "yes" : "no";
  return typeof preset === "string" ? preset : JSON.stringify(preset);
}

/** The model that the server's environment names; none where it names no whole connection. */
export function environmentModel(): string | undefined {
  try {
    return connectionFromEnvironment({}, Deno.env.toObject()).model;
  } catch (thrown) {
    if (thrown instanceof AppError) return undefined;
    throw thrown;
  }
}

/** @throws AppError `PROFILES_INVALID` */
export function profilesOf(dataDir: string): readonly ProfileChoice[] {
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
