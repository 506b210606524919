/** The layers of an error as the checks and the diagnosis read them. */
import { type ErrorLayer, errorLayers, isSqlState } from '@todo/client/errors';

export interface Layer {
  readonly name: string;
  readonly message: string;
  /** A SQLSTATE, or a code of Node.js or undici. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly column: string | undefined;
}

/** The layers of an error, outermost first. Leaves out Drizzle's layer, which only repeats the query with the values of its parameters. */
export function errorChain(error: unknown): Layer[] {
  return errorLayers(error)
    .map(toLayer)
    .filter(({ name, message }) => name !== 'DrizzleQueryError' && !message.startsWith('Failed query:'));
}

/** The layer that PostgreSQL sent, which has a SQLSTATE. */
export function databaseError(error: unknown): Layer | undefined {
  return errorChain(error).find(({ code }) => isSqlState(code));
}

function toLayer(layer: ErrorLayer): Layer {
  return {
    // An event has no name of its own.
    name: asString(layer['name']) ?? layer.constructor?.name ?? '',
    message: asString(layer['message']) ?? '',
    code: asString(layer['code']),
    constraint: asString(layer['constraint']),
    column: asString(layer['column']),
  };
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
