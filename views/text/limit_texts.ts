// Texts of the settings page of limits.
import type { TextArea } from "./texts.ts";

/** Texts of the settings page of limits. */
export const limitTexts = {
  title: "Limits",
  lead:
    "The most that any run may take, whatever it asks for. Where a run or an agent asks for less, that holds.",
  safe: "A run that reaches a limit pauses and loses nothing; resuming it grants as much again.",
  runsTitle: "Runs",
  callsTitle: "One tool call",
  maxTurns: "Requests to the model in a run",
  maxTurnsHint: "A run that says nothing takes 200.",
  maxTurnsPerNode: "Requests to the model at one node",
  maxTurnsPerNodeHint: "A run that says nothing takes 20.",
  maxTokens: "Tokens, read and written",
  maxCostUsd: "US dollars",
  maxCostUsdHint: "By the prices of the profile; without prices there is no cost.",
  maxMinutes: "Minutes",
  maxReadKib: "KiB read",
  maxReadHint: "Of one file or answer. What is larger is given in pieces.",
  maxWriteKib: "KiB written",
  toolSeconds: "Seconds",
  toolSecondsHint: "After that the call is ended and the model is told.",
  noLimit: "no limit",
  save: "Save limits",
  saved: "Saved. Runs that are going on keep the limits they were taken up with.",
  range: (least: number, most: number) => `This takes a number from ${least} to ${most}`,
  notNumber: (text: string) => `“${text}” is no number`,
} satisfies TextArea;
