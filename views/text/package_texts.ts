// Texts of the list of packages and of the page of one package.
import type { TextArea } from "./texts.ts";

const count = (number: number, one: string, many: string) =>
  `${number} ${number === 1 ? one : many}`;

/** Texts of the list of packages and of the page of one package. */
export const packageTexts = {
  title: "Packages",
} satisfies TextArea;
void count;
