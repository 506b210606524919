/** The literals of an SQL expression, as PostgreSQL prints it. */

export interface Literals {
  /** String literals, the elements of array literals among them. */
  readonly strings: readonly string[];
  /** Numbers, those in quotes among them: PostgreSQL prints -5 as '-5'::integer. */
  readonly numbers: readonly number[];
}

const STRING = /(E?)'((?:[^'\\]|''|\\.)*)'/g;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

export function literalsOf(expressions: readonly string[]): Literals {
  const texts = expressions.flatMap((expression) =>
    [...expression.matchAll(STRING)].map(([, escape, body = '']) => unquoted(body, escape === 'E')),
  );
  const strings = unique([...texts, ...texts.flatMap(elementsOf)]);
  // What is left after strings and names are gone.
  const rest = expressions.map((expression) =>
    expression.replaceAll(STRING, ' ').replaceAll(/"[^"]*"|[\p{L}_][\w$]*/gu, ' '),
  );
  const numbers = [
    ...rest.flatMap((text) => text.match(/\d+(?:\.\d+)?/g) ?? []),
    ...strings.filter((text) => NUMBER.test(text)),
  ];
  return { strings, numbers: unique(numbers.map(Number)) };
}

export const unique = <T>(items: Iterable<T>): T[] => [...new Set(items)];

function unquoted(body: string, isEscape: boolean): string {
  const text = body.replaceAll("''", "'");
  return isEscape ? text.replaceAll(/\\(.)/gs, '$1') : text;
}

/** Of '{a,b}', a and b. */
function elementsOf(text: string): string[] {
  const body = /^\{(.+)\}$/s.exec(text)?.[1];
  return body === undefined ? [] : body.split(',').map((part) => part.trim().replaceAll(/^"|"$/g, ''));
}
