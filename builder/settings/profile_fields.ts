// Between the fields of the form of a profile, which are texts, and what they say.
import type { FieldFaults } from "./field_faults.ts";
import {
  type KeyInput,
  PROFILE_NUMBERS,
  type ProfileInput,
  type ProfileNumbers,
} from "./profile_input.ts";
import type { ShownProfile } from "./profile_settings.ts";
import { linesOf, numberOf } from "./typed_text.ts";

type Fields = Readonly<Record<string, string>>;

/** What the fields say; the faults are those of texts that are no numbers or lines. */
export function inputOfFields(fields: Fields): { input: ProfileInput; faults: FieldFaults } {
  const faults: Record<string, string> = {};
  const numbers = Object.fromEntries(PROFILE_NUMBERS.map((name) => {
    const value = numberOf(fields[name]);
    if (Number.isNaN(value)) faults[name] = `"${fields[name]}" is no number`;
    return [name, Number.isNaN(value) ? null : value];
  })) as ProfileNumbers;
  const { timeoutMs } = numbers;
  const input: ProfileInput = {
    ...numbers,
    // People say seconds.
    timeoutMs: timeoutMs === null ? null : Math.round(timeoutMs * 1000),
    name: (fields.name ?? "").trim(),
    preset: fields.preset ?? "",
    model: (fields.model ?? "").trim(),
    baseUrl: (fields.baseUrl ?? "").trim() || null,
    key: keyOf(fields),
    headers: headersOf(fields),
    streaming: fields.streaming === "yes",
  };
  return { input, faults };
}

function keyOf({ key, keyValue = "", keyVariable = "" }: Fields): KeyInput {
  if (key === "stored") return { from: "stored", value: keyValue };
  if (key === "env") return { from: "env", variable: keyVariable.trim() };
  return { from: key === "kept" ? "kept" : "preset" };
}

function headersOf(fields: Fields): Record<string, string | null> {
  const kept = Object.keys(fields).filter((name) => name.startsWith("keep."))
    .map((name): [string, null] => [name.slice("keep.".length), null]);
  const typed = linesOf(fields.headers).map((line): [string, string] => {
    const at = line.indexOf(":");
    return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return Object.fromEntries([...kept, ...typed]);
}

/** The fields of a profile as it is saved; what is secret stays where it is. */
export function fieldsOfProfile(profile: ShownProfile): Fields {
  const { name, preset, model, baseUrl, key, headers, streaming, timeoutMs } = profile;
  const numbers = PROFILE_NUMBERS.map((name) => [name, String(profile[name] ?? "")]);
  const isOwnVariable = key.from !== "stored" && profile.hasOwnVariable;
  return {
    ...Object.fromEntries(numbers),
    timeoutMs: timeoutMs === null ? "" : String(timeoutMs / 1000),
    name,
    preset,
    model,
    baseUrl: baseUrl ?? "",
    key: key.from === "stored" ? "kept" : isOwnVariable ? "env" : "preset",
    keyVariable: isOwnVariable ? key.variable ?? "" : "",
    streaming: streaming ? "yes" : "",
    ...Object.fromEntries(headers.map((name) => [`keep.${name}`, "yes"])),
  };
}
