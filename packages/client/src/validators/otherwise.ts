/** What a form says beside a field. Zod's own words, `Invalid input: expected string, received undefined`, are for developers. */

/** The message for a value of another kind than the schema's; for none at all, `Required`. */
export function otherwise(message: string) {
  return { error: ({ input }: { readonly input?: unknown }) => ((input ?? null) === null ? 'Required' : message) };
}
