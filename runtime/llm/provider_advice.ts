// What to do about a model server's failure, where that depends on the kind of server. No I/O.
import type { HttpConnection } from "./connection.ts";

/** Advice for one connection; each is a sentence without its full stop. */
export interface ProviderAdvice {
  /** Nobody listens at the address. */
  readonly refused: string;
  /** The answer is of another protocol. */
  readonly wrongApi: string;
  /** For a 404 with these words of the server. */
  notFound(said: string): string;
}

/** The advice that fits a connection's provider. */
export function adviceFor({ provider, model }: HttpConnection): ProviderAdvice {
  if (provider === "ollama") {
    return {
      refused:
        'Ollama is not running there: start it with "ollama serve" or its app, or give the base URL of the machine it runs on',
      wrongApi: `Check that the base URL is Ollama's, such as "http://localhost:11434"`,
      notFound: (said) =>
        /model/i.test(said)
          ? `Get the model with "ollama pull ${model}", or choose one that "ollama list" shows`
          : `Check that the base URL is Ollama's, such as "http://localhost:11434"`,
    };
  }
  return {
    refused: "Is it running, and is the port right?",
    wrongApi: "Check that the base URL is that of an OpenAI-compatible API",
    notFound: () =>
      `Check the name of the model "${model}" (the server lists its models at /models) and that the base URL ends where the API begins, mostly in "/v1"`,
  };
}
