// What went wrong, as a page of its own or as a toast on the page where it happened.
import type { ErrorCode } from "../schemas/error.ts";
import type { Frame } from "./frame.ts";
import { Icon } from "./icons.tsx";
import { Page } from "./layout.tsx";
import type { Texts } from "./text/texts.ts";

/** A failure as a person is told of it. */
export interface ErrorProps {
  readonly frame: Frame;
  readonly code: ErrorCode;
  readonly message: string;
  /** The HTTP status. */
  readonly status: number;
  /** Finds the failure in the server's log. */
  readonly requestId: string;
}

/** A page for a request that failed. */
export function ErrorPage({ frame, code, message, status, requestId }: ErrorProps) {
  const { texts, user } = frame;
  const title = titleOf(status, texts);
  return (
    <Page frame={frame} title={title}>
      <section class="panel error-page">
        <div class="panel-body stack">
          <Icon name={status >= 500 ? "error" : "warning"} />
          <h1>{title}</h1>
          <p class="message">{message}</p>
          <p>
            <a class="button" href={user ? "/packages" : "/login"}>
              {user ? texts.error.toPackages : texts.error.toSignIn}
            </a>
          </p>
          <p class="small muted mono">{texts.error.code(code, requestId)}</p>
        </div>
      </section>
    </Page>
  );
}

/** A toast for a request of htmx that failed; it stays until it is dismissed. */
export function ErrorToast({ frame, code, message, requestId }: ErrorProps) {
  const { texts } = frame;
  return (
    <div class="toast error" role="alert" title={texts.error.code(code, requestId)}>
      <Icon name="error" />
      <p>{message}</p>
      <button class="button quiet icon-only" type="button" data-dismiss>
        <Icon name="close" label={texts.layout.dismiss} />
      </button>
    </div>
  );
}

function titleOf(status: number, { error }: Texts): string {
  if (status === 404) return error.notFound;
  if (status === 401 || status === 403) return error.forbidden;
  if (status === 429) return error.tooMany;
  return status >= 500 ? error.internal : error.refused;
}
