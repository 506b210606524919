/** Extracts the literals of an SQL expression, as PostgreSQL prints it. */

export interface Literals {
  /** String literals, with the elements of array literals. */
  readonly strings: readonly string[];
  /** Numbers, also quoted ones: PostgreSQL prints -5 as '-5'::integer. */
  readonly numbers: readonly number[];
}

/** A string literal: its E prefix and its body. */
const STRING = /(E?)'((?:[^'\\]|''|\\.)*)'/g;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

export function literalsOf(expressions: readonly string[]): Literals {
  const texts = expressions.flatMap((expression) =>
    [...expression.matchAll(STRING)].map(([, escape, body = '']) => unescapeLiteral(body, escape === 'E')),
  );
  const strings = removeDuplicates([...texts, ...texts.flatMap(elementsOf)]);
  const withoutStringsAndNames = expressions.map((expression) =>
    expression.replaceAll(STRING, ' ').replaceAll(/"[^"]*"|[\p{L}_][\w$]*/gu, ' '),
  );
  const numbers = [
    ...withoutStringsAndNames.flatMap((text) => text.match(/\d+(?:\.\d+)?/g) ?? []),
    ...strings.filter((text) => NUMBER.test(text)),
  ];
  return { strings, numbers: removeDuplicates(numbers.map(Number)) };
}

export const removeDuplicates = <T>(items: Iterable<T>): T[] => [...new Set(items)];

function unescapeLiteral(body: string, isEscape: boolean): string {
  const text = body.replaceAll("''", "'");
  return isEscape ? text.replaceAll(/\\(.)/gs, '$1') : text;
}

/** For the array literal '{a,b}': a and b. None for another text. */
function elementsOf(text: string): string[] {
  const body = /^\{(.+)\}$/s.exec(text)?.[1];
  return body === undefined ? [] : body.split(',').map((part) => part.trim().replaceAll(/^"|"$/g, ''));
}
