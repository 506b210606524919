/**
 * Runs many statements in one round trip, each in a subtransaction that is rolled back, and returns the result of each.
 *
 * A PL/pgSQL block runs the statements. A block has no parameters and returns no rows: statements and results are passed in
 * settings that last for the transaction.
 */
import { CHECK_VIOLATION, EXCLUSION_VIOLATION, UNIQUE_VIOLATION } from '@todo/migrator/rows';
import { z } from 'zod';

import type { Session } from '@todo/client';

import type { Finding } from '../../check.ts';
import { isInvalidSql, VerifierSqlError, runVerifierSql } from '../../own-sql.ts';

/** Statements that run in order; the last returns one row with one text. */
export type Probe = readonly string[];

export type ProbeResult =
  | { readonly kind: 'accepted'; readonly text: string | null }
  | ({ readonly kind: 'refused' } & Refusal);

/** The error fields of a refused statement. */
export interface Refusal {
  readonly code: string;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
}

/**
 * Runs the probes, and rolls back their effects. Returns the results in the order of the probes. The session must be inside a transaction.
 * @throws {VerifierSqlError} when a probe is invalid SQL.
 */
export async function runProbes(session: Session, probes: readonly Probe[]): Promise<ProbeResult[]> {
  if (probes.length === 0) return [];
  await session.query(`select set_config('verify.probes', $1, true)`, [JSON.stringify(probes)]);
  await runVerifierSql(session.query(BLOCK));
  const { rows } = await session.query(`select current_setting('verify.results') as results`);
  const results = Results.parse(JSON.parse(String(rows[0]?.['results'])));
  return results.map((result, index) => toResult(result, probes[index]));
}

/** Runs the probe of each attempt, and returns the findings that `toFindings` makes of the results. */
export async function runEach<T extends { readonly probe: Probe }>(
  session: Session,
  attempts: readonly T[],
  toFindings: (attempt: T, result: ProbeResult) => Finding[],
): Promise<Finding[]> {
  const probes = attempts.map(({ probe }) => probe);
  const results = await runProbes(session, probes);
  // There is a result for each probe.
  return attempts.flatMap((attempt, index) => toFindings(attempt, results[index] as ProbeResult));
}

/** The SQLSTATE with which the block rolls back a probe that PostgreSQL accepted. */
const ACCEPTED = 'VFYOK';

const BLOCK = `do $verify$
declare
  probe json; statements text[]; result text; results json[] := '{}';
  code text; relation text; field text; rule text; context text; message text;
begin
  for probe in select value from json_array_elements(current_setting('verify.probes')::json) loop
    result := null;
    begin
      statements := array(select json_array_elements_text(probe));
      for i in 1 .. cardinality(statements) - 1 loop
        execute statements[i];
      end loop;
      execute statements[cardinality(statements)] into result;
      raise exception using errcode = '${ACCEPTED}';
    exception when others then
      get stacked diagnostics code = returned_sqlstate, relation = table_name, field = column_name,
        rule = constraint_name, context = pg_exception_context, message = message_text;
      results := results || json_build_object('code', code, 'table', relation, 'column', field, 'constraint', rule,
        'context', context, 'message', message, 'text', result);
    end;
  end loop;
  perform set_config('verify.results', array_to_json(results)::text, true);
end $verify$`;

const Results = z.array(
  z.object({
    code: z.string(),
    table: z.string(),
    column: z.string(),
    constraint: z.string(),
    context: z.string(),
    message: z.string(),
    text: z.string().nullable(),
  }),
);

function toResult(result: z.infer<typeof Results>[number], probe: Probe = []): ProbeResult {
  const { code, table, column, constraint, context, message, text } = result;
  if (code === ACCEPTED) return { kind: 'accepted', text };
  // The context names the block above. If it names a second function, the invalid SQL is in a trigger of the database, not in the verifier.
  if (isInvalidSql(code) && (context.match(/^PL\/pgSQL function|^SQL function/gm) ?? []).length < 2) {
    throw new VerifierSqlError(`${message} (SQLSTATE ${code}) in: ${probe.join('; ')}`);
  }
  const names = { table: table || undefined, column: column || undefined, constraint: constraint || undefined };
  return { kind: 'refused', code, ...names };
}

/** The SQLSTATEs of constraints that PostgreSQL checks before foreign keys. */
export const CHECKED_BEFORE_FOREIGN_KEYS = new Set<string>([CHECK_VIOLATION, UNIQUE_VIOLATION, EXCLUSION_VIOLATION]);

/** The result for messages, such as `accepted` or `refused with 23505 by book_isbn_key`. */
export function describeResult(result: ProbeResult): string {
  if (result.kind === 'accepted') return 'accepted';
  const { code, constraint, column } = result;
  const names = [constraint && `by ${constraint}`, column && `for ${column}`].filter(Boolean).join(' ');
  return `refused with ${code} ${names}`.trim();
}
