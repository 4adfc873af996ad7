// The pages of agents: the list, and one agent's form with what the model is told of it.
import { DocumentReader } from "../../runtime/package/documents.ts";
import { SKILL_FILE } from "../../runtime/package/skills.ts";
import { AppError } from "../../schemas/error.ts";
import { AgentFields } from "../../views/forms/agent_form.tsx";
import { AgentPage, AgentsPage } from "../../views/forms/agent_pages.tsx";
import { AgentPreview } from "../../views/forms/agent_preview.tsx";
import type { FormState } from "../../views/forms/form_state.ts";
import { Sheet } from "../../views/forms/sheet.tsx";
import { packagePath } from "../../views/package_frame.tsx";
import type { AppContext } from "../app_context.ts";
import type { Draft } from "../edit/draft.ts";
import { assetsDir } from "../edit/file_edits.ts";
import { objectsAt, readJsonObject } from "../edit/json_document.ts";
import { agentChanges, agentFields } from "../forms/agent_fields.ts";
import { type FormSubject, saveForm } from "../forms/save_form.ts";
import type { JsonObject } from "../forms/value_at.ts";
import { htmlResponse } from "../http/respond.tsx";
import { agentsOf } from "../package_overview.ts";
import { systemPromptOf } from "../system_prompt.ts";
import { answerForm, type FormViews, generatedFile, showForm } from "./form_answer.tsx";
import { packageOfPath } from "./package.tsx";

/** The agent as it stands in the file, with every key. @throws AppError `AGENT_NOT_FOUND` */
function rawAgent(draft: Draft, agentId: string): JsonObject {
  const document = readJsonObject(draft.files.get(draft.agentsPath));
  const agent = objectsAt(document, "agents").find(({ id }) => id === agentId);
  if (agent) return agent;
  throw new AppError("AGENT_NOT_FOUND", `The package has no agent "${agentId.slice(0, 100)}"`);
}

function subjectOf(c: AppContext): FormSubject {
  const { agentId = "" } = c.req.param();
  return {
    fieldsOf: (draft) => agentFields(rawAgent(draft, agentId), c.var.texts),
    editOf: (changes, draft) => ({
      kind: "agent.change",
      agentId,
      fields: agentChanges(rawAgent(draft, agentId), changes),
    }),
  };
}

function viewsOf(c: AppContext): FormViews {
  const { frame } = c.var;
  const { packageId = "", agentId = "" } = c.req.param();
  const path = `${packagePath(packageId)}/agents/${encodeURIComponent(agentId)}`;
  const sheet = (draft: Draft, form: FormState) => (
    <Sheet
      {...{ frame, form, packageId }}
      source={path}
      action={path}
      place="page"
      file={generatedFile(draft, draft.agentsPath)}
      side={
        <AgentPreview
          frame={frame}
          messages={systemPromptOf(new DocumentReader(draft.files), draft, agentId)}
          isAnswer={form.isAnswer}
        />
      }
    >
      <AgentFields frame={frame} form={form} choices={choicesOf(draft)} />
    </Sheet>
  );
  const page = async (draft: Draft, form: FormState) => {
    const record = await packageOfPath(c);
    const all = agentsOf(draft);
    const own = all.find((agent) => agent.agentId === agentId);
    return (
      <AgentPage
        {...{ frame, record, agentId }}
        revision={record.revision}
        name={own?.name ?? ""}
        icon={own?.icon ?? ""}
        nodeCount={own?.nodeCount ?? 0}
        others={all.filter((agent) => agent !== own).map(({ agentId: id, name }) => ({ id, name }))}
      >
        {sheet(draft, form)}
      </AgentPage>
    );
  };
  return { path, scope: `agent:${agentId}`, sheet, page };
}

function choicesOf(draft: Draft) {
  const dir = assetsDir(draft);
  const assetPaths = [...draft.files.keys()].filter((path) => path.startsWith(dir)).sort();
  const end = `/${SKILL_FILE}`;
  return {
    workflowIds: draft.workflows.map(({ id }) => id),
    assetPaths,
    skillFolders: assetPaths.filter((path) => path.endsWith(end))
      .map((path) => path.slice(0, -end.length)),
  };
}

/** `GET …/agents`. */
export async function showAgents(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user, frame } = c.var;
  const record = await packageOfPath(c);
  const { draft, revision } = await liveDrafts.read(user.userId, record.packageId);
  const done = (c.req.query("done") ?? "").slice(0, 200);
  return await htmlResponse(
    <AgentsPage {...{ frame, record, revision, done }} agents={agentsOf(draft)} />,
  );
}

/** `GET …/agents/:agentId`. */
export async function showAgent(c: AppContext): Promise<Response> {
  const { services: { liveDrafts }, user } = c.var;
  const { draft } = await liveDrafts.read(user.userId, c.req.param("packageId") ?? "");
  return await showForm(c, { draft, fields: subjectOf(c).fieldsOf(draft), views: viewsOf(c) });
}

/** `POST …/agents/:agentId`: the fields that were changed. */
export async function postAgent(c: AppContext): Promise<Response> {
  return await answerForm(c, await saveForm(c, subjectOf(c)), viewsOf(c));
}
