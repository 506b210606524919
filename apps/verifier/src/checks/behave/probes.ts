/**
 * Runs many statements in one round trip, each in a subtransaction that is rolled back, and returns the result of each.
 *
 * A PL/pgSQL block does this. Because a block has no parameters and returns no rows, statements and answers are passed in
 * settings that last for the transaction.
 */
import { z } from 'zod';

import type { Session } from '@todo/client';

import type { Finding } from '../../check.ts';
import { isInvalidSql, OwnSqlError, runOwnSql } from '../../own-sql.ts';

/** Statements that run in order; the last returns one row with one text. */
export type Probe = readonly string[];

export type ProbeResult =
  | { readonly kind: 'taken'; readonly text: string | null }
  | ({ readonly kind: 'refused' } & Refusal);

/** The error fields of a refused statement. */
export interface Refusal {
  readonly code: string;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
}

/**
 * The answers in the order of the probes, whose effects are rolled back. The session must be inside a transaction.
 * @throws {OwnSqlError} when a probe is invalid SQL.
 */
export async function runProbes(session: Session, probes: readonly Probe[]): Promise<ProbeResult[]> {
  if (probes.length === 0) return [];
  await session.query(`select set_config('verify.probes', $1, true)`, [JSON.stringify(probes)]);
  await runOwnSql(session.query(BLOCK));
  const { rows } = await session.query(`select current_setting('verify.answers') as answers`);
  return Results.parse(JSON.parse(String(rows[0]?.['answers']))).map((result, index) =>
    toResult(result, probes[index]),
  );
}

/** The findings of `judge` about each attempt and the answer to its probe. */
export async function runEach<T>(
  session: Session,
  attempts: readonly T[],
  toProbe: (attempt: T) => Probe,
  toFindings: (attempt: T, result: ProbeResult | undefined) => Finding[],
): Promise<Finding[]> {
  const results = await runProbes(session, attempts.map(toProbe));
  return attempts.flatMap((attempt, index) => toFindings(attempt, results[index]));
}

const BLOCK = `do $verify$
declare
  probe json; statements text[]; answer text; answers json[] := '{}';
  code text; relation text; field text; rule text; context text; message text;
begin
  for probe in select value from json_array_elements(current_setting('verify.probes')::json) loop
    answer := null;
    begin
      statements := array(select json_array_elements_text(probe));
      for i in 1 .. cardinality(statements) - 1 loop
        execute statements[i];
      end loop;
      execute statements[cardinality(statements)] into answer;
      raise exception using errcode = 'VFYOK';
    exception when others then
      get stacked diagnostics code = returned_sqlstate, relation = table_name, field = column_name,
        rule = constraint_name, context = pg_exception_context, message = message_text;
      answers := answers || json_build_object('code', code, 'table', relation, 'column', field, 'constraint', rule,
        'context', context, 'message', message, 'text', answer);
    end;
  end loop;
  perform set_config('verify.answers', array_to_json(answers)::text, true);
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
  if (code === 'VFYOK') return { kind: 'taken', text };
  // An error inside a trigger of the database is not our bug: then the context names a second function.
  if (isInvalidSql(code) && (context.match(/^PL\/pgSQL function|^SQL function/gm) ?? []).length < 2) {
    throw new OwnSqlError(`${message} (SQLSTATE ${code}) in: ${probe.join('; ')}`);
  }
  return {
    kind: 'refused',
    code,
    table: table || undefined,
    column: column || undefined,
    constraint: constraint || undefined,
  };
}

/** PostgreSQL checks CHECK, unique and exclusion constraints before foreign keys. */
export const CHECKED_BEFORE_FOREIGN_KEYS: ReadonlySet<string> = new Set(['23514', '23505', '23P01']);

export function describeResult(result: ProbeResult | undefined): string {
  if (result === undefined || result.kind === 'taken') return 'accepted';
  const { code, constraint, column } = result;
  const by = [constraint && `by ${constraint}`, column && `for ${column}`].filter(Boolean).join(' ');
  return `refused with ${code} ${by}`.trim();
}
