/** Reads and writes the time of day and the UTC offset in a text of `time` or `timestamp`. */
import type { Refusal } from './canonical-text.ts';

export interface TimeOfDay {
  /** Seconds since midnight. */
  readonly seconds: number;
  /** The decimals of the second, without trailing zeros. */
  readonly fraction: string;
  /** Seconds east of UTC. Undefined when the text has no offset. */
  readonly offset: number | undefined;
}

/** Reads a time of day, including 24:00:00; undefined for another text. */
export function readTimeOfDay(text: string): TimeOfDay | undefined {
  const [match, hours, minutes, seconds = '0', fraction = '', offset] = TIME.exec(text) ?? [];
  if (match === undefined) return undefined;
  const wholeSeconds = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  const decimals = fraction.replace(/0+$/, '');
  const isWithinDay = wholeSeconds < SECONDS_OF_DAY || (wholeSeconds === SECONDS_OF_DAY && decimals === '');
  if (!isWithinDay || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (offset === undefined) return { seconds: wholeSeconds, fraction: decimals, offset };
  const secondsEast = parseOffset(offset);
  return secondsEast === undefined ? undefined : { seconds: wholeSeconds, fraction: decimals, offset: secondsEast };
}

/** A time as PostgreSQL writes it: `13:45:00.5`. */
export function clockText(seconds: number, fraction: string): string {
  const fields = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${fields.map(twoDigits).join(':')}${fraction === '' ? '' : `.${fraction}`}`;
}

/** An offset as PostgreSQL writes it: `+02`, `-05:30` or `+00:53:28`. */
export function offsetText(secondsEast: number): string {
  const seconds = Math.abs(secondsEast);
  const fields = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  while (fields.length > 1 && fields.at(-1) === 0) fields.pop();
  return `${secondsEast < 0 ? '-' : '+'}${fields.map(twoDigits).join(':')}`;
}

/** The refusal of a fraction with too many digits, which PostgreSQL would round; undefined when it is accepted. */
export function refuseTooFine(fraction: string, precision: number = MICROSECONDS): Refusal | undefined {
  if (fraction.length <= precision) return undefined;
  if (precision === 0) return { refused: 'Not a whole second' };
  return { refused: `At most ${precision} decimal${precision === 1 ? '' : 's'} of a second` };
}

export const SECONDS_OF_DAY = 86_400;
/** The decimals of a second that PostgreSQL keeps, unless the column declares another precision. */
const MICROSECONDS = 6;
/** PostgreSQL accepts offsets below 16 hours. */
const OFFSET_MAX = 16 * 3_600;

const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)?$/;

/** Seconds east of UTC; undefined for an offset that PostgreSQL refuses. */
function parseOffset(offset: string): number | undefined {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (offset.slice(1).replaceAll(':', '').match(/\d\d/g) ?? []).map(Number);
  const size = hours * 3_600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || size >= OFFSET_MAX) return undefined;
  // `-00` is 0, not -0.
  return offset.startsWith('-') && size > 0 ? -size : size;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
