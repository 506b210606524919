/** Runs a case on a runtime. */
import type { CaseRequest } from './cases/answer.js';
import type { Outcome } from './cases/case.js';

/** Longer than any case takes that ends by itself within a client's time limit of 30 s. */
const TIMEOUT_MS = 45_000;

export async function runCase(origin: string, question: CaseRequest): Promise<Outcome> {
  try {
    const response = await fetch(origin, {
      method: 'POST',
      body: JSON.stringify(question),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    // Any other response is the error page of the runtime.
    return response.ok
      ? (JSON.parse(text) as Outcome)
      : { result: 'failed', message: `HTTP ${response.status}: ${text.slice(0, 500)}` };
  } catch (error) {
    return { result: 'failed', message: `No response: ${String(error)}` };
  }
}
