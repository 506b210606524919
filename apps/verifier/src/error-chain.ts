/** An error as its layers tell it: drivers wrap what happened, and each layer may know something that the next does not. */

export interface Layer {
  readonly name: string;
  readonly message: string;
  /** SQLSTATE, or Node's and undici's own. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly column: string | undefined;
}

/** From the outside in, along `cause`, `sourceError` (Neon's driver), `error` (an event's) and `errors` (one per address). */
export function errorChain(error: unknown): Layer[] {
  return [...layersOf(error, new Set())];
}

/** PostgreSQL's own layer: five characters with a digit, `28P01` say; Node's codes, `ECONNREFUSED` or `EPIPE` say, are others. */
export function databaseError(error: unknown): Layer | undefined {
  return errorChain(error).find(({ code }) => code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code));
}

function* layersOf(error: unknown, seen: Set<object>): Generator<Layer> {
  // An error may be its own cause, a few layers down.
  if (typeof error !== 'object' || error === null || seen.has(error)) return;
  seen.add(error);
  const fields = error as Record<string, unknown>;
  const layer = {
    // An event has no name of its own.
    name: text(fields['name']) ?? error.constructor?.name ?? '',
    message: text(fields['message']) ?? '',
    code: text(fields['code']),
    constraint: text(fields['constraint']),
    column: text(fields['column']),
  };
  // Drizzle's own layer only repeats the query, with the values of its parameters.
  if (layer.name !== 'DrizzleQueryError' && !layer.message.startsWith('Failed query:')) yield layer;
  const { cause, sourceError, error: ofEvent, errors } = fields;
  const below = [cause, sourceError, ofEvent, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  for (const inner of below) yield* layersOf(inner, seen);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
