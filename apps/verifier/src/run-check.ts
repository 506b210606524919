/** Runs one check with a time limit. Any error becomes a result. */
import {
  BrokenGuarantee,
  type Check,
  type Context,
  type Finding,
  type Outcome,
  severityOf,
  SkippedCheck,
  verdict,
} from './check.ts';
import { diagnose } from './diagnose.ts';
import type { Evidence } from './evidence.ts';
import { CONNECTION_CHECKS } from './exit-code.ts';
import type { ReportedFinding, Result, Status } from './result.ts';

/** The part of the context that records steps and evidence. */
export type Notes = Pick<Context, 'step' | 'show'>;

export interface RunCheckOptions {
  readonly contextFor: (notes: Notes) => Context;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal;
}

/** The time for a check to clean up after an interruption. */
const GRACE_MS = 5000;

/** Runs a check and returns its result. Never rejects. */
export async function runCheck(check: Check, { contextFor, timeLimitMs, signal }: RunCheckOptions): Promise<Result> {
  const startedAt = performance.now();
  const steps: string[] = [];
  const evidence: Evidence[] = [];
  const timeLimit = startTimeLimit(check, timeLimitMs, signal);
  const context = contextFor({ step: (text) => void steps.push(text), show: (seen) => void evidence.push(seen) });
  const outcome = await Promise.race([check.run(context), timeLimit.expired]).catch((error: unknown) =>
    explainError(check, error),
  );
  timeLimit.cancel();
  return {
    id: check.id,
    status: statusOf(check, outcome),
    title: check.title,
    durationMs: Math.round(performance.now() - startedAt),
    ...contentOf(check, outcome),
    ...(evidence.length > 0 && { evidence }),
    ...(steps.length > 0 && { steps }),
  };
}

/** Starts a timer. `expired` rejects after the time limit, and at most 5 s after an interruption. */
function startTimeLimit(
  check: Check,
  timeLimitMs: number,
  signal: AbortSignal | undefined,
): { expired: Promise<never>; cancel: () => void } {
  const expiry = new AbortController();
  const expireIn = (ms: number) => setTimeout(() => expiry.abort(), ms);
  const timers = [expireIn(timeLimitMs)];
  const startGracePeriod = () => void timers.push(expireIn(GRACE_MS));
  const expired = new Promise<never>((_, reject) => {
    expiry.signal.addEventListener('abort', () => reject(new BrokenGuarantee(timeoutFinding(check, timeLimitMs))));
  });
  signal?.addEventListener('abort', startGracePeriod);
  const cancel = () => {
    signal?.removeEventListener('abort', startGracePeriod);
    for (const timer of timers) clearTimeout(timer);
  };
  return { expired, cancel };
}

function timeoutFinding({ id }: Check, timeLimitMs: number): Finding {
  return {
    have: `${id} did not finish in time`,
    want: `a result within ${timeLimitMs / 1000} s`,
    why: 'Either the database does not respond, or another session holds a lock that this check waits for.',
    fix: `Run \`pnpm verify --only ${id}\`. If it hangs again, look in pg_stat_activity for the session that holds a lock.`,
  };
}

/** Checks whose findings may explain a database error in another check. */
const POSSIBLE_CAUSES = [
  'connect/websocket',
  'connect/session-settings',
  'connect/search-path',
  'connect/writable',
  'schema/*',
  'migrate/code-in-sync',
];

/** The outcome of a check with a bug: its finding, and the stack of the error. */
type Crash = Omit<Extract<Outcome, { kind: 'findings' }>, 'kind'> & { readonly kind: 'crash'; readonly crash: string };

/** The outcome of a check that threw an error: a finding, a skip, or a crash if the error is not about the database. */
function explainError(check: Check, error: unknown): Outcome | Crash {
  if (error instanceof BrokenGuarantee) return verdict([error.finding]);
  if (error instanceof SkippedCheck) return { kind: 'skip', reason: error.message };
  const diagnosis = diagnose(error);
  if (diagnosis !== undefined) {
    const { cause: have, remedy: fix } = diagnosis;
    // The texts of a connection check say why the connection matters. Any other check only lacks a result.
    const why = CONNECTION_CHECKS.has(check.id) ? check.why : 'The check could not continue.';
    // A check without a result proves nothing, so the severity is `error` even if the check's findings are warnings.
    return verdict([{ have, want: check.title, why, fix, severity: 'error', follows: POSSIBLE_CAUSES }]);
  }
  const { stack = String(error) } = Object(error) as { stack?: string };
  const finding = {
    have: `${check.id} threw ${error instanceof Error ? error.name : typeof error}`,
    want: 'a result',
    why: 'This is a bug in the verifier; it says nothing about the database.',
    fix: 'Run again with --debug, and open an issue with the output.',
    severity: 'error' as const,
  };
  return { kind: 'crash', crash: stack, findings: [finding] };
}

function statusOf(check: Check, outcome: Outcome | Crash): Status {
  switch (outcome.kind) {
    case 'pass':
    case 'skip':
    case 'not-applicable':
      return outcome.kind;
    case 'crash':
      return 'fail';
    case 'findings': {
      const severities = new Set(outcome.findings.map((finding) => fillDefaults(check, finding).severity));
      if (severities.has('error')) return 'fail';
      return severities.has('warning') ? 'warn' : 'info';
    }
    default:
      return outcome satisfies never;
  }
}

/** The fields of a result that depend on the outcome. */
function contentOf(check: Check, outcome: Outcome | Crash): Pick<Result, 'detail' | 'reason' | 'findings' | 'crash'> {
  const { kind: _, ...content } = outcome;
  if (!('findings' in content)) return content;
  return { ...content, findings: content.findings.map((finding) => fillDefaults(check, finding)) };
}

/** Returns the finding with the defaults of the check. */
function fillDefaults(check: Check, finding: Finding): ReportedFinding {
  return { why: check.why, fix: check.remedy, severity: severityOf(check), ...finding };
}
