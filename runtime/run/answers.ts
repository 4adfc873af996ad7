// Answers given beforehand (`--answers FILE`) and the placeholder answers of a simulation.
import { AppError } from "../../schemas/error.ts";
import type { Answer, Question } from "../../schemas/question.ts";
import type { Decisions } from "../llm/connection.ts";
import { nobody, type Person } from "./person.ts";

/** An answers file: JSON with answers in the order of asking or by node, and branches for a simulation. */
export interface Answers {
  readonly answers: readonly Answer[];
  readonly answersByNode: Readonly<Record<string, readonly Answer[]>>;
  /** Which edges a simulation takes. */
  readonly decisions: Decisions;
}

const SHAPE =
  '{"answers": [...], "answersByNode": {"<nodeId>": [...]}, "decisions": {"<nodeId>": "<label>" or ["<label>", ...]}}';

/** No answers at all. */
export const NO_ANSWERS: Answers = { answers: [], answersByNode: {}, decisions: {} };

/** Reads an answers file. @throws AppError `ANSWERS_INVALID` saying which key is wrong */
export function parseAnswers(text: string): Answers {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`it is not JSON (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  if (!isMap(value)) throw invalid("it is not an object");
  const unknown = Object.keys(value).find((key) => !(key in NO_ANSWERS));
  if (unknown !== undefined) throw invalid(`it has an unknown key "${unknown}"`);
  const { answers = [], answersByNode = {}, decisions = {} } = value;
  if (!isAnswerList(answers)) throw invalid('"answers" is not a list of answers');
  if (!isMap(answersByNode) || !Object.values(answersByNode).every(isAnswerList)) {
    throw invalid('"answersByNode" does not map node ids to lists of answers');
  }
  if (!isMap(decisions)) {
    throw invalid('"decisions" does not map node ids to a label or a list of labels');
  }
  const wrong = Object.entries(decisions).find(([, choice]) => !isChoice(choice));
  if (wrong) {
    throw invalid(`"decisions" has for "${wrong[0]}" neither a label nor a list of labels`);
  }
  return { answers, answersByNode, decisions } as Answers;
}

/** A person who answers from a file, each answer once; what it lacks is left open. */
export function answersPerson(answers: Answers): Person {
  const inOrder = [...answers.answers];
  const byNode = new Map(
    Object.entries(answers.answersByNode).map(([nodeId, list]) => [nodeId, [...list]]),
  );
  return {
    ...nobody,
    ask(_question, { nodeId }) {
      const answer = byNode.get(nodeId)?.shift() ?? inOrder.shift();
      return Promise.resolve(answer === undefined ? null : { answer, by: "answers" });
    },
  };
}

/** A person made of placeholders: picks the first option, confirms, fills forms by their schema. */
export const simulatedPerson: Person = {
  ...nobody,
  ask: (question) => Promise.resolve({ answer: placeholder(question), by: "simulation" }),
};

function placeholder(question: Question): Answer {
  switch (question.kind) {
    case "selection":
      return question.options?.[0] ?? "[simulation] first option";
    case "confirmation":
      return true;
    case "form":
      return formPlaceholder(question.schema);
    case "review":
      return { approved: true, comments: "[simulation] looks good" };
    default:
      return `[simulation] answer to: ${question.question}`;
  }
}

function formPlaceholder(schema: Question["schema"]): Answer {
  const properties = isMap(schema?.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, placeholderOf(property)]),
  );
}

function placeholderOf(property: unknown): unknown {
  if (!isMap(property)) return "[simulation]";
  if ("default" in property) return property.default;
  if (Array.isArray(property.enum)) return property.enum[0];
  const byType: Record<string, unknown> = {
    number: 1,
    integer: 1,
    boolean: true,
    array: [],
    object: {},
  };
  return byType[String(property.type)] ?? "[simulation]";
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAnswerList(value: unknown): value is Answer[] {
  return Array.isArray(value) &&
    value.every((item) => typeof item === "string" || typeof item === "boolean" || isMap(item));
}

function isChoice(value: unknown): boolean {
  return [value].flat().every((label) => typeof label === "string");
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    "ANSWERS_INVALID",
    `The answers file cannot be used: ${reason}. It should be ${SHAPE}`,
    {
      cause,
    },
  );
}
