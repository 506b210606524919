/** Runs a case on a runtime. */
import type { CaseRequest } from './cases/respond.js';
import type { Outcome } from './cases/case.js';

/** Longer than every case that ends by itself: a client's time limit is 30 s. */
const TIMEOUT_MS = 45_000;

export async function runCase(origin: string, request: CaseRequest): Promise<Outcome> {
  try {
    const response = await fetch(origin, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    // A response that is not OK is the error page of the runtime.
    return response.ok
      ? (JSON.parse(text) as Outcome)
      : { result: 'failed', message: `HTTP ${response.status}: ${text.slice(0, 500)}` };
  } catch (error) {
    return { result: 'failed', message: `No response: ${String(error)}` };
  }
}
