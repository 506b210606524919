/** Which statements may be sent again although nobody knows whether they ran. */

/**
 * Whether a statement certainly only reads: a query made of clauses, and of functions that are known to change nothing. Anything
 * else in it, a function of your own or a comment, makes it count as a write. That costs a retry; the other mistake, data.
 */
export function readsOnly(statement: string): boolean {
  // First the names and texts that could look like anything. Escape strings and dollar quotes end in ways of their own.
  if (/\be'|\$\w*\$|--|\/\*/i.test(statement)) return false;
  const bare = statement.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '?').toLowerCase();
  if (!/^[\s(]*(?:select|with|values|table|show)\b/.test(bare)) return false;
  if (/;(?!\s*$)|\b(?:insert|update|delete|merge|into|call|share|copy)\b/.test(bare)) return false;
  const beforeParentheses = [...bare.matchAll(/([\w.?]+)\s*\(/g)];
  return beforeParentheses.every(([, word = '']) => CLAUSES.has(word) || READING_FUNCTIONS.has(word));
}

const CLAUSES = wordsOf(`
  all and any array as between by case cross distinct else end except exists filter from having ilike in intersect is
  join lateral like limit materialized not offset on or over select some then union using values when where with within
`);

/** Of PostgreSQL's, those that a todo app reads with. `nextval`, `set_config`, `pg_notify` and locks are not among them. */
const READING_FUNCTIONS = wordsOf(`
  abs array_agg array_length array_to_json array_to_string avg bool_and bool_or ceil char_length coalesce concat concat_ws count current_setting date_part
  date_trunc dense_rank encode extract first_value floor format generate_series greatest json_agg json_array_length json_build_array json_build_object
  json_object_agg jsonb_agg jsonb_array_length jsonb_build_array jsonb_build_object lag last_value lead least length lower lpad ltrim max
  md5 min mod now ntile nullif octet_length pg_backend_pid pg_is_in_recovery pg_sleep position rank repeat replace regexp_replace round row_number row_to_json rpad rtrim
  split_part starts_with string_agg strpos substr substring sum to_char to_json to_jsonb to_regclass to_timestamp trim trunc unnest
  upper version
`);

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
