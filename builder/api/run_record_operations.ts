// Operations: what runs did and left: changes, artifacts, tool calls, who wrote which line.
import { count, list, orNull, record, ref, text } from "./json_schema.ts";
import { lazyCall, type Operation } from "./operation.ts";
import { pageLimit, READS_PROJECT, RUN_READS, shortText } from "./run_operations.ts";

const files = () => import("./run_files.ts");

/** What is below `/runs/{runId}` to read, and `/provenance`. */
export const RUN_RECORD_OPERATIONS: readonly Operation[] = [
  {
    operationId: "listRunChanges",
    method: "GET",
    path: "/runs/{runId}/changes",
    tag: "runs",
    access: "account",
    summary: "What the run changed in its project, as diffs.",
    answers: { 200: { data: list(ref("Change")) } },
    errors: READS_PROJECT,
    handler: lazyCall(files, "listChanges"),
  },
  {
    operationId: "listRunArtifacts",
    method: "GET",
    path: "/runs/{runId}/artifacts",
    tag: "runs",
    access: "account",
    summary: "The files that the run wrote, and which call made each.",
    answers: { 200: { data: list(ref("Artifact")) } },
    errors: READS_PROJECT,
    handler: lazyCall(files, "listArtifacts"),
  },
  {
    operationId: "readRunArtifact",
    method: "GET",
    path: "/runs/{runId}/artifacts/{path}",
    tag: "runs",
    access: "account",
    summary: "A file that the run wrote, as it is now.",
    answers: { 200: { media: ["application/octet-stream"] } },
    errors: [...READS_PROJECT, "FILE_NOT_FOUND"],
    handler: lazyCall(files, "readArtifact"),
  },
  {
    operationId: "traceRunArtifact",
    method: "GET",
    path: "/runs/{runId}/provenance/{path}",
    tag: "runs",
    access: "account",
    summary: "Which tool call of the run wrote each line of a file.",
    answers: { 200: { data: ref("Provenance") } },
    errors: [...READS_PROJECT, "FILE_NOT_FOUND"],
    handler: lazyCall(files, "showProvenance"),
  },
  {
    operationId: "listRunToolCalls",
    method: "GET",
    path: "/runs/{runId}/tool-calls",
    tag: "runs",
    access: "account",
    summary: "The tool calls of a run with their arguments and results.",
    query: {
      tool: shortText("Its name, such as fs.write."),
      outcome: text({ enum: ["open", "done", "failed"] }),
      after: { ...count, description: "next of the page before." },
      limit: pageLimit(500),
    },
    answers: { 200: { data: record({ calls: list(ref("ToolCall")), next: orNull(count) }) } },
    errors: RUN_READS,
    handler: lazyCall(files, "listToolCalls"),
  },
  {
    operationId: "exportRun",
    method: "GET",
    path: "/runs/{runId}/export",
    tag: "runs",
    access: "account",
    summary: "The run as one file (.crewrun) that another machine can show, replay and diff.",
    answers: { 200: { media: ["application/zip"] } },
    errors: READS_PROJECT,
    handler: lazyCall(files, "exportRun"),
  },
  {
    operationId: "traceProjectFile",
    method: "GET",
    path: "/provenance",
    tag: "runs",
    access: "account",
    summary:
      "Which of the caller's runs on a project wrote each line of a file; the latest counts.",
    query: {
      projectDir: shortText("The folder."),
      path: shortText("A mount path, such as @project/artifacts/poem.md."),
    },
    answers: { 200: { data: ref("Provenance") } },
    errors: ["AUTH_FORBIDDEN", "PROJECT_NOT_FOUND", "FILE_WRITE_FAILED"],
    handler: lazyCall(files, "traceFile"),
  },
];
