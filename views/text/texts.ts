// Every text a person reads in the browser, one file per area. English now; another language is a
// second object of the same type. Not here: messages of errors and findings, which say their own.
import { accountTexts } from "./account_texts.ts";
import { agentTexts } from "./agent_texts.ts";
import { apiDocsTexts } from "./api_docs_texts.ts";
import { assetTexts } from "./asset_texts.ts";
import { authTexts } from "./auth_texts.ts";
import { controlTexts } from "./control_texts.ts";
import { editorTexts } from "./editor_texts.ts";
import { errorTexts } from "./error_texts.ts";
import { formTexts } from "./form_texts.ts";
import { layoutTexts } from "./layout_texts.ts";
import { packageTexts } from "./package_texts.ts";
import { profileTexts } from "./profile_texts.ts";
import { mcpTexts } from "./mcp_texts.ts";
import { policyTexts } from "./policy_texts.ts";
import { limitTexts } from "./limit_texts.ts";
import { dataTexts } from "./data_texts.ts";
import { projectTexts } from "./project_texts.ts";
import { recordTexts } from "./record_texts.ts";
import { runTexts } from "./run_texts.ts";
import { startTexts } from "./start_texts.ts";
import { timeTexts } from "./time_texts.ts";
import { tokenTexts } from "./token_texts.ts";

/** The texts in English. An area adds one line here and one file beside this one. */
export const english = {
  language: "en",
  account: accountTexts,
  agent: agentTexts,
  apiDocs: apiDocsTexts,
  asset: assetTexts,
  auth: authTexts,
  control: controlTexts,
  editor: editorTexts,
  error: errorTexts,
  form: formTexts,
  layout: layoutTexts,
  package: packageTexts,
  project: projectTexts,
  record: recordTexts,
  run: runTexts,
  profile: profileTexts,
  mcp: mcpTexts,
  policy: policyTexts,
  limit: limitTexts,
  data: dataTexts,
  start: startTexts,
  time: timeTexts,
  token: tokenTexts,
};

/** All texts of one language; plain strings, and functions where a value stands inside a sentence. */
export type Texts = typeof english;

/** What an area of texts may hold. */
export type TextArea = Record<string, string | ((...values: never[]) => string)>;
