/** Templates for HTML and XML. Values are escaped, unless they are markup. */
import { escapeUTF8 } from 'entities/escape';

export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Value = string | number | Markup | undefined | readonly Value[];

/** `<b>${text}</b>`. Lists are joined, undefined becomes empty. Attributes must be in double quotes. */
export function markup(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(parts.map((part, index) => part + toMarkup(values[index])).join(''));
}

function toMarkup(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return escapeUTF8(String(value).replaceAll(INVALID_CHARACTERS, '\uFFFD'));
}

/** Characters that XML 1.0 does not allow, and lone surrogates. https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex -- the pattern must match control characters
const INVALID_CHARACTERS = /[\0-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;
