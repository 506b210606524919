/** An error as its layers tell it: drivers wrap what happened, and each layer may know something that the next does not. */

export interface Layer {
  readonly name: string;
  readonly message: string;
  /** SQLSTATE, or Node's and undici's own. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;
}

/** From the outside in, along `cause`, `sourceError` (Neon's driver) and `errors` (one per address that was tried). */
export function errorChain(error: unknown): Layer[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name, message, code, constraint, cause, sourceError, errors } = error as Record<string, unknown>;
  const below = [cause, sourceError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  const layer = {
    name: text(name) ?? '',
    message: text(message) ?? '',
    code: text(code),
    constraint: text(constraint),
  };
  // Drizzle's own layer only repeats the query, with the values of its parameters.
  const own = layer.name === 'DrizzleQueryError' || layer.message.startsWith('Failed query:') ? [] : [layer];
  return [...own, ...below.flatMap(errorChain)];
}

/** PostgreSQL's own layer: five characters, `28P01` say; Node's codes, `ECONNREFUSED` say, are longer. */
export function databaseError(error: unknown): Layer | undefined {
  return errorChain(error).find(({ code }) => code !== undefined && /^[0-9A-Z]{5}$/.test(code));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
