/** An update changes something: one that names no column would still move `updated_at`. */

/** Whether at least one column gets a value. A caller without types may have none at all. */
export function changesSomething(patch: object | null | undefined): boolean {
  return Object.values(patch ?? {}).some((value) => value !== undefined);
}

export const CHANGES_NOTHING = 'Give at least one column a value';

/** @throws {TypeError} when no column gets a value. */
export function requireChange(patch: object): void {
  if (!changesSomething(patch)) throw new TypeError(CHANGES_NOTHING);
}
