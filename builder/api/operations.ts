// The API, readable from top to bottom: `/api/v1` and the path of each line.
import { ACCOUNT_OPERATIONS } from "./account_operations.ts";
import { AGENT_OPERATIONS } from "./agent_operations.ts";
import { AUTH_OPERATIONS } from "./auth_operations.ts";
import { EDIT_OPERATIONS } from "./edit_operations.ts";
import { FILE_OPERATIONS } from "./file_operations.ts";
import type { Operation } from "./operation.ts";
import { PACKAGE_OPERATIONS } from "./package_operations.ts";
import { SETTING_OPERATIONS } from "./setting_operations.ts";
import { PROJECT_OPERATIONS } from "./project_operations.ts";
import { RUN_CONTROL_OPERATIONS } from "./run_control_operations.ts";
import { RUN_OPERATIONS } from "./run_operations.ts";
import { RUN_RECORD_OPERATIONS } from "./run_record_operations.ts";
import { VERSION_OPERATIONS } from "./version_operations.ts";
import { WORKFLOW_OPERATIONS } from "./workflow_operations.ts";

/** Every operation: routes, validation, `openapi.json` and the API page come from this table. */
export const OPERATIONS: readonly Operation[] = [
  ...AUTH_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...PACKAGE_OPERATIONS,
  ...EDIT_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...WORKFLOW_OPERATIONS,
  ...AGENT_OPERATIONS,
  ...FILE_OPERATIONS,
  ...SETTING_OPERATIONS,
  ...PROJECT_OPERATIONS,
  ...RUN_OPERATIONS,
  ...RUN_RECORD_OPERATIONS,
  ...RUN_CONTROL_OPERATIONS,
];
