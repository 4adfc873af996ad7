// A service whose modules are loaded when it is first called, so that the server starts fast and keeps
// small for who only looks in.

/** Only such methods can wait for the module they are in. */
type AsyncMethods<Service> = {
  [Name in keyof Service]: Service[Name] extends (...values: never[]) => Promise<unknown>
    ? Service[Name]
    : never;
};

/** A service that may not be there yet. */
export interface LateService<Service> {
  /** Calls wait until the service is open; they fail if it cannot be opened. */
  readonly service: Service;
  /** The service if anybody has called it. */
  opened(): Promise<Service> | undefined;
}

/** Opens the service with the first call to one of its methods, once. */
export function onFirstCall<Service extends AsyncMethods<Service>>(
  open: () => Promise<Service>,
): LateService<Service> {
  let opening: Promise<Service> | undefined;
  const service = new Proxy({} as Service, {
    get: (_, name) => {
      // With a `then`, it would pass for a promise, and whoever awaited it would call that.
      if (name === "then") return undefined;
      return async (...values: never[]) => {
        const methods = await (opening ??= open()) as AsyncMethods<Service>;
        return await methods[name as keyof Service](...values);
      };
    },
  });
  return { service, opened: () => opening };
}
