/** What a setting does to a session that nobody expects it there. To know one more is one row more. */
import type { Severity } from '../../check.ts';

export interface Meaning {
  readonly severity: Severity;
  readonly why?: string;
  /** The check whose business it is. */
  readonly follows?: string;
}

/** Undefined for what changes neither results nor promises: tuning, logging, and settings of extensions. */
export function meaningOf(name: string, value: string): Meaning | undefined {
  if (HARMLESS.test(name)) return undefined;
  if (name.endsWith('_timeout')) return timeout(name, value);
  const row = MEANINGS.find(([pattern]) => pattern.test(name));
  if (row === undefined) return { severity: 'warning' };
  const [, severity, why, follows] = row;
  if (AS_ON_NEON.test(`${name}=${value}`)) return undefined;
  return { severity, why, ...(follows !== undefined && { follows }) };
}

const HARMLESS =
  /\.|^(application_name|log_.*|client_min_messages|.*work_mem|temp_buffers|hash_mem_multiplier|track_.*|(?!jit).*_cost|effective_.*|maintenance_io_concurrency|commit_(delay|siblings)|max_stack_depth|max_parallel_.*|default_statistics_target|vacuum_.*|tcp_.*|debug_print_.*|gin_.*|search_path|compute_query_id|(deadlock|authentication|wal_sender|wal_receiver)_timeout)$/;

const MEANINGS: readonly (readonly [name: RegExp, severity: Severity, why: string, follows?: string])[] = [
  [
    /^session_replication_role$/,
    'error',
    'Foreign keys and triggers do not fire: orphans come to be, nothing cascades.',
  ],
  [/^default_transaction_read_only$/, 'error', 'Each write fails with 25006.', 'connect/writable'],
  [
    /^default_transaction_/,
    'error',
    'Transactions see other rows, wait, or fail with 40001, where the code expects READ COMMITTED.',
  ],
  [/^synchronous_commit$/, 'error', 'What was acknowledged as committed may be gone after a crash.'],
  [/^role$|^session_authorization$/, 'error', 'Statements run as somebody else.'],
  [
    /^standard_conforming_strings$|^backslash_quote$/,
    'error',
    'A backslash in a string means something else.',
    'connect/server',
  ],
  [/^row_security$/, 'error', 'Queries on tables with row security fail.'],
  [/^transform_null_equals$|^array_nulls$/, 'error', 'NULL compares in another way.'],
  [
    /^enable_|^plan_cache_mode$|^jit|^geqo|_collapse_limit$/,
    'warning',
    'The planner cannot choose the plan that it would.',
  ],
  [
    /^timezone$|style$|^lc_|^extra_float_digits$|^bytea_output$|^xml/i,
    'warning',
    'Values look different as text, and what reads them as text reads others.',
  ],
  [/^client_encoding$/, 'warning', 'Text that this encoding lacks fails with 22P05.'],
  [/_preload_libraries$/, 'error', 'Code is loaded into each session.'],
];

/** What everybody has, though it is not what PostgreSQL has where nobody says anything, or not by the letter. */
const AS_ON_NEON =
  /^(timezone=(etc\/)?(utc|gmt)|datestyle=iso|client_encoding=(utf-?8|unicode)|extra_float_digits=[123])$/i;

/** A limit of seconds and more is a precaution that people take; still the code does not know of it. */
function timeout(name: string, value: string): Meaning | undefined {
  const ms = milliseconds(value);
  const why = `A statement or a transaction that takes longer than ${value} is ended (${name}).`;
  return ms === 0 ? undefined : { severity: ms < 1000 ? 'error' : 'warning', why };
}

function milliseconds(value: string): number {
  const [, number = '0', unit = 'ms'] = /^([\d.]+)\s*(us|ms|s|min|h|d)?$/.exec(value.trim()) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'ms'];
}
