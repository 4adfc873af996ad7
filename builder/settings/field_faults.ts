// What is wrong with the fields of a form of the settings, or of the same thing over the API.
import { AppError } from "../../schemas/error.ts";

/** Field → one sentence; empty if all is well. */
export type FieldFaults = Readonly<Record<string, string>>;

/** The faults of a value and, where there are none, what it stands for. */
export type Checked<Value> =
  | { readonly value: Value; readonly faults?: undefined }
  | { readonly value?: undefined; readonly faults: FieldFaults };

/** What was checked. @throws AppError `VALIDATION_FAILED` with a violation for each fault */
export function valueOf<Value>(checked: Checked<Value>): Value {
  if (checked.faults === undefined) return checked.value;
  const all = Object.entries(checked.faults);
  const [first] = all;
  throw new AppError("VALIDATION_FAILED", first?.[1] ?? "The request cannot be used", {
    details: {
      in: "body",
      violations: all.map(([name, message]) => ({ pointer: `/${name}`, message, hint: "" })),
    },
  });
}
