/** Writes an array in PostgreSQL's text format: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */

/**
 * The text of an array.
 * @param elements Null and undefined are NULL.
 * @param isNested Whether the elements are arrays themselves, in this format.
 */
export function arrayText(elements: readonly (string | null | undefined)[], isNested = false): string {
  let text = '{';
  for (let index = 0; index < elements.length; index += 1) {
    if (index > 0) text += ',';
    const element = elements[index] ?? null;
    if (element === null) text += 'NULL';
    else text += isNested ? element : quote(element);
  }
  return `${text}}`;
}

/** Quotes an element. Most texts have no special character, and are copied without a replacement. */
function quote(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}

const SPECIAL = /["\\]/;
