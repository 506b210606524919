/** Describes one difference of a live database (`have`) from the wanted one (`want`) in one line. */
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
      const [haveExcerpt, wantExcerpt] = shortenToDifference(toOneLine(have), toOneLine(want));
      return `${subject}: ${displayAttribute(attribute ?? '')} is ${haveExcerpt}, wanted ${wantExcerpt}`;
    }
    default:
      return change satisfies never;
  }
}

/** Such as `column order` for `columnOrder`. */
function displayAttribute(attribute: string): string {
  return DISPLAYED[attribute] ?? attribute.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The attributes whose names are no nouns in the singular. */
const DISPLAYED: Readonly<Record<string, string>> = {
  inheritedBy: 'list of child tables',
  installedIn: 'schema',
  missingForCurrentRole: 'list of privileges that this role lacks',
  missingForOwner: 'list of privileges that the owner lacks',
  ownedBy: 'owning column',
  toastOptions: 'list of TOAST options',
};

/** Such as `column invoice.title`, or `table app.event` in another schema than `public`. */
function subjectOf({ kind, schema, table, name }: Difference): string {
  // The name of a table repeats `table`. Other objects may have no table, and the comment of a table has no name.
  const hasBothNames = kind !== 'table' && table !== '' && name !== '';
  const names = hasBothNames ? [table, name] : [name || table];
  const isNamedBySchema = kind === 'schema' || name === `schema ${schema}`;
  const isSchemaOmitted = schema === '' || schema === 'public' || isNamedBySchema;
  return `${kind} ${[...(isSchemaOmitted ? [] : [schema]), ...names].join('.')}`;
}

function toOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

const EXCERPT_MAX = 160;
const CONTEXT_LENGTH = 40;

/** Shortens two long texts to the part in which they differ, with a few words around it. */
function shortenToDifference(have: string, want: string): [haveExcerpt: string, wantExcerpt: string] {
  if (have.length <= EXCERPT_MAX && want.length <= EXCERPT_MAX) return [have, want];
  let equalStart = 0;
  while (equalStart < have.length && have[equalStart] === want[equalStart]) equalStart += 1;
  const equalEndMax = Math.min(have.length, want.length) - equalStart;
  let equalEnd = 0;
  while (equalEnd < equalEndMax && have.at(-1 - equalEnd) === want.at(-1 - equalEnd)) equalEnd += 1;
  const excerptOf = (text: string) => {
    const start = Math.max(0, equalStart - CONTEXT_LENGTH);
    const end = Math.min(text.length, text.length - equalEnd + CONTEXT_LENGTH);
    return `${start > 0 ? '… ' : ''}${text.slice(start, end).trim()}${end < text.length ? ' …' : ''}`;
  };
  return [excerptOf(have), excerptOf(want)];
}
