/** For every kind of column: a validator accepts a value if, and only if, PostgreSQL stores it and returns it unchanged. */
import { inspect, isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';

import { validatorsOf } from '../../src/validators/index.ts';
import type { Judge, Verdict } from './judge.ts';
import { type Kind, kinds } from './kinds.ts';
import { valuesOf } from './values.ts';

const { insert, update, select } = validatorsOf(kinds);

export type Answer = { readonly output: unknown } | { readonly message: string };

/** The answer of the schema for a new row. If the other schemas answer differently, which is a mistake, one of their answers. */
export function answerOf(kind: Kind, value: unknown): Answer {
  const answers = [insert, update, select].map(({ shape }): Answer => {
    const { success, data, error } = shape[kind].safeParse(value);
    return success ? { output: data } : { message: error.issues.map(({ message }) => message).join('; ') };
  });
  const [first, ...others] = answers;
  const differing = others.find((other) => !isDeepStrictEqual(other, first));
  if (first === undefined || differing !== undefined) {
    throw new Error(`The schemas of ${kind} disagree about ${inspect(value)}: ${inspect(answers)}`);
  }
  return first;
}

/**
 * Undefined when the validator and PostgreSQL agree on all `numRuns` values; otherwise fast-check's report with a shrunk counterexample.
 */
export async function disagreement(
  judge: Judge,
  kind: Kind,
  numRuns: number,
  seed: number = Date.now(),
): Promise<string | undefined> {
  const property = fc.asyncProperty(valuesOf(kind), async (value) => {
    const [fault] = await faults(judge, kind, [value]);
    if (fault !== undefined) throw new Error(fault);
  });
  const values = fc.sample(property, { numRuns, seed }).map(([value]) => value);
  const found = await faults(judge, kind, values);
  const first = found.findIndex((fault) => fault !== undefined);
  if (first < 0) return undefined;
  // The same seed makes the same values. This run starts at the failing value and shrinks it.
  const details = await fc.check(property, { numRuns, seed, path: String(first) });
  const shrunk =
    details.counterexample === null
      ? ''
      : `\nSmallest: ${inspect(details.counterexample[0])}: ${String(details.errorInstance)}`;
  return `${kind}, ${inspect(values[first])}: ${found[first]}${shrunk}\nseed ${seed}`;
}

/** Why the validator and PostgreSQL disagree, for each value; undefined where they agree. */
export async function faults(judge: Judge, kind: Kind, values: readonly unknown[]): Promise<(string | undefined)[]> {
  const answers = values.map((value) => answerOf(kind, value));
  const verdicts = await judge.judge(kind, values);
  // The output of a validator is sent again. For a refused value, the value from the database is sent again.
  const outputs = await judge.judge(
    kind,
    answers.map((answer, index) => ('output' in answer ? answer.output : storedOf(verdicts[index]!))),
  );
  return values.map((value, index) => {
    const answer = answers[index]!;
    const verdict = verdicts[index]!;
    return 'output' in answer
      ? faultOfAccepted(value, answer.output, verdict, outputs[index]!)
      : faultOfRefused(kind, value, verdict, outputs[index]!, answer.message);
  });
}

function faultOfAccepted(value: unknown, output: unknown, verdict: Verdict, own: Verdict): string | undefined {
  const said = `accepted, as ${inspect(output)}`;
  if ('refused' in own) return `${said}; PostgreSQL refuses that: ${own.refused}`;
  if (!isDeepStrictEqual(own.stored, output)) return `${said}; PostgreSQL stores ${inspect(own.stored)}`;
  if ('refused' in verdict) return `${said}; PostgreSQL refuses the value: ${verdict.refused}`;
  if (!isDeepStrictEqual(verdict.stored, output)) return `${said}; the value is stored as ${inspect(verdict.stored)}`;
  if (!verdict.isSame || (isNumber(value) && value !== output))
    return `${said}; PostgreSQL says that it is another value`;
  return undefined;
}

function faultOfRefused(
  kind: Kind,
  value: unknown,
  verdict: Verdict,
  again: Verdict,
  message: string,
): string | undefined {
  if ('refused' in verdict || !isCarried(kind, verdict.stored)) return undefined;
  const { stored } = verdict;
  if (isDeepStrictEqual(stored, value)) return `refused (${message}); PostgreSQL gives it back unchanged`;
  // The database changed the value, for example rounded it. A changed value that is stable must be accepted.
  if ('refused' in again || !isDeepStrictEqual(again.stored, stored)) return undefined;
  const answer = answerOf(kind, stored);
  if ('output' in answer && isDeepStrictEqual(answer.output, stored)) return undefined;
  return `PostgreSQL stores it as ${inspect(stored)}, of which the validator makes ${inspect(answer)}`;
}

function storedOf(verdict: Verdict): unknown {
  return 'stored' in verdict ? verdict.stored : undefined;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Whether JSON preserves the value, and Drizzle's type of the column includes it. */
export function isCarried(kind: Kind, value: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => isCarried(kind, element));
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return isCarried(kind, Object.values(value));
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  // A padded label is not one of the column's labels.
  if (kind === 'charEnum') return value === 'low';
  if (typeof value !== 'number') return true;
  return Number.isFinite(value) && (!kind.startsWith('bigint') || Number.isSafeInteger(value));
}
