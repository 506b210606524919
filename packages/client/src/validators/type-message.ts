/** Messages for users, beside a form field. Zod's own messages (`Invalid input: expected string, …`) are for developers. */

/** The message for a value of the wrong type; `Required` for a missing value. */
export function typeMessage(message: string) {
  return { error: ({ input }: { readonly input?: unknown }) => ((input ?? null) === null ? 'Required' : message) };
}
