/** The app's error for each violated constraint. A constraint that is not listed causes `unique-violation` or `reference-missing`. */
import type { ConstraintErrors } from '@todo/client/errors';

export const constraintErrors = {
  idx_user_email_unique: { kind: 'email-taken', message: 'Another user has this e-mail address' },
  todo_user_id_fkey: { kind: 'owner-missing', message: 'The owner of the todo does not exist' },
} as const satisfies ConstraintErrors;
