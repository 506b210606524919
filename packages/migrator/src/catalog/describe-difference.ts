/** One line for people about one difference. */
import type { Difference } from './compare-catalogs.ts';

/** Such as `column invoice.title: type is text, wanted character varying(200)`. */
export function describeDifference(difference: Difference): string {
  const { kind, table, name, change, attribute, have, want } = difference;
  const subject = `${kind} ${kind === 'table' || table === '' ? name : `${table}.${name}`}`;
  switch (change) {
    case 'missing':
      return `${subject}: missing, wanted ${want}`;
    case 'extra':
      return `${subject}: not wanted, is ${have}`;
    case 'renamed':
      return `${subject}: is named ${have}`;
    case 'changed':
      return `${subject}: ${attribute} is ${have}, wanted ${want}`;
    default:
      return change satisfies never;
  }
}
