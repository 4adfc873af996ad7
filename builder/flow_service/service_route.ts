// What a line of the flow service's route table is: enough to serve it and to describe it.
import type { BodySchema } from "./read_body.ts";
import type { ServiceHandler } from "./service_context.ts";

/** A line of the route table. */
export interface ServiceRoute {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** hono's patterns: `/doc/:id`. */
  readonly path: string;
  /** One line for `/openapi.json` and `/docs`. */
  readonly summary: string;
  readonly handler: ServiceHandler;
  /** What a JSON body has to be; the handler checks it by this very schema. */
  readonly body?: BodySchema;
  /** Other content types that the body may have. */
  readonly bodyTypes?: readonly string[];
  /** Query parameters, all texts. */
  readonly query?: Readonly<Record<string, string>>;
  /** Content types of the answer; JSON unless said. */
  readonly answers?: readonly string[];
  /** Error statuses besides 400, 401 and 403. */
  readonly failures?: readonly number[];
  /** Whether it can be asked without the token, by what watches over containers. */
  readonly isOpen?: boolean;
}
