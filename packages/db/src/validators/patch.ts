/** An update changes something: Drizzle leaves `undefined` out, and has no statement for what then remains. */

/** Whether at least one column gets a value. */
export function changesSomething(patch: object): boolean {
  return Object.values(patch).some((value) => value !== undefined);
}

export const CHANGES_NOTHING = 'Give at least one column a value';
