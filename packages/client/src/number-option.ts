/** Checks numeric options of a client. With a wrong number, a timer fires at once, or a pool has no connections. */

/** The longest timeout of a timer, in milliseconds: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
export const TIMER_MAX_MS = 2_147_483_647;

/** @throws {RangeError} when `value` is not a number between `min` and `max`. */
export function requireNumber(option: string, value: number, min: number, max: number = TIMER_MAX_MS): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`\`${option}\` must be a number from ${min} to ${max}.`);
}
