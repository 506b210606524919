/** Checks that an update changes something. An update without columns would still change `updated_at`. */

/** Whether at least one column has a value. A JavaScript caller may pass something else than an object. */
export function hasChange(patch: object | null | undefined): boolean {
  return Object.values(patch ?? {}).some((value) => value !== undefined);
}

export const CHANGES_NOTHING = 'Give at least one column a value';

/** @throws {TypeError} when no column has a value. */
export function requireChange(patch: object): void {
  if (!hasChange(patch)) throw new TypeError(CHANGES_NOTHING);
}
