// From the buttons of an approval to the decision. Not here: the buttons (`views/run/`).
import type { ApprovalDecision } from "../schemas/question.ts";
import { textField } from "./http/form_fields.ts";

/** The fields `choice` (once, run, always or deny) and `reason`. */
export function decisionOfForm(form: FormData): ApprovalDecision {
  const choice = textField(form, "choice");
  if (choice === "once" || choice === "run" || choice === "always") {
    return { decision: "allow", scope: choice };
  }
  // Anything else must not allow: a form without a choice is sent by Enter in the field of the reason.
  const reason = textField(form, "reason").trim();
  return { decision: "deny", scope: "once", ...(reason && { reason }) };
}
