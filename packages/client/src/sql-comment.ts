/**
 * Adds comments to statements, in the format of sqlcommenter: https://open-telemetry.github.io/opentelemetry-sqlcommenter/specifications.
 * PostgreSQL shows them in its log and in `pg_stat_activity`.
 */
import type { StatementComment } from './requests/statement-comment.ts';

export type { StatementComment } from './requests/statement-comment.ts';

/** Well-known keys are `route`, `action`, `controller`, `framework`, `application`, `traceparent`. An undefined value is left out. */
export type CommentTags = Readonly<Record<string, string | undefined>>;

/**
 * Creates the `comment` option of a client. Keys and values are URL-encoded, so that they cannot end the comment. A statement that already
 * has a comment stays as it is.
 * @param tags Called for each statement, when it is sent.
 * @example
 * const db = connectHttp(url, { comment: sqlComment(() => ({ route: routeOfRequest(), traceparent: traceparent() })) });
 */
export function sqlComment(tags: () => CommentTags): StatementComment {
  return (statement) => {
    // `--` in a string also counts: a comment that is missing does no harm.
    if (/--|\/\*/.test(statement)) return statement;
    // Leave out values of another type, which a JavaScript caller may give.
    const pairs = Object.entries<unknown>(Object(tags()))
      .flatMap(([key, value]) => (typeof value === 'string' ? [[encodeTag(key), encodeTag(value)] as const] : []))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => `${key}='${value}'`);
    if (pairs.length === 0) return statement;
    const trimmed = trimEnd(statement);
    const hasSemicolon = trimmed.endsWith(';');
    return `${trimEnd(hasSemicolon ? trimmed.slice(0, -1) : trimmed)} /*${pairs.join(',')}*/${hasSemicolon ? ';' : ''}`;
  };
}

/** Removes PostgreSQL's white space at the end. A regular expression would take quadratic time for many spaces inside the statement. */
function trimEnd(text: string): string {
  let length = text.length;
  while (length > 0 && ' \t\r\n\f\v'.includes(text.charAt(length - 1))) length -= 1;
  return text.slice(0, length);
}

/** URL-encodes a key or a value. The result has no `/` and no unescaped quote. */
function encodeTag(text: string): string {
  // A lone surrogate cannot be encoded.
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')).replaceAll("'", String.raw`\'`);
}
