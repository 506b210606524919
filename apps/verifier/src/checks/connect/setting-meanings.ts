/** The effect of a setting on a session. To add one, add a row to `MEANINGS`. */
import type { Finding, Severity } from '../../check.ts';

type Meaning = Pick<Finding, 'severity' | 'why' | 'follows'>;

/**
 * The parts of a finding about a setting: severity, consequence, and the checks that report the same cause. Undefined if the setting
 * changes no result. An unknown setting is a warning, with the `why` of the check.
 */
export function meaningOf(name: string, value: string): Meaning | undefined {
  if (HARMLESS_NAMES.test(name)) return undefined;
  if (name.endsWith('_timeout')) return timeoutMeaning(name, value);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(name));
  if (meaning === undefined) return { severity: 'warning' };
  const [, severity, why, ...follows] = meaning;
  if (HARMLESS_VALUES.test(`${name}=${value}`)) return undefined;
  return { severity, why, follows };
}

/** Names of settings that change no result. A name with a dot belongs to an extension; `connect/search-path` reports search_path. */
const HARMLESS_NAMES =
  /\.|^(application_name|log_.*|client_min_messages|.*work_mem|temp_buffers|hash_mem_multiplier|track_.*|(?!jit).*_cost|effective_.*|maintenance_io_concurrency|commit_(delay|siblings)|max_stack_depth|max_parallel_.*|default_statistics_target|vacuum_.*|tcp_.*|debug_print_.*|gin_.*|search_path|compute_query_id|(deadlock|authentication|wal_sender|wal_receiver)_timeout)$/;

/** `follows` are checks that report the same cause. */
const MEANINGS: readonly (readonly [name: RegExp, severity: Severity, why: string, ...follows: string[]])[] = [
  [
    /^session_replication_role$/,
    'error',
    'Foreign keys and triggers do not fire: orphan rows appear, nothing cascades.',
  ],
  [
    /^default_transaction_read_only$/,
    'error',
    'Every write fails (SQLSTATE 25006, read_only_sql_transaction).',
    'connect/writable',
  ],
  [
    /^default_transaction_/,
    'error',
    'The code expects READ COMMITTED. Transactions see other rows, wait, or fail (SQLSTATE 40001, serialization_failure).',
  ],
  [/^synchronous_commit$/, 'error', 'A committed transaction may be lost in a crash.'],
  [/^role$|^session_authorization$/, 'error', 'Statements run as another role.'],
  [
    /^standard_conforming_strings$|^backslash_quote$/,
    'error',
    'A backslash in a string literal has another meaning.',
    'connect/server',
  ],
  [/^row_security$/, 'error', 'Queries on tables with row security fail.'],
  [/^transform_null_equals$/, 'error', 'Comparisons with NULL give other results.'],
  [/^array_nulls$/, 'error', 'NULL in the text of an array is read as a word.'],
  [/^enable_|^plan_cache_mode$|^jit|^geqo|_collapse_limit$/, 'warning', 'The planner cannot choose the best plan.'],
  [
    /^timezone$|style$|^lc_|^extra_float_digits$|^bytea_output$|^xml/i,
    'warning',
    'Values have another text form, and code that parses the text reads wrong values.',
  ],
  [/^client_encoding$/, 'warning', 'Characters outside this encoding fail (SQLSTATE 22P05, untranslatable_character).'],
  [/_preload_libraries$/, 'error', 'Code is loaded into each session.'],
];

/** Common values that differ from PostgreSQL's defaults but change nothing for the code. */
const HARMLESS_VALUES =
  /^(timezone=(etc\/)?(utc|gmt)|datestyle=iso|client_encoding=(utf-?8|unicode)|extra_float_digits=[123])$/i;

/** A timeout below a second is an error. A longer one is a common precaution, but the code may not expect it. */
function timeoutMeaning(name: string, value: string): Meaning | undefined {
  const ms = toMilliseconds(value);
  const why = `PostgreSQL cancels a statement or ends a session after ${value} (${name}).`;
  return ms === 0 ? undefined : { severity: ms < 1000 ? 'error' : 'warning', why };
}

/** The milliseconds of a time such as `30s`. A number without a unit is in milliseconds. */
function toMilliseconds(value: string): number {
  const [, number = '0', unit = 'ms'] = /^([\d.]+)\s*(us|ms|s|min|h|d)?$/.exec(value.trim()) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'ms'];
}
