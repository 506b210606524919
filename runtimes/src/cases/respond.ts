/** The server of the cases, as a function that every runtime can serve. The response to `POST { name, context }` is an `Outcome`. */
import { DatabaseError } from '@todo/client';

import type { CaseContext, Outcome } from './case.js';
import { type CaseName, CASES } from './index.js';

export interface CaseRequest {
  readonly name: CaseName;
  readonly context: CaseContext;
}

/** Runs the case that the request names. */
export async function respondToCase(request: Request): Promise<Response> {
  // The runner of this folder is the only caller.
  const { name, context } = (await request.json()) as CaseRequest;
  return Response.json(await outcomeOf(name, context));
}

/** Runs a case. A `DatabaseError` is the outcome `refused`, any other error `failed`. */
async function outcomeOf(name: CaseName, context: CaseContext): Promise<Outcome> {
  const startedAt = performance.now();
  try {
    await CASES[name](context);
    return { result: 'works' };
  } catch (error) {
    const message = causeChain(error).map(String).join(' ← ');
    const ms = Math.round(performance.now() - startedAt);
    return error instanceof DatabaseError ? { result: 'refused', message, ms } : { result: 'failed', message };
  }
}

/** The error, its cause, the cause of the cause, and so on. */
function causeChain(error: unknown): unknown[] {
  const { cause } = Object(error) as { readonly cause?: unknown };
  return cause === undefined ? [error] : [error, ...causeChain(cause)];
}
