/** Decides which statements can be sent again when it is unknown whether they ran. */

/**
 * Whether a statement certainly only reads: a query of clauses and of functions that are known to change nothing. A statement with anything
 * else, such as a function of your own or a comment, counts as a write. A read that is taken for a write costs a retry; a write that is
 * taken for a read costs data.
 */
export function isReadOnly(statement: string): boolean {
  // Escape strings, dollar quotes and comments end by other rules than the quotes below.
  if (/\be'|\$\w*\$|--|\/\*/i.test(statement)) return false;
  // Quoted names and texts may contain anything. They become `?`; a quoted name of a function is then in no list.
  const bare = statement.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '?').toLowerCase();
  if (!/^[\s(]*(?:select|with|values|table|show)\b/.test(bare)) return false;
  if (/;(?!\s*$)|\b(?:insert|update|delete|merge|into|call|share|copy)\b/.test(bare)) return false;
  const wordsBeforeParentheses = [...bare.matchAll(/([\w.?]+)\s*\(/g)];
  return wordsBeforeParentheses.every(([, word = '']) => CLAUSES.has(word) || READING_FUNCTIONS.has(word));
}

/** Keywords that may be followed by a parenthesis. */
const CLAUSES = wordsOf(`
  all and any array as between by case distinct else except exists filter from having ilike in intersect
  join lateral like limit materialized not offset on or over select some then union using values when where
`);

/** PostgreSQL functions that an app reads with. `nextval`, `set_config`, `pg_notify` and lock functions are not in the list. */
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
