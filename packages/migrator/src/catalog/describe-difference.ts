/** Describes one difference in one line. */
import type { Difference } from './difference.ts';

/** Such as `column invoice.title: type is text, wanted character varying(200)`. The schema is named unless it is `public`. */
export function describeDifference(difference: Difference): string {
  const { change, attribute, have = '', want = '' } = difference;
  const subject = subjectOf(difference);
  switch (change) {
    case 'missing':
      return `${subject}: missing, wanted ${toOneLine(want)}`;
    case 'extra':
      return `${subject}: not wanted, is ${toOneLine(have)}`;
    case 'renamed':
      return `${subject}: is named ${have}`;
    case 'changed': {
      const [is, wanted] = shortenToDifference(toOneLine(have), toOneLine(want));
      return `${subject}: ${attribute} is ${is}, wanted ${wanted}`;
    }
    default:
      return change satisfies never;
  }
}

function subjectOf({ kind, schema, table, name }: Difference): string {
  const path = kind === 'table' || table === '' || name === '' ? [name || table] : [table, name];
  const isNamedBySchema = kind === 'schema' || name === `schema ${schema}`;
  const isPlain = schema === '' || schema === 'public' || isNamedBySchema;
  return `${kind} ${[...(isPlain ? [] : [schema]), ...path].join('.')}`;
}

function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

const EXCERPT_MAX = 160;

/** Shortens two long texts to the part in which they differ, with a few words around it. */
function shortenToDifference(have: string, want: string): [string, string] {
  if (have.length <= EXCERPT_MAX && want.length <= EXCERPT_MAX) return [have, want];
  let start = 0;
  while (start < have.length && have[start] === want[start]) start += 1;
  let end = 0;
  while (end < Math.min(have.length, want.length) - start && have.at(-1 - end) === want.at(-1 - end)) end += 1;
  const shorten = (text: string) => {
    const [from, to] = [Math.max(0, start - CONTEXT_LENGTH), Math.min(text.length, text.length - end + CONTEXT_LENGTH)];
    return `${from > 0 ? '… ' : ''}${text.slice(from, to).trim()}${to < text.length ? ' …' : ''}`;
  };
  return [shorten(have), shorten(want)];
}

const CONTEXT_LENGTH = 40;
