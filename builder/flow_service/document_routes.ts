// Documents over HTTP, with ETag and If-Match, so that nobody overwrites what he has not seen.
import { type FlowDocument, readEtags } from "../../runtime/flow/documents.ts";
import { checkDocumentId } from "../../runtime/flow/flow_id.ts";
import { AppError } from "../../schemas/error.ts";
import { type BodySchema, checkBody, isJson, readJson, readText } from "./read_body.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRoute } from "./service_route.ts";

const DOCUMENT_BODY: BodySchema = {
  type: "object",
  properties: { content: { type: "string", description: "Markdown" } },
  required: ["content"],
  additionalProperties: false,
};

/** The routes of documents. */
export const DOCUMENT_ROUTES: readonly ServiceRoute[] = [
  { method: "GET", path: "/doc", summary: "List the documents", handler: list },
  {
    method: "GET",
    path: "/doc/:id",
    summary: "Read a document; If-None-Match spares an unchanged one",
    answers: ["text/markdown"],
    failures: [404],
    handler: read,
  },
  {
    method: "PUT",
    path: "/doc/:id",
    summary: "Write a document; with If-Match only over the one you saw",
    body: DOCUMENT_BODY,
    bodyTypes: ["text/markdown"],
    failures: [412, 413],
    handler: write,
  },
  {
    method: "GET",
    path: "/doc/:id/status",
    summary: "Whether a document exists",
    handler: status,
  },
];

async function list(c: ServiceContext): Promise<Response> {
  const entries = await c.var.parts.ports.documents.list();
  const documents = entries.map(({ id, createdAt, updatedAt, etag }) => ({
    id,
    created_at: createdAt,
    updated_at: updatedAt,
    etag,
  }));
  return Response.json({ documents });
}

async function read(c: ServiceContext): Promise<Response> {
  const id = checkDocumentId(c.req.param("id"));
  const document = await c.var.parts.ports.documents.read(id);
  if (document === undefined) {
    throw new AppError("FLOW_DOC_NOT_FOUND", `There is no document "${id}"`);
  }
  const headers = headersOf(document);
  const seen = readEtags(c.req.header("if-none-match") ?? "");
  if (seen.includes(document.etag)) return new Response(null, { status: 304, headers });
  return new Response(document.content, { headers });
}

async function write(c: ServiceContext): Promise<Response> {
  const id = checkDocumentId(c.req.param("id"));
  const content = await contentOf(c);
  const { documents } = c.var.parts.ports;
  const document = await documents.write(id, content, c.req.header("if-match"));
  const { createdAt, updatedAt, etag } = document;
  const body = { success: true, id, created_at: createdAt, updated_at: updatedAt, etag };
  return Response.json(body, { headers: { etag } });
}

async function contentOf(c: ServiceContext): Promise<string> {
  const { bodyBytes } = c.var.parts.source.config.limits;
  if (/^text\/markdown\s*(;|$)/i.test(c.req.header("content-type") ?? "")) {
    return await readText(c.req.raw, bodyBytes);
  }
  if (!isJson(c.req.raw)) {
    throw new AppError(
      "REQUEST_INVALID",
      'A document is sent as "Content-Type: text/markdown", or as JSON {"content": …}',
    );
  }
  const json = await readJson(c.req.raw, bodyBytes);
  return checkBody<{ content: string }>(DOCUMENT_BODY, json).content;
}

async function status(c: ServiceContext): Promise<Response> {
  const id = checkDocumentId(c.req.param("id"));
  return Response.json({ exists: await c.var.parts.ports.documents.exists(id) });
}

function headersOf({ etag, updatedAt }: FlowDocument): Record<string, string> {
  return {
    etag,
    "content-type": "text/markdown; charset=utf-8",
    "last-modified": new Date(updatedAt).toUTCString(),
  };
}
